"""`manqin bulletin` and the same for programs: files that open, remarks, refusals, and an event for each export."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from bulletin_halls import MONTH, opened, publish
from click.testing import CliRunner, Result
from docx import Document
from halls import POLICY, do
from openpyxl import load_workbook

from api.cli import main
from api.documents.fonts import fonts_here
from attendance.hall import Hall
from attendance.policy import put_in_force

FIGURE = 2.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    with opened(folder) as ledger:
        publish(ledger.hall, ledger)
    return folder / "hall"


def run(folder: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["--data", str(folder), "bulletin", *(str(argument) for argument in arguments)])


def test_each_format_is_written_as_its_file_s_ending_says(folder: Path, tmp_path: Path):
    for name in ("a.docx", "b.xlsx", *([] if fonts_here().lacking("𠮷") else ["c.pdf"])):
        started = time.monotonic()
        result = run(folder, MONTH, "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert time.monotonic() - started < 3 * FIGURE
    assert any("满勤" in paragraph.text for paragraph in Document(str(tmp_path / "a.docx")).paragraphs)
    assert "汇总" in load_workbook(tmp_path / "b.xlsx").sheetnames


def test_edition_style_and_unit_are_chosen(folder: Path, tmp_path: Path):
    def told(name: str, *options: str) -> str:
        result = run(folder, MONTH, "--out", tmp_path / name, *options)
        assert result.exit_code == 0, result.output
        return "\n".join(paragraph.text for paragraph in Document(str(tmp_path / name)).paragraphs)

    assert "冯〇一" not in told("public.docx", "--edition", "public")
    assert "窗口日常管理情况" in told("notice.docx", "--style", "notice")
    assert "公安局：" in told("unit.docx", "--unit", "公安局")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((MONTH, "--out", "x.txt"), "docx、pdf、xlsx"),
        ((MONTH, "--out", "x.docx", "--style", "gold"), "analysis、notice、performance"),
        ((MONTH, "--out", "x.docx", "--unit", "气象局"), "气象局"),
        ((MONTH, "--out", "x.xlsx", "--unit", "公安局", "--edition", "public"), "没有公开版"),
        (("2026-01", "--out", "nowhere/x.docx"), "写不进文件"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(folder: Path, tmp_path: Path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    result = run(folder, *arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert not list(tmp_path.iterdir())


def test_a_month_nobody_wrote_down_is_a_usage_error(folder: Path):
    assert run(folder, "March", "--out", "x.docx").exit_code == 2


def test_every_export_is_an_event_with_who_when_and_why(folder: Path, tmp_path: Path):
    before = exports(folder)
    run(folder, MONTH, "--out", tmp_path / "a.xlsx", "--reason", "发窗口单位核对")
    run(folder, MONTH, "--out", tmp_path / "u.docx", "--unit", "公安局")
    run(folder, MONTH, "--out", tmp_path / "p.docx", "--edition", "public")
    assert exports(folder)[len(before) :] == [
        ("workbook", "internal", "xlsx", "", "发窗口单位核对", "office"),
        ("unit_sheet", "internal", "docx", "公安局", None, "office"),
        ("bulletin", "public", "docx", "", None, "office"),
    ]


def exports(folder: Path) -> list[tuple[str | None, ...]]:
    hall = Hall.open(folder)
    try:
        return [
            (fact.what, fact.edition, fact.format, fact.unit, hall.opened(fact.reason), entry.actor)
            for entry in hall.book().exports.find("month", MONTH)
            for fact in [entry.fact]
        ]
    finally:
        hall.close()


def test_a_published_month_is_printed_by_its_own_policy_also_when_another_took_its_place(tmp_path: Path):
    def printed(name: str) -> list[str]:
        result = run(tmp_path / "hall", MONTH, "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
        return [paragraph.text for paragraph in Document(str(tmp_path / name)).paragraphs]

    with opened(tmp_path) as ledger:
        publish(ledger.hall, ledger)
        before = printed("before.docx")
        do(ledger.hall, put_in_force, text=POLICY.replace("grace_minutes = 0", "grace_minutes = 9"))
    assert printed("after.docx") == before


def test_nothing_of_the_drawing_is_loaded_before_it_is_needed():
    heavy = "typst docx xlsxwriter fontTools lxml"
    code = f"import sys, api.cli, api.commands.bulletin; print([n for n in '{heavy}'.split() if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
