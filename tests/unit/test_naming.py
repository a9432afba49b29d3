"""Naming people and windows: never ambiguous."""

import pytest

from api.documents.naming import Naming, joint_windows, printable
from api.documents.styles import read_style
from api.documents.words import Words

STYLE = read_style("analysis")
WORDS = Words(STYLE.wording, STYLE.table, {})
STAFF = {
    no: {"window": window, "relief": relief}
    for no, window, relief in (
        ("1", "税务窗口", False),
        ("2", "税务窗口", False),
        ("3", "公安窗口", False),
        ("4", "公安窗口", False),
        ("5", "公安窗口", True),
    )
}
NAMES = {"1": "周可", "2": "周可", "3": "周可", "4": "冯〇一", "5": "冯〇一", "6": ""}
NAMING = Naming(NAMES, STAFF, WORDS)


def test_two_people_of_one_name_are_told_apart_by_window_and_else_by_number():
    assert NAMING.at_window("3", "公安窗口") == "公安窗口周可"
    assert NAMING.at_window("1", "税务窗口") == "税务窗口周可（工号1）"
    assert [NAMING.alone(no) for no in ("1", "3", "4")] == ["周可（工号1）", "周可（公安窗口）", "冯〇一"]


def test_somebody_forgotten_is_somebody():
    assert NAMING.known("6") == "一名工作人员"


def test_people_of_one_window_are_listed_under_it():
    pairs = [("1", "税务窗口"), ("2", "税务窗口"), ("4", "公安窗口")]
    assert NAMING.by_window(pairs) == "税务窗口周可（工号1）、周可（工号2）；公安窗口冯〇一"


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        (["长河水务窗口", "清泉水务窗口"], "长河、清泉水务窗口"),
        (["税务窗口"], "税务窗口"),
        (["税务窗口", "公安窗口", "社保窗口"], "税务、公安、社保窗口"),
        (["东水务窗口", "西水务窗口"], "东水务、西水务窗口"),
        (["综合窗口", "服务台"], "综合窗口、服务台"),
        (["窗口", "税务窗口"], "窗口、税务窗口"),
    ],
)
def test_windows_that_act_together_share_what_their_names_end_in(windows, told):
    assert joint_windows(windows, WORDS) == told


def test_control_characters_do_not_reach_the_paper():
    assert printable("冯\x00〇\x1b[31m一\n") == "冯〇[31m一"
    assert printable("制表人：\u3000审核人\xa0：\u200b") == "制表人：\u3000审核人 ："
