"""WeCom 企业微信 上下班打卡_日报: one row for each person and day, under a header of two rows.

The set of columns grows with the leave types of an organisation, so that only their texts can be relied on.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from attendance.facts import Refused
from devices.sheets.forms import LOOKED_AT, Cells, Form, Heading, Row, SheetPunch, edited_by, taken_for
from devices.sheets.moments import day_of, is_nothing, moment_of

GROUP = re.compile(r"[上下]班\d?")
"""上班1, 下班1, 上班2, …: the group over a pair of columns."""
NEEDED = ("时间", "账号")
TIME, STATUS = "打卡时间", "打卡状态"
MOMENTS = re.compile(r"(?:次日|翌日)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
RESULTS = {"正常": "Normal", "迟到": "Late", "早退": "Early", "旷工": "Absenteeism", "外勤": "Outside"}


def header(rows: Sequence[Cells]) -> Heading | None:
    """The two rows as one: a column of the second is named by its group too, ``上班1打卡时间``."""
    for at, cells in enumerate(rows[: LOOKED_AT - 1]):
        upper = ["".join(cell.split()) for cell in cells]
        if all(text in upper for text in NEEDED):
            return Heading(_columns(upper, rows[at + 1] if at + 1 < len(rows) else []), at + 2)
    return None


def _columns(upper: Sequence[str], lower: Cells) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    group = ""
    for place in range(max(len(upper), len(lower))):
        top = upper[place] if place < len(upper) else ""
        below = "".join(lower[place].split()) if place < len(lower) else ""
        group = top or (group if below else "")
        name = f"{group}{below}" if below and GROUP.fullmatch(group) else top or below
        if name:
            columns.setdefault(name, []).append(place)
    return columns


def punches(row: Row) -> list[SheetPunch]:
    """Every punch of a person's day, each once. Raises Refused for a row that cannot be understood."""
    day = day_of(row.text("时间"))
    if day is None:
        raise Refused("not_a_date", "时间", value=row.text("时间"))
    pin = row.pin("工号", "账号")
    found: dict[datetime, SheetPunch] = {}
    for at, status in [*_marks(row, day), *_others(row, day)]:
        found.setdefault(at, SheetPunch(pin, at, RESULTS.get(status, ""), edited_by(status)))
    return [found[at] for at in sorted(found)]


def _marks(row: Row, day: date) -> Iterator[tuple[datetime, str]]:
    """The punches that served a mark, each with what the other system thought of it."""
    for number in ("", "1", "2", "3"):
        for group in ("上班", "下班"):
            name = f"{group}{number}{TIME}"
            written = row.text(name)
            if not is_nothing(written):
                yield _moment(written, day, name), row.text(f"{group}{number}{STATUS}")


def _others(row: Row, day: date) -> Iterator[tuple[datetime, str]]:
    """All punches of the day, as one cell lists them; else its first and last."""
    listed = row.text("打卡时间记录")
    for written in MOMENTS.findall(listed) if listed else [row.text("最早"), row.text("最晚")]:
        if not is_nothing(written):
            yield _moment(written, day, "打卡时间记录" if listed else "最早"), ""


def _moment(written: str, day: date, column: str) -> datetime:
    at = moment_of(written, day)
    if at is None:
        raise Refused("not_a_moment", column, value=written)
    return at


FIXED = taken_for(("pin", ("工号", "账号")), ("day", ("时间",)), ("moment", ("打卡时间记录", "最早", "最晚")))


def reads(text: str) -> str:
    """The pairs of columns under each mark are told by how they end."""
    in_pair = GROUP.match(text) is not None
    if in_pair and text.endswith((TIME, STATUS)):
        return "moment" if text.endswith(TIME) else "result"
    return FIXED(text)


WECOM = Form("wecom", ("wecom",), header, punches, reads)
