"""Things that happen in a small hall, as hypothesis draws them, and what became of them in the tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from halls import POLICY, do
from hypothesis import strategies as st

from attendance import (
    bonus,
    calendar,
    corrections,
    leave,
    patrol,
    people,
    pins,
    policy,
    ratings,
    relief,
    terminals,
    timetable,
    windows,
)
from attendance.facts import Refused, decode
from attendance.hall import Hall
from attendance.punches import Origin, Punched, Reading, judge_all
from projections import tables
from projections.ledger import Ledger

MONTHS = ("2026-03", "2026-04")
AFTERWARDS = datetime(2026, 7, 1, tzinfo=UTC)
STAFF = ("1001", "1002", "2001", "9001")
FIRST = date(2026, 3, 27)
"""A Friday; what happens lies around the turn of the month."""

DAYS = st.integers(0, 7).map(lambda number: FIRST + timedelta(days=number))
NIGHT = ["00:30", "07:55", "08:05", "19:50", "20:10", "23:50"]
OFFICE_HOURS = ["08:55", "09:05", "09:40", "11:50", "12:05", "12:40", "13:20", "13:35", "16:50", "17:05"]
CLOCKS = st.sampled_from(NIGHT + OFFICE_HOURS)
MOMENTS = st.builds(lambda day, clock: datetime.combine(day, time.fromisoformat(clock)), DAYS, CLOCKS)
PEOPLE = st.sampled_from(STAFF)


class Deed(NamedTuple):
    """A punch, or a command with its details."""

    command: Callable[..., Any] | None
    details: dict[str, Any]

    def __repr__(self) -> str:
        name = f"{self.command.__module__}.{self.command.__name__}" if self.command else "punch"
        return f"{name}({', '.join(f'{key}={value}' for key, value in self.details.items())})"


def punch(terminal: str, pin: str, at: datetime) -> Deed:
    return Deed(None, {"terminal": terminal, "pin": pin, "at": at})


def _deed(command: Callable[..., Any], **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.fixed_dictionaries(details).map(lambda drawn: Deed(command, drawn))


def _interval(command: Callable[..., Any], **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    hours = st.sampled_from([1, 4, 24, 72])
    return _deed(command, start=MOMENTS, hours=hours, **details).map(_with_end)


def _with_end(deed: Deed) -> Deed:
    details = dict(deed.details)
    details["end"] = details["start"] + timedelta(hours=details.pop("hours"))
    return deed._replace(details=details)


PUNCHES = st.builds(punch, st.sampled_from(["A001", "B001"]), st.sampled_from([*STAFF, *STAFF, "77", "2002"]), MOMENTS)
LEAVES = _interval(leave.approve, no=PEOPLE, type=st.sampled_from(["sick", "official", "personal"]))
EXCUSES = st.one_of(
    LEAVES,
    _deed(
        corrections.approve,
        no=PEOPLE,
        date=DAYS,
        session=st.sampled_from(["am", "pm"]),
        mark=st.sampled_from(["on", "off"]),
    ),
    _interval(corrections.declare_outage, terminal=st.sampled_from(["A001", "B001"])),
)
OTHERS = st.one_of(
    _interval(
        relief.arrange,
        window=st.sampled_from(["税务窗口", "公安窗口"]),
        relief_no=st.sampled_from(["9001", "1002"]),
        regular_no=st.sampled_from(["1001", "2001", ""]),
    ),
    _deed(
        timetable.assign_duty, no=PEOPLE, date=DAYS, session=st.just("晚"), on=st.just(time(18)), off=st.just(time(20))
    ),
    _deed(
        pins.assign,
        terminal=st.sampled_from(["A001", "B001"]),
        pin=st.sampled_from(["77", "1001", "2002"]),
        no=PEOPLE,
        start=DAYS,
    ),
    _deed(calendar.set_day, date=DAYS, workday=st.booleans()),
    _deed(
        patrol.note,
        finding=st.sampled_from("abc"),
        seen_at=MOMENTS,
        code=st.sampled_from(["late", "absent", "phone"]),
        window=st.sampled_from(["税务窗口", "公安窗口"]),
        no=st.sampled_from(["1001", "1002", "9001", ""]),
    ),
    _deed(patrol.withdraw, finding=st.sampled_from("abc"), reason=st.just("看错了")),
    _deed(
        ratings.rate,
        date=DAYS,
        window=st.just("税务窗口"),
        no=st.sampled_from(["1001", "9001", ""]),
        level=st.just("不满意"),
        verified=st.sampled_from(["yes", "no", "pending"]),
    ),
    _deed(ratings.review, month=st.sampled_from(MONTHS), kind=st.just("peer"), no=PEOPLE, score=st.integers(60, 100)),
    _deed(
        ratings.report_cases,
        month=st.sampled_from(MONTHS),
        unit=st.just("税务局"),
        total=st.integers(0, 9),
        overdue=st.integers(0, 2),
    ),
    _deed(
        bonus.claim,
        date=DAYS,
        windows=st.sampled_from([("税务窗口",), ("税务窗口", "公安窗口")]),
        code=st.just("door"),
        count=st.integers(1, 3),
    ),
    _deed(
        people.post,
        no=st.sampled_from(["1003", "2002"]),
        name=st.just("吴小满"),
        window=st.sampled_from(["税务窗口", "公安窗口"]),
        start=DAYS,
        end=st.none() | st.just(date(2026, 4, 20)),
    ),
    _deed(
        timetable.set_session,
        session=st.just("am"),
        on=st.just(time(8)),
        off=st.sampled_from([time(11), time(12)]),
        weekday=st.sampled_from([1, 6]),
        window=st.just("税务窗口"),
    ),
    _deed(
        policy.put_in_force,
        text=st.sampled_from(
            [
                POLICY.replace(was, becomes)
                for was, becomes in (
                    ("effective_from = 2026-01-01", "effective_from = 2026-04-01"),
                    ("grace_minutes = 0", "grace_minutes = 5"),
                )
            ]
        ),
    ),
)
DEEDS = st.one_of(PUNCHES, PUNCHES, EXCUSES, OTHERS)


@contextmanager
def small_hall() -> Iterator[Hall]:
    """1001 and 1002 at 税务窗口 by day, 2001 at 公安窗口 by night; 9001 stands in; two terminals."""
    with TemporaryDirectory() as folder:
        hall = Hall.found(Path(folder) / "hall", POLICY)
        for window in ("税务", "公安"):
            do(hall, windows.register, window=f"{window}窗口", unit=f"{window}局")
        for no, name in zip(STAFF, ("钱桐雅", "周宁", "孙可岚", "李若茗"), strict=True):
            window = "公安窗口" if no == "2001" else "税务窗口"
            do(hall, people.post, no=no, name=name, window=window, relief=no == "9001")
        do(hall, timetable.set_session, session="am", on=time(9), off=time(12))
        do(hall, timetable.set_session, session="pm", on=time(13, 30), off=time(17))
        do(hall, timetable.set_session, session="night", on=time(20), off=time(8), window="公安窗口")
        for sn in ("A001", "B001"):
            do(hall, terminals.accept, sn=sn)
        try:
            yield hall
        finally:
            hall.close()


def push(hall: Hall, terminal: str, pin: str, days: Mapping[date, tuple[str, ...]], zone: int = 480) -> None:
    """A terminal whose clock stands at a zone sends a PIN's punches, given as times of each day."""
    readings = [Reading(pin, f"{day} {clock}") for day, clocks in days.items() for clock in clocks]
    hall.receive(judge_all(readings, Origin(terminal, zone, "push", "", AFTERWARDS)), f"terminal:{terminal}")


