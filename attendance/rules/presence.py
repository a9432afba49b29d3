"""Who should be where at this moment, and whether they have clocked in: what an inspector is shown before looking."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from attendance.book import Book
from attendance.doubts import OUTING
from attendance.localtime import DAY, MINUTE
from attendance.rules.day import DayRules, assign
from attendance.rules.due import Due, PersonDue, WholeDays, stretch

State = Literal["in", "late", "not_yet", "leave", "outing", "absent", "unknown"]


class Presence(NamedTuple):
    """One person at one moment, in hall-local seconds."""

    no: str
    posted: str
    """The window of their own post."""
    window: str
    """The window they serve now; empty when nothing is due any more."""
    regular: str
    """Whom they stand in for, if anybody."""
    stands_in: bool
    state: State
    since: int | None
    """When they clocked in, or their leave began."""
    until: int | None
    """When their leave, or their standing in, ends."""


def presence(
    book: Book, whole: WholeDays, rules: DayRules, no: str, punches: Sequence[int], now: int
) -> Presence | None:
    """Where a person should be now; None for somebody who is not in post today."""
    day = now // DAY
    due = PersonDue(book, whole, no, range(day - 1, day + 2))
    posting = due.posting(day)
    if posting is None:
        return None
    posted = posting.fact.window
    current = next((one for one in due.on(day).sessions if one.session.off > now), None)
    if current is None:
        return Presence(no, posted, "", "", False, "unknown", None, None)
    state, since, until = _state(due, current, rules, punches, now)
    stand = current.session.relief
    if stand is not None and until is None:
        until = current.session.off
    regular = stand.fact.regular_no if stand else ""
    return Presence(no, posted, current.session.window, regular, stand is not None, state, since, until)


def _state(
    due: PersonDue, current: Due, rules: DayRules, punches: Sequence[int], now: int
) -> tuple[State, int | None, int | None]:
    moment = max(now, current.session.on)
    cover = next((one for one in current.covers if one.start <= moment < one.end), None)
    if cover is not None:
        return ("outing" if cover.type == OUTING else "leave"), cover.start, cover.end
    if current.on is None:
        return "unknown", None, None
    here, punch = stretch(current), _punched_on(due, current, rules, punches, now)
    if punch is not None:
        late = (punch - here.on) // MINUTE > rules.policy.grace_minutes
        return ("late" if late else "in"), punch, None
    if not here.owes_on:
        return "unknown", None, None
    return ("absent" if now >= here.mid else "not_yet"), None, None


def _punched_on(due: PersonDue, current: Due, rules: DayRules, punches: Sequence[int], now: int) -> int | None:
    """The punch that serves the session's on mark, as far as it has come."""
    day = now // DAY
    today = due.on(day)
    so_far = [second for second in punches if second <= now]
    served = assign(today.live, due.on(day - 1).live, due.on(day + 1).live, so_far, rules).served
    live = [one for one in today.sessions if one.on is not None]
    return next((pair[0] for one, pair in zip(live, served, strict=True) if one is current), None)
