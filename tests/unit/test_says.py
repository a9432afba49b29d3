"""What a bulletin says, from a month that has everything; and what it says of a month that lacks it."""

from collections.abc import Iterator

import pytest
from bulletin_halls import MONTH, matter_with, opened

from api.documents.matter import Matter
from api.documents.says import SAYS
from api.documents.source import matter_of


@pytest.fixture(scope="module")
def matter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matter]:
    with opened(tmp_path_factory.mktemp("says")) as ledger:
        yield matter_of(ledger, MONTH)


def said(matter: Matter, name: str) -> str:
    return "".join(SAYS[name](matter))


EVERYTHING = {
    "full_attendance": "社保窗口周可（工号0105）、联合民政窗口周可、",
    "never_late": "有：钱桐雅、杨濛、𠮷舟、周可（工号0105）、周可（工号0106）、周可（联合民政窗口）",
    "often_late": "公安窗口冯〇一迟到较多。",
    "late_total": "本月迟到共4人次，其中替岗人员1人次，占迟到人次的25%。",
    "late_incidents": "公安窗口替岗人员3月12日上班迟到，公安窗口冯〇一3月3日、10日、25日上班迟到。",
    "findings": "在3月13日的巡查中发现公安窗口冯〇一、公安窗口𠮷舟用手机看短视频，思源民政窗口台面凌乱/卫生差。",
    "ranking": "（并列第3名）；排名末三位的是",
    "unranked": "另有替岗人员1人不参加排名。",
    "prizes": "税务窗口钱桐雅获一等奖，税务窗口杨濛获二等奖，",
    "flag": "本月流动红旗授予税务窗口。",
    "honours": "优质服务标兵（1人）：税务窗口钱桐雅。",
    "excellent": "对政务服务大厅5个窗口单位进行公开、透明的量化考评，本月评出优秀服务窗口1个：思源民政窗口。",
    "bands": "99分以上的窗口：思源民政窗口、社保窗口。98.5分以上的窗口：税务窗口。",
    "bands_rest": "其余2个窗口不在以上各档。",
    "bonus": "联合、思源民政窗口为企业压缩办理时限4次；税务窗口主动为企业提供上门服务2次、提供预约服务3次。",
    "deeds": "拾金不昧的有税务窗口钱桐雅，共1次。",
    "volumes_total": "共受理各类业务3200件，相比上月增长25%。",
    "volumes_shares": "即收即办1600件，占受理总数的50%",
    "overdue": "本月税务局超时2件；公安局、人社局各超时1件。",
    "ratings": "满意率50%（非常满意、满意、基本满意合计占评价总数）。经核实属实的差评1条。",
}


@pytest.mark.parametrize(("name", "sentence"), EVERYTHING.items())
def test_a_month_that_has_everything_is_told_in_the_hall_s_idiom(matter: Matter, name, sentence):
    assert sentence in said(matter, name)


@pytest.mark.parametrize(
    ("name", "lacking", "sentence"),
    [
        ("full_attendance", {"full_attendance": []}, "本月没有满勤的工作人员。"),
        ("late_total", {"lateness": []}, "本月没有迟到。"),
        ("late_incidents", {"lateness": []}, ""),
        ("findings", {"findings": []}, "本月巡查没有发现问题。"),
        ("ranking", {"ranking": []}, "本月没有人参加考核排名。"),
        ("unranked", {"unranked": []}, ""),
        ("prizes", {"prizes": []}, ""),
        ("bonus", {"bonus": []}, ""),
        ("volumes_total", {"volumes": []}, ""),
        ("overdue", {"volumes": []}, ""),
        ("ratings", {"ratings": {"levels": {}, "bad_verified": 0}}, ""),
    ],
)
def test_what_has_no_data_is_left_out_or_said_to_be_none(matter: Matter, name, lacking, sentence):
    assert said(matter_with(matter, **lacking), name) == sentence


def test_a_withdrawn_finding_is_not_told(matter: Matter):
    rows = [{**row, "state": "withdrawn"} for row in matter.edition["findings"]]
    assert said(matter_with(matter, findings=rows), "findings") == "本月巡查没有发现问题。"


def test_lateness_of_another_session_says_which(matter: Matter):
    own = [row for row in matter.edition["lateness"] if row["no"] == "0103"]
    late = [own[0], {**own[1], "session": "pm"}, {**own[2], "session": "夜班"}]
    told = said(matter_with(matter, lateness=late), "late_incidents")
    assert "公安窗口冯〇一3月3日、3月10日下午、3月25日夜班上班迟到" in told


def test_stand_ins_are_said_to_be_often_late_only_when_they_are(matter: Matter):
    assert said(matter, "late_heavy") == ""
    late = [{**row, "no": "9001"} for row in matter.edition["lateness"]]
    assert "替岗人员迟到现象较为严重" in said(matter_with(matter, lateness=late), "late_heavy")
    assert said(matter_with(matter, lateness=late[:1]), "late_heavy") == ""


def test_nobody_absent_and_nobody_away_all_month_is_praised_for_not_being_late(matter: Matter):
    days = {**matter.edition["matrix"], "0101": {"2026-03-02": ["旷", "√"]}, "0102": {"2026-03-02": ["病", "病"]}}
    told = said(matter_with(matter, matrix=days), "never_late")
    assert "钱桐雅" not in told
    assert "杨濛" not in told


def test_so_many_ties_that_names_would_say_nothing_are_counted(matter: Matter):
    rows = [{**matter.edition["ranking"][0], "rank": 1, "no": f"{n}"} for n in range(40)]
    assert said(matter_with(matter, ranking=rows), "ranking").endswith("的是并列第1名的40人。")


@pytest.mark.parametrize(
    ("before", "trend"), [(3200, "，与上月持平"), (4000, "，相比上月下降20%"), (0, ""), (2623, "，相比上月增长22%")]
)
def test_volumes_are_set_against_last_month_when_it_has_figures(matter: Matter, before, trend):
    last = [{**matter.edition["volumes"][0], "total": before}]
    assert f"3200件{trend}。" in said(matter_with(matter, volumes_before=last), "volumes_total")


def test_the_most_work_is_named_where_there_is_a_first_three(matter: Matter):
    one = matter.edition["volumes"][0]
    rows = [
        {**one, "unit": unit, "total": total} for unit, total in (("甲局", 5), ("乙局", 9), ("丙局", 7), ("丁局", 1))
    ]
    assert "前三的是乙局、丙局、甲局。" in said(matter_with(matter, volumes=rows), "volumes_top")
    assert said(matter_with(matter, volumes=[*rows, {**one, "unit": "戊局", "total": 5}]), "volumes_top") == ""


def test_a_part_above_its_whole_is_no_share(matter: Matter):
    rows = [{**matter.edition["volumes"][0], "instant": 10**6}]
    assert said(matter_with(matter, volumes=rows), "volumes_shares") == ""


def test_every_prize_with_one_winner_is_told_in_one_breath_and_a_vacant_one_is_said(matter: Matter):
    winners = {"一等奖": "0101", "二等奖": "0102", "三等奖": "0107"}
    first, second, third = ({"prize": name, "scope": "person", "winner": no} for name, no in winners.items())
    people = "税务窗口钱桐雅、税务窗口杨濛、联合民政窗口周可"
    assert f"{people}分别获一、二、三等奖。" in said(matter_with(matter, prizes=[first, second, third]), "prizes")
    assert "获一等奖，二等奖空缺，" in said(matter_with(matter, prizes=[first, third]), "prizes")
