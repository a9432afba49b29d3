"""A hall whose month has everything a bulletin can speak of, and names that test the paper. All of it is invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from halls import POLICY, do

from api.documents.matter import Matter
from attendance import bonus, leave, months, patrol, people, ratings, relief, terminals, windows
from attendance.bulletins import with_paragraphs
from attendance.hall import Hall
from attendance.punches import Punched
from projections.ledger import Ledger

MONTH = "2026-03"
"""22 workdays, no holiday; the 2nd is a Monday."""
WINDOWS = {
    "税务窗口": "税务局",
    "公安窗口": "公安局",
    "社保窗口": "人社局",
    "联合民政窗口": "民政局",
    "思源民政窗口": "民政局",
}
STAFF = {
    "0101": ("钱桐雅", "税务窗口"),
    "0102": ("杨濛", "税务窗口"),
    "0103": ("冯〇一", "公安窗口"),
    "0104": ("𠮷舟", "公安窗口"),
    "0105": ("周可", "社保窗口"),
    "0106": ("周可", "社保窗口"),
    "0107": ("周可", "联合民政窗口"),
    "0108": ('=HYPERLINK("x")', "联合民政窗口"),
    "0109": ("<script>alert(1)</script>", "思源民政窗口"),
}
RELIEF = "9001"
RELIEF_NAME = "李若茗"
LATE = {("0103", 3): time(9, 9), ("0103", 10): time(9, 4), ("0103", 25): time(9, 6), (RELIEF, 12): time(9, 7)}
RELIEVED = ("0104", 12)
MISSED = ("0108", 17)
"""Nobody punched off that evening."""
SICK = ("0106", 20)
UNPRAISED = ("冯〇一", "李若茗")
"""Whom the month praises for nothing."""
USUAL = (time(8, 50), time(12, 5), time(13, 20), time(17, 10))


def fill(hall: Hall) -> None:
    """Register everybody and let the month happen."""
    for window, unit in WINDOWS.items():
        do(hall, windows.register, window=window, unit=unit)
    for no, (name, window) in STAFF.items():
        do(hall, people.post, no=no, name=name, window=window)
    do(hall, people.post, no=RELIEF, name=RELIEF_NAME, window="公安窗口", relief=True)
    do(hall, terminals.accept, sn="A001")
    hall.receive([punch for no in STAFF for punch in _month_of(no)] + _punches(RELIEF, 12), "terminal:A001")
    _excuses_and_findings(hall)
    _claims_and_counts(hall)


def _month_of(no: str) -> list[Punched]:
    days = [day for day in range(1, 32) if date(2026, 3, day).weekday() < 5]
    return [punch for day in days if (no, day) not in (RELIEVED, SICK) for punch in _punches(no, day)]


def _punches(no: str, day: int) -> list[Punched]:
    times = [LATE.get((no, day), USUAL[0]), *USUAL[1:]]
    if (no, day) == MISSED:
        times.pop()
    return [_punched(no, datetime.combine(date(2026, 3, day), at)) for at in times]


def _punched(no: str, moment: datetime) -> Punched:
    return Punched(terminal="A001", pin=no.lstrip("0"), at=moment, raw=f"{no}\t{moment}")


def _whole_day(day: int) -> dict[str, datetime]:
    start = datetime(2026, 3, day)
    return {"start": start, "end": start + timedelta(1)}


def _excuses_and_findings(hall: Hall) -> None:
    do(hall, leave.approve, no=SICK[0], type="sick", reason="=发热", **_whole_day(SICK[1]))
    do(hall, leave.approve, no=RELIEVED[0], type="official", reason="开会", **_whole_day(RELIEVED[1]))
    do(hall, relief.arrange, window="公安窗口", relief_no=RELIEF, regular_no=RELIEVED[0], **_whole_day(RELIEVED[1]))
    seen = datetime(2026, 3, 13, 10, 20)
    do(hall, patrol.note, seen_at=seen, code="phone", window="公安窗口", no="0103", finding="F1", note="用手机看短视频")
    do(hall, patrol.note, seen_at=seen, code="phone", window="公安窗口", no="0104", finding="F2", note="用手机看短视频")
    do(hall, patrol.note, seen_at=seen, code="desk", window="思源民政窗口", finding="F3")


def _claims_and_counts(hall: Hall) -> None:
    last = date(2026, 3, 31)
    do(hall, bonus.claim, date=last, windows=["联合民政窗口", "思源民政窗口"], code="speed_up", count=4)
    do(hall, bonus.claim, date=last, windows=["税务窗口"], code="door", count=2)
    do(hall, bonus.claim, date=last, windows=["税务窗口"], code="appoint", count=3)
    do(hall, bonus.claim, date=last, no="0101", code="lost_found", count=1)
    do(hall, ratings.rate, date=date(2026, 3, 5), window="税务窗口", no="0101", level="满意")
    do(hall, ratings.rate, date=date(2026, 3, 6), window="公安窗口", no="0104", level="不满意", verified="yes")
    for month, scale in ((MONTH, 100), ("2026-02", 80)):
        for unit, total in (("税务局", 20), ("公安局", 9), ("人社局", 3), ("民政局", 0)):
            overdue = {"税务局": 2, "公安局": 1, "人社局": 1}.get(unit, 0)
            do(
                hall,
                ratings.report_cases,
                month=month,
                unit=unit,
                total=total * scale,
                instant=total * scale // 2,
                overdue=overdue,
            )


def publish(hall: Hall, ledger: Ledger) -> None:
    """Show the month for objection and publish it, with the editor's paragraphs."""
    edition = ledger.edition(MONTH)
    told = {"month": MONTH, "position": edition["as_of"]["position"]}
    hall.decide(lambda draft: months.open_review(draft, edition=edition, today=date(2026, 4, 1), **told), "office")
    hall.decide(
        lambda draft: months.publish(
            draft, edition=with_paragraphs(draft.book, edition), open_questions=[], today=date(2026, 4, 7), **told
        ),
        "office",
    )


def amend(hall: Hall, ledger: Ledger, reason: str) -> None:
    """Issue a correction notice for what has changed since."""
    edition, changes = ledger.edition(MONTH), ledger.differences(MONTH)
    standing = hall.book().months.standing(MONTH)
    told: dict[str, Any] = {"month": MONTH, "position": edition["as_of"]["position"], "corrects": standing.number}
    edition = with_paragraphs(hall.book(), edition)
    whole = {"edition": edition, "changes": changes, "today": date(2026, 4, 20), "reason": reason}
    hall.decide(lambda draft: months.amend(draft, **told, **whole), "office")


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    """The hall of this module, its month happened and still open."""
    hall = Hall.found(folder / "hall", POLICY)
    try:
        fill(hall)
        yield Ledger(hall)
    finally:
        hall.close()


def matter_with(matter: Matter, **changed: Any) -> Matter:
    """The same matter with other lists in its edition."""
    return replace(matter, edition={**matter.edition, **changed})
