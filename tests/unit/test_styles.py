"""House styles: data that is checked before a bulletin is made with it."""

from pathlib import Path

import pytest

from api.documents.styles import DEFAULT, read_style, style_names
from attendance.facts import Refused

SECTION = '[layout]\ntitle = ["{month}月通报"]\n[[section]]\nid = "a"\nheading = "一"\n'
HOUSE = '[house]\nhall = "大厅"\nissuer = "本中心"\n'


def own_style(folder: Path, text: str) -> Path:
    (folder / "styles").mkdir()
    (folder / "styles" / "own.toml").write_text(text, encoding="utf-8")
    return folder


def problem_of(folder: Path, text: str) -> str:
    with pytest.raises(Refused) as refused:
        read_style("own", own_style(folder, text))
    assert refused.value.code in ("style_wrong", "style_names_people")
    return str(refused.value)


@pytest.mark.parametrize("name", style_names())
def test_every_built_in_style_reads_and_names_no_place(name):
    style = read_style(name)
    assert style.section
    assert style.description
    assert style.house.issuer.startswith("××")


def test_the_hall_chooses_its_style_and_says_who_it_is(tmp_path: Path):
    (tmp_path / "bulletin.toml").write_text('style = "notice"\n[house]\nissuer = "本中心"\n', encoding="utf-8")
    style = read_style("", tmp_path)
    assert (style.name, style.house.issuer, style.house.hall) == ("notice", "本中心", "政务大厅")
    assert read_style("performance", tmp_path).house.issuer == "本中心"
    assert read_style().name == DEFAULT


def test_a_style_of_the_hall_s_own_needs_to_say_only_what_it_says_otherwise(tmp_path: Path):
    text = HOUSE + SECTION + '[[section.part]]\nsays = ["full_attendance"]\n[wording.full]\nnone = "无。"\n'
    style = read_style("own", own_style(tmp_path, text))
    assert style_names(tmp_path) == ["analysis", "notice", "own", "performance"]
    assert style.wording["full"]["none"] == "无。"
    assert style.wording["full"]["list"].startswith("本月满勤")


def test_an_unknown_style_is_refused_with_those_there_are():
    with pytest.raises(Refused) as refused:
        read_style("gold")
    assert refused.value.details["known"] == ["analysis", "notice", "performance"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("not toml", "own"),
        (SECTION, "house"),
        (HOUSE + SECTION + '[[section.part]]\nsays = ["weather"]\n', "weather"),
        (HOUSE + SECTION + '[wording.full]\nlist = "{people}{salary}"\n', "full.list: {salary}"),
        (HOUSE + SECTION + '[wording.full]\nlist = "{people"\n', "full.list"),
        (HOUSE + SECTION.replace("[layout]", '[layout]\nannexes = ["photos"]'), "photos"),
        (HOUSE + SECTION.replace("[layout]", '[layout]\npublic_annexes = ["ranking"]'), "ranking"),
        (HOUSE + SECTION + "colour = 1\n", "colour"),
    ],
)
def test_a_style_that_cannot_work_is_refused_with_what_is_wrong(tmp_path: Path, text, named):
    assert named in problem_of(tmp_path, text)


def test_the_hall_s_file_may_come_from_windows_but_must_be_utf8(tmp_path: Path):
    (tmp_path / "bulletin.toml").write_text('style = "notice"\n', encoding="utf-8-sig")
    assert read_style("", tmp_path).name == "notice"
    (tmp_path / "bulletin.toml").write_bytes('[house]\nissuer = "本中心"\n'.encode("gb18030"))
    with pytest.raises(Refused, match=r"style_wrong, style=bulletin\.toml"):
        read_style("", tmp_path)
