"""The command line as a program: what it prints where, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from halls import POLICY
from offices import GOOD, as_csv

from api.imports.folder import load_folder
from attendance.hall import Hall

ROOT = Path(__file__).parents[2]


def manqin(*words: object, language: str = "en", **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "MANQIN_LANG": language, **environment}
    code = "from api.cli import main; main(prog_name='manqin')"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, env=settings, check=False
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Hall.found(tmp_path / "hall", POLICY).close()
    return tmp_path / "hall"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return as_csv(tmp_path / "office", GOOD)


@pytest.fixture
def loaded(data: Path, office: Path) -> Path:
    """The folder of a hall with a month in it."""
    hall = Hall.open(data)
    load_folder(hall, office)
    hall.close()
    return data


def test_init_names_the_keys_it_does_not_apply_and_refuses_a_second_hall(tmp_path: Path):
    first = manqin("init", "--data", tmp_path / "hall")
    assert (first.returncode, first.stdout) == (0, "")
    assert "leave.approval" in first.stderr
    second = manqin("init", "--data", tmp_path / "hall", language="zh")
    assert second.returncode == 1
    assert second.stderr == f"{tmp_path / 'hall'} 里已经有一个大厅了。要另建，请换一个空文件夹。\n"


def test_init_under_a_broken_policy_founds_nothing(tmp_path: Path):
    policy = tmp_path / "policy.toml"
    policy.write_text("[meta\n", encoding="utf-8")
    refused = manqin("init", "--policy", policy, "--data", tmp_path / "hall")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The policy is not a valid TOML file")
    assert not (tmp_path / "hall").exists()


def test_load_tells_people_on_stderr_and_programs_on_stdout(data: Path, office: Path):
    with (office / "staff.csv").open("a", encoding="utf-8") as file:
        file.write("103,周宁,海关窗口,,,,,\n")
    loaded = manqin("--data", data, "load", office, "--json")
    assert loaded.returncode == 0
    report = json.loads(loaded.stdout)
    staff = next(told for told in report["files"] if told["file"] == "staff.csv")
    assert (staff["new"], report["refused"]) == (4, 1)
    assert (staff["refused"][0]["row"], staff["refused"][0]["column"]) == (6, "window")
    assert staff["refused"][0]["message"] in loaded.stderr


def test_load_says_each_refused_row_in_chinese_first(data: Path, tmp_path: Path):
    (tmp_path / "staff.csv").write_text("工号,姓名,窗口\n103,周宁,海关窗口\n", encoding="utf-8")
    loaded = manqin("load", tmp_path, "--data", data, language="zh")
    assert (loaded.returncode, loaded.stdout) == (0, "")
    assert "staff.csv 第 2 行 「窗口」：没有登记“海关窗口”这个窗口。" in loaded.stderr


def test_the_hall_may_be_named_by_the_environment(data: Path, office: Path):
    assert manqin("load", office, MANQIN_DATA=str(data)).returncode == 0


def test_days_and_the_month_come_as_json_alone(loaded: Path):
    days = manqin("days", "2026-03", "--json", "--staff", "101", "--data", loaded)
    assert (days.returncode, days.stderr) == (0, "")
    assert {day["no"] for day in json.loads(days.stdout)} == {"0101"}
    month = manqin("month", "2026-03", "--json", "--data", loaded)
    assert json.loads(month.stdout)["month"] == "2026-03"


def test_the_month_as_of_a_position_or_under_another_policy_records_nothing(loaded: Path, tmp_path: Path):
    def month(*words: object) -> dict:
        return json.loads(manqin("month", "2026-03", "--json", "--data", loaded, *words).stdout)

    now = month()
    other = tmp_path / "other.toml"
    other.write_text(POLICY.replace("absent_half_day_points = 5.0", "absent_half_day_points = 9.0"), encoding="utf-8")
    what_if = month("--policy", other)
    assert what_if["policy"]["sha256"] != now["policy"]["sha256"]
    assert what_if["windows"][0]["deductions"] != now["windows"][0]["deductions"]
    then = month("--as-of", "2")
    assert (then["as_of"]["position"], then["windows"]) == (2, [])
    assert month() == now


def test_a_year_nought_is_no_month_and_a_damaged_policy_says_how_to_save_it(loaded: Path, tmp_path: Path):
    assert manqin("month", "0000-01", "--data", loaded).returncode == 2
    other = tmp_path / "other.toml"
    other.write_bytes(POLICY.encode("gb18030"))
    told = manqin("month", "2026-03", "--policy", other, "--data", loaded)
    assert (told.returncode, "save it as UTF-8" in told.stderr) == (1, True)


def test_an_export_of_a_terminal_says_what_became_of_its_lines(data: Path, tmp_path: Path):
    assert manqin("terminals", "accept", "a001", "--data", data).returncode == 0
    export = tmp_path / "1_attlog.dat"
    export.write_bytes(
        b"      101\t2026-03-03 09:00:00\t1\t0\t1\t0\r\n" * 2 + b"      101\t1971--10--29 -23:-59:-53\t1\t0\t1\t0\r\n"
    )
    told = manqin("import", "attlog", export, "--terminal", "A001", "--json", "--data", data)
    assert json.loads(told.stdout) == {"accepted": 1, "repeated": 1, "quarantined": 1}
    unlisted = manqin("import", "attlog", export, "--terminal", "B002", "--data", data)
    assert (unlisted.returncode, "“B002” is not registered" in unlisted.stderr) == (1, True)


def test_terminals_are_listed_bound_and_given_a_secret(data: Path):
    assert manqin("terminals", "accept", "A001", "--zone", "+08:00", "--name", "东门", "--data", data).returncode == 0
    assert manqin("terminals", "bind", "A001", "192.168.1.20", "--data", data).returncode == 0
    [listed] = json.loads(manqin("terminals", "list", "--json", "--data", data).stdout)
    assert (listed["sn"], listed["state"], listed["name"]) == ("A001", "accepted", "东门")
    first, second = (manqin("terminals", "secret", "A001", "--data", data).stdout for _ in range(2))
    assert first.startswith("/t/")
    assert first != second
    assert manqin("terminals", "secret", "B002", "--data", data).returncode == 1


def test_rebuild_says_how_far_it_came(loaded: Path):
    rebuilt = manqin("rebuild", "--data", loaded)
    assert (rebuilt.returncode, rebuilt.stdout) == (0, "")
    assert "position" in rebuilt.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["days", "2026-03"], 1, "There is no hall in"),
        (["load", "nowhere"], 1, "There is no hall in"),
        (["bulletin", "2026-03", "--out", "a.pdf"], 1, "There is no hall in"),
        (["verify"], 1, "“verify” is not there yet"),
        (["days", "2026-13"], 2, "is no month"),
        (["month", "2026-03", "--as-of", "noon"], 2, "neither a position"),
        (["dance"], 2, "dance"),
    ],
)
def test_what_cannot_be_done_says_why_and_ends_with_1_or_2(tmp_path: Path, words: list[str], code: int, said: str):
    ended = manqin("--data", tmp_path / "none", *words)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_folder_the_usage_is_told():
    ended = manqin("rebuild")
    assert ended.returncode == 2
    assert "--data" in ended.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_names_every_command_without_importing_them(language: str):
    told = manqin("--help", language=language)
    assert told.returncode == 0
    for command in ("init", "load", "import", "days", "month", "rebuild", "serve", "demo", "terminals", "bulletin"):
        assert f"  {command} " in told.stdout


def test_a_store_that_does_not_answer_ends_in_a_sentence(tmp_path: Path):
    ended = manqin("--data", tmp_path / "hall", "--store", "postgresql://nobody@127.0.0.1:1/none", "init")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith("nothing counts twice.")
    assert "Traceback" not in ended.stderr


def test_a_log_that_is_no_database_ends_in_a_sentence(data: Path, office: Path):
    (data / "log.db").write_bytes(b"\x93" * 4096)
    ended = manqin("load", office, "--data", data)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Restore" in ended.stderr or "could not be kept" in ended.stderr
