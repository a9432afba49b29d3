"""A published bulletin of a real hall, written again from the facts that were reconstructed for its month.

Neither the facts nor the original lie in this repository: the story is told where they are, and skipped elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from api.documents.compose import compose
from api.documents.matter import Matter
from api.documents.public import praised
from api.documents.source import matter_of
from api.imports.folder import load_folder
from attendance.hall import Hall
from projections.ledger import Ledger

SHARED = Path(__file__).parents[3] / "shared"
CASE = SHARED / "cases" / "xianning-2020-11"
MONTH = "2020-11"

pytestmark = pytest.mark.skipif(not CASE.exists(), reason="the real month is not on this machine")


@pytest.fixture(scope="module")
def told() -> dict:
    """What the original says, as read out of it."""
    return msgspec.json.decode((SHARED / "cases" / f"{CASE.name}.json").read_bytes())


@pytest.fixture(scope="module")
def matter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matter]:
    hall = Hall.found(tmp_path_factory.mktemp("xianning") / "hall", (CASE / "policy.toml").read_text(encoding="utf-8"))
    load_folder(hall, CASE)
    yield matter_of(Ledger(hall), MONTH, style="analysis")
    hall.close()


@pytest.fixture(scope="module")
def text(matter: Matter) -> str:
    return compose(matter).text()


def paragraph(text: str, words: str) -> str:
    return next(line for line in text.splitlines() if words in line)


def at_window(told: dict, name: str) -> str:
    return next(person["window"] for person in told["staff"] if person["name"] == name) + name


def test_full_attendance_is_the_same_list_in_the_same_words(told: dict, text: str):
    people = "、".join(at_window(told, name) for name in told["full_attendance"])
    assert f"本月满勤（{'、'.join(told['full_attendance_definition'])}）的工作人员有：{people}。" in text


def test_every_late_arrival_is_told_at_its_window_on_its_date(told: dict, text: str):
    by_who: dict[str, list[str]] = {}
    for late in told["lateness"]:
        who = late["window"] + (late["person"] or "替岗人员")
        by_who.setdefault(who, []).append(late["date"])
    for who, dates in by_who.items():
        first, *rest = (date.split("-") for date in dates)
        days = "、".join([f"{int(first[1])}月{int(first[2])}日", *(f"{int(day)}日" for _, _, day in rest)])
        assert f"{who}{days}上班迟到" in text
    assert len(re.findall("上班迟到", text)) == len(by_who)
    assert "替岗人员迟到现象较为严重" in text


def test_findings_of_one_day_are_told_together_in_the_inspectors_words(told: dict, text: str):
    findings = told["patrol_findings"]
    people = "、".join(finding["window"] + finding["person"] for finding in findings)
    assert f"在11月13日的巡查中发现{people}{findings[0]['finding']}。" in text


def test_the_first_three_are_in_order_and_the_last_three_are_the_same_people(told: dict, text: str):
    ranking = paragraph(text, "考核排名前三位的是")
    top, bottom = ranking.split("；")
    assert top.endswith("前三位的是" + "、".join(at_window(told, name) for name in told["ranking_top3"]))
    assert "排名末三位的是" in bottom
    assert all(at_window(told, name) in bottom for name in told["ranking_bottom3"])
    others = {person["name"] for person in told["staff"]} - set(told["ranking_bottom3"])
    assert not [name for name in others if name in bottom]


def test_every_claim_is_told_with_its_count_and_joint_windows_share_one(told: dict, text: str):
    claims = paragraph(text, "加分情况。").split("；")
    for bonus in told["bonus"]:
        heads = [window.removesuffix("窗口") for window in bonus["windows"]]
        starts = [claim for claim in claims if all(head[:2] in claim for head in heads)]
        assert any(f"{bonus['item']}{bonus['count']}次" in claim for claim in starts), bonus
    assert sum("为企业" in claim for claim in claims) == len({tuple(bonus["windows"]) for bonus in told["bonus"]})
    assert re.search(r"；\w+、\w+窗口为企业", paragraph(text, "加分情况。"))


def test_excellent_windows_are_as_many_of_as_many(told: dict, text: str):
    expected = msgspec.json.decode((CASE / "expected.json").read_bytes())["excellent_windows"]
    sentence = (
        f"{told['unit_count']}个窗口单位进行公开、透明的量化考评，本月评出优秀服务窗口{told['excellent_quota']}个"
    )
    assert f"{sentence}，分别是：{'、'.join(expected)}。" in text


def test_the_public_edition_keeps_the_praise_and_drops_the_rest(told: dict, matter: Matter):
    public = compose(replace(matter, public=True)).text()
    assert all(name in public for name in told["full_attendance"])
    unpraised = {matter.names[no] for no in matter.edition["staff"] if no not in praised(matter)}
    assert unpraised
    assert not [name for name in unpraised if name in public]
