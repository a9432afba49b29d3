"""中控考勤管理系统 (ZKTime): the old office program's list of punches, exported as xls and saved as csv or xlsx."""

from collections.abc import Sequence

from attendance.facts import Refused
from devices.sheets.forms import LOOKED_AT, Cells, Form, Heading, Row, SheetPunch, columns_of, edited_by, taken_for
from devices.sheets.moments import day_of, is_nothing, moment_of

PINS = ("考勤号码", "登记号码", "考勤号", "人员编号")
REMARKS = ("备注", "签到方式", "记录状态", "操作")
MOMENTS = ("日期时间", "打卡时间", "签到时间", "时间")


def header(rows: Sequence[Cells]) -> Heading | None:
    """The first row that names a number and a moment, as this program calls them."""
    for at, cells in enumerate(rows[:LOOKED_AT]):
        columns = columns_of(cells)
        if any(name in columns for name in PINS) and any(name in columns for name in MOMENTS):
            return Heading(columns, at + 1)
    return None


def punches(row: Row) -> list[SheetPunch]:
    """The punch of a row. Raises Refused."""
    written = row.text(*MOMENTS)
    if is_nothing(written):
        return []
    at = moment_of(written, day_of(row.text("日期")))
    if at is None:
        raise Refused("not_a_moment", MOMENTS[0], value=written)
    return [SheetPunch(row.pin(*PINS), at, edited=edited_by(row.text(*REMARKS)))]


READS = taken_for(("pin", PINS), ("day", ("日期",)), ("moment", MOMENTS), ("edited", REMARKS))
ZKTIME = Form("zktime", ("zktime", "zkteco"), header, punches, READS)
