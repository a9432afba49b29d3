"""A whole bulletin: order, numbering, the editor's paragraphs, what surrounds it; internal, public, corrected."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from bulletin_halls import MONTH, UNPRAISED, amend, opened, publish
from halls import do

from api.documents.bulletin import Bulletin, Heading, Paragraph, Table
from api.documents.compose import compose
from api.documents.correction import compose_correction
from api.documents.making import composed
from api.documents.matter import Matter
from api.documents.source import matter_of
from api.documents.styles import style_names
from api.documents.unit_sheet import compose_unit_sheet
from attendance import bulletins, patrol
from attendance.facts import Refused
from projections.ledger import Ledger

PARAGRAPHS = {
    "focus": "持续提升质量。\n持续完善功能。",
    "next": "做好规范化建设。\n对冯〇一开展谈话提醒。",
    "party": "举办专题讲座。",
}
STYLES = style_names()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A month that is published, with the editor's paragraphs."""
    with opened(tmp_path_factory.mktemp("compose")) as ledger:
        for section, text in PARAGRAPHS.items():
            do(ledger.hall, bulletins.edit, month=MONTH, section=section, text=text)
        publish(ledger.hall, ledger)
        yield ledger


@pytest.fixture(scope="module")
def matter(ledger: Ledger) -> Matter:
    return matter_of(ledger, MONTH, style="performance")


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A published month of which one finding turned out to be wrong."""
    with opened(tmp_path_factory.mktemp("amended")) as ledger:
        publish(ledger.hall, ledger)
        do(ledger.hall, patrol.withdraw, finding="F1", reason="认错人")
        amend(ledger.hall, ledger, "巡查记录认错了人")
        yield ledger


def off(day: str, session: str | None, symbol: str) -> dict[str, str | None]:
    return {"date": f"2026-03-{day}", "session": session, "symbol": symbol}


def headings(bulletin: Bulletin) -> list[str]:
    return [block.text for block in bulletin.body if isinstance(block, Heading)]


def test_sections_stand_in_the_order_of_the_style_and_number_what_is_printed(matter: Matter):
    assert headings(compose(matter)) == [
        "一、事项办理情况",
        "二、工作推进情况",
        "三、考勤巡查情况",
        "四、优质服务标兵评比",
        "五、绩效考核情况",
    ]
    without = replace(matter, paragraphs={})
    assert headings(compose(without))[1] == "二、考勤巡查情况"


def test_bands_are_paragraphs_of_their_own_numbered_among_themselves(matter: Matter):
    leads = [block.lead for block in compose(matter).body if isinstance(block, Paragraph) and block.lead]
    assert leads == ["（一）", "（二）"]


def test_the_editor_s_paragraphs_stand_in_their_section_and_none_is_lost(ledger: Ledger):
    for style in STYLES:
        text = compose(matter_of(ledger, MONTH, style=style)).text()
        assert all(line in text for lines in PARAGRAPHS.values() for line in lines.splitlines()), style
    analysis = compose(matter_of(ledger, MONTH, style="analysis")).text()
    assert "【本月重点】\n1、持续提升质量。\n2、持续完善功能。\n【办件情况】" in analysis
    assert "【4月重点工作】\n1、做好规范化建设。" in analysis


def test_a_published_bulletin_has_number_date_and_everything_around_it(matter: Matter):
    bulletin = compose(matter)
    assert bulletin.masthead.letterhead == "××政务服务管理办公室"
    assert bulletin.masthead.number == "××政服〔2026〕1号"
    assert bulletin.addressees == "各部门，各派驻单位："
    assert (bulletin.issuer, bulletin.dated) == ("××政务服务管理办公室", "2026年4月7日")
    assert bulletin.annex_note == ["附件：2026年3月办件量统计表"]
    assert [annex.label for annex in bulletin.annexes] == ["附件"]
    assert bulletin.colophon.printed_on == "2026年4月7日"
    assert bulletin.publicness == ""
    assert compose(replace(matter, public=True)).publicness == "（此件公开发布）"


def test_the_old_style_writes_its_date_in_characters(ledger: Ledger):
    assert compose(matter_of(ledger, MONTH, style="notice")).dated == "二〇二六年四月七日"


@pytest.mark.parametrize(("state", "mark"), [("open", "（讨论稿）"), ("in_review", "（公示稿）")])
def test_what_is_not_published_says_so_and_has_no_number(matter: Matter, state, mark):
    draft = compose(replace(matter, state=state, number="", dated=""))
    assert draft.masthead.number == mark
    assert draft.dated == ""


def test_an_open_month_is_told_as_it_is_known_now(tmp_path):
    with opened(tmp_path) as ledger:
        assert matter_of(ledger, MONTH).state == "open"
        do(ledger.hall, patrol.withdraw, finding="F1", reason="认错人")
        assert "冯〇一、公安窗口𠮷舟用手机" not in compose(matter_of(ledger, MONTH)).text()


def test_a_month_of_which_nothing_is_known_has_no_bulletin(empty_hall):
    with pytest.raises(Refused, match="month_empty"):
        matter_of(Ledger(empty_hall), "2026-01")


def test_the_volumes_annex_has_bands_said_once_its_sum_first_and_idle_units_below(matter: Matter):
    (annex,) = compose(matter).annexes
    (table,) = annex.blocks
    assert isinstance(table, Table)
    assert table.head == ["办件量分类", "序号", "单位", "办理总数", "即收即办", "超时"]
    assert [row[0] for row in table.rows] == ["", "1000件以上", "101-1000件", ""]
    assert table.rows[0][2:] == ["合计", "3200", "1600", "4"]
    assert table.note == "民政局本月没有办件。"


@pytest.mark.parametrize("style", STYLES)
def test_the_public_edition_names_nobody_but_the_praised(ledger: Ledger, style):
    internal = compose(matter_of(ledger, MONTH, style=style)).text()
    bulletin = compose(matter_of(ledger, MONTH, edition="public", style=style))
    assert "冯〇一" in internal
    assert not [name for name in UNPRAISED if name in bulletin.text()]
    assert "看短视频" not in bulletin.text()
    assert "排名末" not in bulletin.text()
    assert "本月迟到共4人次" in bulletin.text()


def test_a_paragraph_that_names_somebody_else_is_left_out_of_the_public_edition_and_that_is_said(ledger: Ledger):
    bulletin = compose(matter_of(ledger, MONTH, edition="public", style="analysis"))
    assert "做好规范化建设。" in bulletin.text()
    assert "谈话提醒" not in bulletin.text()
    assert len(bulletin.remarks) == 1
    assert "next" in bulletin.remarks[0]


def test_the_file_says_which_edition_it_is_and_what_it_rests_on(matter: Matter):
    about = compose(matter).properties
    assert about["state"] == "published"
    assert about["edition"] == "internal"
    assert about["number"] == "〔2026〕1号"
    assert about["position"].isdecimal()


def test_a_correction_notice_says_what_changed_and_why(amended: Ledger):
    notice = composed(matter_of(amended, MONTH, style="performance"))
    text = notice.text()
    assert "关于更正《××政务服务管理办公室2026年3月政务服务绩效考核通报》的通报" in text
    assert "2026年4月7日印发的" in text
    assert "（××政服〔2026〕1号）" in text
    assert notice.masthead.number == "××政服〔2026〕2号"
    assert "更正原因：巡查记录认错了人" in text
    (table,) = notice.annexes[0].blocks
    assert isinstance(table, Table)
    assert ["巡查", "3月13日 冯〇一 上班时间玩手机", "有效", "已撤回"] in table.rows
    ranked = next(row for row in table.rows if row[:2] == ["考核排名", "冯〇一"])
    assert "得分95.00" in ranked[2]
    assert "得分97.00" in ranked[3]
    assert notice.annexes[1].title == "更正后的通报内容"


def test_the_public_correction_counts_what_concerns_people_who_are_not_praised(amended: Ledger):
    matter = matter_of(amended, MONTH, edition="public", style="performance")
    text = compose_correction(matter).text()
    assert "冯〇一" not in text
    assert "更正原因" not in text
    assert "另有4处更正只在内部版列出，涉及个人的已分别告知本人。" in text
    assert "更正前后对照表" not in text


def test_new_praise_is_public_in_a_correction_and_praise_lost_is_not(amended: Ledger):
    matter = matter_of(amended, MONTH, edition="public", style="analysis")
    changes = [
        {"part": "full_attendance", "subject": "0107", "before": None, "after": "联合民政窗口"},
        {"part": "full_attendance", "subject": "0103", "before": "公安窗口", "after": None},
        {"part": "prizes", "subject": "流动红旗 税务窗口", "before": None, "after": "window"},
    ]
    text = compose_correction(replace(matter, changes=changes)).text()
    assert "联合民政窗口周可补入满勤名单。" in text
    assert "税务窗口获流动红旗。" in text
    assert "更正内容共2处" in text
    assert "另有1处" in text


def test_changes_of_the_full_attendance_list_and_of_prizes_are_sentences(amended: Ledger):
    matter = matter_of(amended, MONTH, style="analysis")
    changes = [
        {"part": "full_attendance", "subject": "0103", "before": None, "after": "公安窗口"},
        {"part": "full_attendance", "subject": "0102", "before": "税务窗口", "after": None},
        {"part": "prizes", "subject": "一等奖 0102", "before": None, "after": "person"},
        {"part": "prizes", "subject": "流动红旗 税务窗口", "before": "window", "after": None},
        {"part": "off_the_list", "subject": "0103", "before": off("03", "am", "迟"), "after": None},
        {"part": "off_the_list", "subject": "0102", "before": None, "after": off("04", None, "未满月")},
        {"part": "lateness", "subject": "0103 2026-03-03 am", "before": 9, "after": None},
        {"part": "unranked", "subject": "0104", "before": None, "after": "attendance"},
    ]
    text = compose_correction(replace(matter, changes=changes)).text()
    assert "公安窗口冯〇一补入满勤名单。" in text
    assert "税务窗口杨濛不再列入满勤名单。" in text
    assert "杨濛获一等奖。" in text
    assert "税务窗口不再获流动红旗。" in text
    assert "不在满勤名单\t冯〇一\t3月3日上午迟\t（无）" in text
    assert "迟到\t冯〇一 3月3日上午\t迟到 9 分\t（无）" in text
    assert "不参加排名\t𠮷舟\t（无）\t出勤不足" in text


def test_a_unit_s_sheet_shows_that_unit_alone(matter: Matter):
    text = compose_unit_sheet(matter, "公安局").text()
    assert "冯〇一" in text
    assert "𠮷舟" in text
    assert not [name for name in ("钱桐雅", "杨濛", "周可") if name in text]
    assert "0103\t冯〇一\t44\t41\t3\t0\t0\t0\t0\t0" in text
    assert "3月3日\t公安窗口\t冯〇一\t迟到\t1" in text


def test_a_unit_without_people_and_a_public_unit_sheet_are_refused(matter: Matter):
    with pytest.raises(Refused, match="unit_without_people"):
        compose_unit_sheet(matter, "气象局")
    with pytest.raises(Refused, match="unit_sheet_public"):
        compose_unit_sheet(replace(matter, public=True), "公安局")


def test_who_signed_stands_in_the_head_where_the_house_shows_it(matter: Matter):
    house = msgspec.structs.replace(matter.style.house, show_signer=True)
    shown = replace(matter, signer="chen", style=msgspec.structs.replace(matter.style, house=house))
    assert compose(shown).masthead.signer == "chen"
    assert compose(replace(matter, signer="chen")).masthead.signer == ""
