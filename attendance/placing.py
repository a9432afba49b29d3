"""Placing what was held: somebody puts the window, the person, the code or the moment right, or dismisses it."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from attendance import known, leave
from attendance.deeds import DeedHeld, DeedSettled
from attendance.doubts import OUTING
from attendance.facts import Refused
from attendance.tablet import Deed, Taking, Telling

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


class Mended(NamedTuple):
    """What somebody puts right; what is empty stays as the tablet sent it."""

    window: str = ""
    no: str = ""
    code: str = ""
    at: datetime | None = None
    """On the hall's wall."""
    until: str = ""


def admit(
    draft: "Draft", *, deed: str, content: str, mended: Mended, now: datetime, zone: str, reason: str = ""
) -> "Outcome":
    """Make a fact of what was held, in the name of the inspector who saw it. `content` is what the tablet sent.

    Raises Refused while something still stands against it.
    """
    held = _open(draft, deed)
    told = msgspec.json.decode(content, type=Deed)
    changes = {name: value for name, value in mended._asdict().items() if value}
    offset = held.offset_seconds
    if mended.at is not None:
        changes["at"], offset = mended.at.replace(tzinfo=ZoneInfo(zone)), 0
    told = msgspec.structs.replace(told, **changes)
    taking = Taking(draft, Telling(held.account, held.tablet, now, offset, zone))
    if told.kind == "withdrawal":
        raise Refused("withdrawal_waits", "deed")
    if told.kind == "outing":
        _excuse(draft, taking, told)
    else:
        taking.store(told)
    return draft.record(DeedSettled(deed=deed, verdict="admitted", reason=draft.seal("", reason.strip())))


def _excuse(draft: "Draft", taking: Taking, told: Deed) -> None:
    """The office may excuse what an inspector may not: an outing longer than the policy's short one."""
    start, end = taking.span(told, taking.telling.local(told.at))
    leave.approve(draft, no=told.no, type=OUTING, start=start, end=end, reason=told.note.strip())


def dismiss(draft: "Draft", *, deed: str, reason: str) -> "Outcome":
    """It counts for nothing, for a reason; it stays in the log as it came."""
    _open(draft, deed)
    told = draft.seal("", known.given(reason.strip(), "reason"))
    return draft.record(DeedSettled(deed=deed, verdict="dismissed", reason=told))


def _open(draft: "Draft", deed: str) -> DeedHeld:
    held = draft.book.deeds.holding(deed)
    if held is None:
        raise Refused("deed_unknown", "deed")
    if draft.book.deeds.verdict(deed):
        raise Refused("deed_settled", "deed")
    return held.fact