def perform(hall: Hall, deeds: Iterable[Deed], road: str = "push") -> None:
    """Do one thing after the other; what the hall refuses is left undone."""
    for deed in deeds:
        if deed.command is None:
            hall.receive([Punched(road=road, **deed.details)], f"terminal:{deed.details['terminal']}")
            continue
        with suppress(Refused):
            do(hall, deed.command, **deed.details)


def tables_of(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables hold of punches, people and months, whatever numbers they gave to credentials."""
    queries = {
        "punches": "SELECT terminal, pin, second, zone, position FROM punches JOIN credentials ON id = credential",
        "people": "SELECT month, no, days, tally, changes_at FROM people",
        "months": "SELECT month, refused FROM months",
        "state": "SELECT position, recorded_at FROM state",
    }
    with tables.opened(ledger.path) as db:
        return {name: sorted(db.conn.execute(query).fetchall()) for name, query in queries.items()}


def told(hall: Hall, ledger: Ledger) -> dict[str, Any]:
    """Months and day sheets as anyone sees them, the evidence by what it says instead of by its id in this hall."""
    found: dict[str, Any] = {}
    for month in MONTHS:
        body = ledger.month(month)
        del body["as_of"]
        found[month] = _said(hall, body)
        found[f"{month} days"] = ledger.days(month)
    return found


def _said(hall: Hall, part: Any) -> Any:
    """A month with its evidence replaced, its lines of one day in the order of what they say."""
    if isinstance(part, list):
        return [_said(hall, one) for one in part]
    if not isinstance(part, dict):
        return part
    said = {key: _keys(hall, value) if key == "evidence" else _said(hall, value) for key, value in part.items()}
    if "lines" in said:
        said["lines"] = sorted(said["lines"], key=repr)
    return said


def _keys(hall: Hall, evidence: list[str]) -> list[str]:
    facts = [hall.store.versions(_bytes(one))[-1] for one in evidence]
    return sorted(f"{row.topic} {decode(row.topic, row.state).key()}" for row in facts)


def _bytes(event_id: str) -> bytes:
    return bytes.fromhex(event_id.replace("-", ""))
