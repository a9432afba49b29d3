"""DingTalk 钉钉 原始记录: one row for each punch, or for each punch that was due and did not come."""

from attendance.facts import Refused
from devices.sheets.forms import ADMIN, Form, Row, SheetPunch, edited_by, header_with, taken_for
from devices.sheets.moments import day_of, is_nothing, moment_of

RESULTS = {
    "正常": "Normal",
    "迟到": "Late",
    "早退": "Early",
    "严重迟到": "SeriousLate",
    "旷工迟到": "Absenteeism",
    "缺卡": "NotSigned",
    "未打卡": "NotSigned",
    "外勤": "Outside",
}
"""DingTalk's own words for its judgements. Ours is derived anew; theirs is kept beside the punch."""
SOURCES = ("数据来源", "打卡来源", "sourceType")
MACHINES = ("ATM", "DING_ATM", "BEACON", "USER", "SYSTEM", "AUTO_CHECK", "BOSS", "APPROVE")


def punches(row: Row) -> list[SheetPunch]:
    """The punch of a row; none for one that was due and did not come. Raises Refused."""
    written = row.text("打卡时间")
    if is_nothing(written):
        return []
    at = moment_of(written, day_of(row.text("考勤日期")))
    if at is None:
        raise Refused("not_a_moment", "打卡时间", value=written)
    result, source = row.text("打卡结果"), row.text(*SOURCES).upper()
    edited = edited_by(result, source) or (ADMIN if row.text("管理员修改备注") else "")
    verify = source if source in MACHINES else ""
    return [SheetPunch(row.pin("工号", "UserId"), at, RESULTS.get(result, ""), edited, verify)]


READS = taken_for(
    ("pin", ("工号", "UserId")),
    ("day", ("考勤日期",)),
    ("moment", ("打卡时间",)),
    ("result", ("打卡结果",)),
    ("source", SOURCES),
    ("edited", ("管理员修改备注",)),
)
DINGTALK = Form("dingtalk", ("dingtalk",), header_with("考勤日期", "打卡时间", "打卡结果"), punches, READS)
