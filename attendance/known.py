"""What a row or a form may name. Each check returns what the hall has registered, or refuses."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from attendance.facts import Refused

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.policy import Policy


class Dated:
    """What a fact is that holds from one date to another, both included; None is open-ended."""

    __slots__ = ()
    start: date | None
    end: date | None

    def key(self) -> tuple[str, ...]:
        raise NotImplementedError

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def given(text: str, column: str) -> str:
    if not text:
        raise Refused("missing", column)
    return text


def person(book: "Book", number: str, column: str = "no") -> str:
    """The registered staff number that is meant; leading zeros are ignored when only one person fits."""
    meant = book.people.resolve(given(number, column))
    if meant is not None:
        return meant
    if fitting := book.people.fitting(number):
        raise Refused("person_ambiguous", column, no=number, fitting=fitting)
    raise Refused("person_unknown", column, no=number)


def window(book: "Book", name: str, column: str = "window") -> str:
    if not book.windows.known(given(name, column)):
        raise Refused("window_unknown", column, window=name)
    return name


def named(book: "Book", window_name: str, number: str) -> tuple[str, str]:
    """The window and the person that are meant, either empty where it is not named. Raises Refused without both."""
    if not (window_name or number):
        raise Refused("nobody_named", "window")
    return window(book, window_name) if window_name else "", person(book, number) if number else ""


def unit(book: "Book", name: str) -> str:
    if not book.windows.find("unit", given(name, "unit")):
        raise Refused("unit_unknown", "unit", unit=name)
    return name


def terminal(book: "Book", serial: str) -> str:
    """The serial number of a terminal that was accepted."""
    serial = given(serial, "sn").upper()
    if book.terminals.known(serial) is None:
        raise Refused("terminal_unknown", "sn", sn=serial)
    return serial


def leave_type(policy: "Policy", text: str) -> str:
    """The id of a leave type given by id or by name."""
    return _listed(text, "type", {leave.id: leave.name for leave in policy.leave.types}, "leave_type_unknown")


def finding_code(policy: "Policy", text: str) -> str:
    """The code of a finding given by code or by name."""
    return _listed(text, "code", {finding.code: finding.name for finding in policy.finding}, "finding_code_unknown")


def bonus_code(policy: "Policy", text: str) -> str:
    """The code of a bonus item given by code or by name."""
    return _listed(text, "code", {item.code: item.name for item in policy.bonus}, "bonus_code_unknown")


def level(policy: "Policy", text: str) -> str:
    return _listed(text, "level", {name: name for name in policy.evaluation.levels}, "level_unknown")


def trigger(policy: "Policy", text: str) -> str:
    return _listed(text, "trigger", {name: name for name in policy.veto.triggers}, "trigger_unknown")


def _listed(text: str, column: str, names: dict[str, str], refusal: str) -> str:
    if given(text, column) in names:
        return text
    fitting = [code for code, name in names.items() if name == text]
    if not fitting:
        listed = [code if name == code else f"{code} {name}" for code, name in names.items()]
        raise Refused(refusal, column, value=text, listed=listed)
    return fitting[0]


def dates_in_order(start: date | None, end: date | None) -> None:
    """Refuse a last day before the first one."""
    if start is not None and end is not None and end < start:
        raise Refused("ends_before_start", "to", start=start, end=end)


def times_in_order(start: datetime, end: datetime) -> None:
    """Refuse an interval `[start, end)` in which there is nothing."""
    if end <= start:
        raise Refused("ends_before_start", "end", start=start, end=until(end))


def until(end: datetime) -> datetime | str:
    """An end as people write it: the midnight after a last day is that day's 24:00."""
    return end if end.time() != time() else f"{end - timedelta(days=1):%Y-%m-%d} 24:00"


def apart(fact: Dated, others: Iterable[Dated], refusal: str) -> None:
    """Refuse dates that overlap those of another fact about the same thing."""
    for other in others:
        if other.key() != fact.key() and _overlap(fact, other):
            raise Refused(refusal, "from", start=other.start, end=other.end)


def _overlap(one: Dated, other: Dated) -> bool:
    begins_before_end = (one.start or date.min) <= (other.end or date.max)
    return begins_before_end and (other.start or date.min) <= (one.end or date.max)
