"""Every sheet of a hall folder (contract 5.3), in reading order: each names only what came before."""

from collections.abc import Callable
from typing import Literal

from api.imports.table import Command, Table, Told
from attendance import (
    bonus,
    calendar,
    corrections,
    leave,
    patrol,
    people,
    pins,
    ratings,
    relief,
    terminals,
    timetable,
    vetoes,
    windows,
)
from attendance.corrections import Mark
from attendance.hall import Draft, Outcome
from attendance.ratings import ReviewKind, Verified
from attendance.timetable import Owes

YES_NO = {"1": True, "0": False, "yes": True, "no": False, "true": True, "false": False, "是": True, "否": False}
WORKDAY = YES_NO | {"上班": True, "休息": False}
OWES: dict[str, Owes] = {
    "": "both",
    "both": "both",
    "on": "on",
    "off": "off",
    "全部": "both",
    "上班": "on",
    "下班": "off",
}
MARK: dict[str, Mark] = {"on": "on", "off": "off", "上班": "on", "下班": "off"}
VERIFIED: dict[str, Verified] = {"": "pending", "yes": "yes", "no": "no", "pending": "pending"}
VERIFIED |= {"是": "yes", "属实": "yes", "否": "no", "不属实": "no", "待核实": "pending"}
KIND: dict[str, ReviewKind] = {
    "public": "public",
    "peer": "peer",
    "群众评议": "public",
    "互评": "peer",
    "窗口互评": "peer",
}
Volume = Literal["total", "instant", "centre", "unit_handled", "grassroots", "online", "overdue"]
VOLUMES: tuple[Volume, ...] = ("total", "instant", "centre", "unit_handled", "grassroots", "online", "overdue")

TABLES: list[Table] = []


def sheet(name: str, *titles: str, columns: str) -> Callable[[Command], Command]:
    """Register the command of a sheet. A column with a `?` may be absent from the header."""

    def register(command: Command) -> Command:
        names = columns.split()
        needed = frozenset(column for column in names if not column.endswith("?"))
        TABLES.append(Table(name, titles, tuple(column.rstrip("?") for column in names), needed, command))
        return command

    return register


@sheet("calendar", "日历", "工作日历", "放假安排", columns="date workday name?")
def _calendar(draft: Draft, row: Told) -> Outcome:
    return calendar.set_day(draft, date=row.day("date"), workday=row.word("workday", WORKDAY), name=row.text("name"))


@sheet("windows", "窗口", "窗口表", columns="window unit from? to?")
def _windows(draft: Draft, row: Told) -> Outcome:
    return windows.register(
        draft,
        window=row.text("window"),
        unit=row.text("unit"),
        start=row.maybe_day("from"),
        end=row.maybe_day("to"),
    )


@sheet("staff", "人员", "窗口人员", "人员表", columns="no name window unit? category? from? to? relief?")
def _staff(draft: Draft, row: Told) -> Outcome:
    return people.post(
        draft,
        no=people.number_meant(draft.book.people, row.text("no"), row.numbers),
        name=row.text("name"),
        window=row.text("window"),
        unit=row.text("unit"),
        category=row.text("category"),
        start=row.maybe_day("from"),
        end=row.maybe_day("to"),
        relief=row.word("relief", {"": False} | YES_NO),
    )


@sheet("terminals", "终端", "考勤终端", "终端表", columns="sn family? zone? name?")
def _terminals(draft: Draft, row: Told) -> Outcome:
    return terminals.accept(
        draft, sn=row.text("sn"), family=row.text("family"), zone=row.text("zone"), name=row.text("name")
    )


@sheet("pins", "终端编号", "pin", columns="sn pin no from? to?")
def _pins(draft: Draft, row: Told) -> Outcome:
    return pins.assign(
        draft,
        terminal=row.text("sn"),
        pin=row.text("pin"),
        no=row.text("no"),
        start=row.maybe_day("from"),
        end=row.maybe_day("to"),
    )


