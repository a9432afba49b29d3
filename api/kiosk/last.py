"""Who clocked in last at a terminal: three people, the newest first, of today alone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.given import zone_of
from api.kiosk.desk import Desk
from api.kiosk.punching import Clocked, judged

MOST = 3


def note(desk: Desk, terminal: str, clocked: Clocked) -> None:
    """Somebody was here, now or while the terminal had no network."""
    others = [one for one in last_here(desk, terminal) if one.no != clocked.no]
    desk.last[terminal] = sorted([clocked, *others], key=lambda one: one.at, reverse=True)[:MOST]


def last_here(desk: Desk, terminal: str) -> list[Clocked]:
    """In memory, and out of the log again after a start: a screen must not say that nobody was here."""
    if terminal not in desk.last:
        people = desk.ledger.last_at(terminal, zone_of(desk.hall), MOST)
        desk.last[terminal] = [judged(desk.ledger, no, at) for no, at in people]
    today = datetime.now(UTC).astimezone(ZoneInfo(zone_of(desk.hall))).date()
    return [one for one in desk.last[terminal] if one.at.date() == today]