@sheet("timetable", "作息", "作息表", columns="from? to? weekday? window? session on off owes?")
def _timetable(draft: Draft, row: Told) -> Outcome:
    return timetable.set_session(
        draft,
        start=row.maybe_day("from"),
        end=row.maybe_day("to"),
        weekday=row.count("weekday") if row.text("weekday") else None,
        window=row.text("window"),
        session=row.text("session"),
        on=row.clock("on"),
        off=row.clock("off"),
        owes=row.word("owes", OWES),
    )


@sheet("duty", "值班", "轮值", columns="no date session on off")
def _duty(draft: Draft, row: Told) -> Outcome:
    return timetable.assign_duty(
        draft,
        no=row.text("no"),
        date=row.day("date"),
        session=row.text("session"),
        on=row.clock("on"),
        off=row.clock("off"),
    )


@sheet("leave", "请假", columns="no type start end reason?")
def _leave(draft: Draft, row: Told) -> Outcome:
    return leave.approve(
        draft,
        no=row.text("no"),
        type=row.text("type"),
        start=row.start(),
        end=row.end(),
        reason=row.text("reason"),
    )


@sheet("corrections", "补卡", columns="no date session mark reason?")
def _corrections(draft: Draft, row: Told) -> Outcome:
    return corrections.approve(
        draft,
        no=row.text("no"),
        date=row.day("date"),
        session=row.text("session"),
        mark=row.word("mark", MARK),
        reason=row.text("reason"),
    )


@sheet("outages", "停用", "终端停用", columns="sn start end reason?")
def _outages(draft: Draft, row: Told) -> Outcome:
    return corrections.declare_outage(
        draft, terminal=row.text("sn"), start=row.start(), end=row.end(), reason=row.text("reason")
    )


@sheet("relief", "替岗", columns="window relief_no regular_no? start end")
def _relief(draft: Draft, row: Told) -> Outcome:
    return relief.arrange(
        draft,
        window=row.text("window"),
        relief_no=row.text("relief_no"),
        regular_no=row.text("regular_no"),
        start=row.start(),
        end=row.end(),
    )


@sheet("findings", "巡查", "巡查记录", columns="seen_at window? no? code inspector? note? id?")
def _findings(draft: Draft, row: Told) -> Outcome:
    return patrol.note(
        draft,
        seen_at=row.moment("seen_at"),
        window=row.text("window"),
        no=row.text("no"),
        code=row.text("code"),
        inspector=row.text("inspector"),
        note=row.text("note"),
        finding=row.text("id"),
    )


@sheet("bonus", "加分", "加分申报", columns="date windows? no? code count evidence?")
def _bonus(draft: Draft, row: Told) -> Outcome:
    return bonus.claim(
        draft,
        date=row.day("date"),
        windows=[name.strip() for name in row.text("windows").replace("；", ";").split(";") if name.strip()],
        no=row.text("no"),
        code=row.text("code"),
        count=row.count("count"),
        evidence=row.text("evidence"),
    )


@sheet("ratings", "评价", "好差评", columns="date window no? level verified?")
def _ratings(draft: Draft, row: Told) -> Outcome:
    return ratings.rate(
        draft,
        date=row.day("date"),
        window=row.text("window"),
        no=row.text("no"),
        level=row.text("level"),
        verified=row.word("verified", VERIFIED),
    )


@sheet("reviews", "评议", "评议与互评", columns="month kind no? window? score samples?")
def _reviews(draft: Draft, row: Told) -> Outcome:
    return ratings.review(
        draft,
        month=row.month(),
        kind=row.word("kind", KIND),
        no=row.text("no"),
        window=row.text("window"),
        score=row.number("score"),
        samples=row.maybe_count("samples"),
    )


@sheet("cases", "办件量", columns="month unit " + " ".join(f"{volume}?" for volume in VOLUMES))
def _cases(draft: Draft, row: Told) -> Outcome:
    volumes = {volume: row.maybe_count(volume) for volume in VOLUMES}
    return ratings.report_cases(draft, month=row.month(), unit=row.text("unit"), **volumes)


@sheet("vetoes", "一票否决", columns="month no trigger note?")
def _vetoes(draft: Draft, row: Told) -> Outcome:
    return vetoes.veto(draft, month=row.month(), no=row.text("no"), trigger=row.text("trigger"), note=row.text("note"))
