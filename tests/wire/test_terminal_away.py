"""A terminal that was away for three days, and comes back with everything it kept."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from halls import POLICY, register_a_small_hall
from wires import OpenDoor, door_opened

from api.doors.contacts import contacts_of
from api.jobs.watch import Watching, look
from attendance.hall import Hall
from attendance.questions import TerminalAnswered, TerminalAsked
from attendance.watch import TerminalFellSilent, TerminalReturned
from devices.exchange import NotAcknowledged
from devices.zkteco.simulator import SimulatedTerminal
from projections.ledger import Ledger

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEFORE = [date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17)]
AWAY = [date(2026, 3, day) for day in (18, 19, 20)]
FOUR = (time(8, 50), time(12, 5), time(13, 20), time(17, 10))
LAST_CALL = datetime(2026, 3, 18, 8, tzinfo=SHANGHAI)


def work(terminal: SimulatedTerminal, days: list[date]) -> None:
    """Two people punch four times a day; some of it within the same minute."""
    for day in days:
        for at in FOUR:
            for n, pin in enumerate(("101", "102")):
                terminal.punch(pin, datetime.combine(day, at) + timedelta(seconds=20 * n))


def silent_over(door: OpenDoor, *moments: datetime) -> None:
    """The watch looks, again and again, while the terminal does not call."""
    contacts = contacts_of(door.hall)
    contacts.since = LAST_CALL - timedelta(days=1)
    contacts._by_terminal.clear()
    contacts.met("A001", "127.0.0.1", LAST_CALL)
    for moment in moments:
        look(Watching(door.hall, moment))


def days_of(hall: Hall) -> list[dict]:
    return [*Ledger(hall).days("2026-03", "0101"), *Ledger(hall).days("2026-03", "102")]


@pytest.fixture
def never_away(tmp_path: Path) -> list[dict]:
    """The day sheets of the same two people, had the terminal never been away."""
    hall = Hall.found(tmp_path / "other", POLICY)
    register_a_small_hall(hall)
    with door_opened(hall) as door:
        terminal = door.terminal()
        terminal.handshake()
        work(terminal, [*BEFORE, *AWAY])
        terminal.upload()
        sheets = days_of(hall)
    hall.close()
    return sheets


@pytest.mark.parametrize("cut", [None, 300], ids=["whole", "cut mid-upload"])
def test_three_days_away_lose_nothing_and_are_told_once(hall: Hall, never_away: list[dict], cut: int | None) -> None:
    with door_opened(hall) as door:
        terminal = door.terminal()
        terminal.handshake()
        work(terminal, BEFORE)
        terminal.upload()
        silent_over(door, *(LAST_CALL + timedelta(minutes=n) for n in (2, 6, 7, 60, 1440, 3000)))
        work(terminal, AWAY)
        while_away = [one for one in Ledger(hall).completeness("2026-03") if one["subject"] == "A001"]
        assert [(one["kind"], one["since"]) for one in while_away] == [("terminal_offline", "2026-03-18 08:00:00")]
        assert while_away[0]["detail"]["may_be_missing"] >= len(AWAY) * len(FOUR) * 2
        come_back(terminal, cut)
        look(Watching(hall, datetime.now(UTC)))
        assert len(door.facts(TerminalFellSilent)) == len(door.facts(TerminalReturned)) == 1
        assert "terminal_offline" not in [one["kind"] for one in Ledger(hall).completeness("2026-03")]
        answered(door, terminal)
        assert len(door.punches()) == len(terminal.log)
        assert days_of(hall) == never_away


def come_back(terminal: SimulatedTerminal, cut: int | None) -> None:
    """The network is there again; the first upload may break off half way."""
    terminal.handshake()
    terminal.mood.cut_after = cut
    try:
        terminal.upload()
    except (NotAcknowledged, OSError):
        terminal.upload()


def answered(door: OpenDoor, terminal: SimulatedTerminal) -> None:
    """Whatever the uploads brought, the hall asks once more for the time of the silence; nothing of it counts twice."""
    before = len(door.punches())
    (asked,) = door.facts(TerminalAsked)
    assert (asked.matter, asked.start) == ("attlog", datetime(2026, 3, 18, 7, 50))
    deadline = monotonic() + 10
    while not (commands := terminal.poll()) and monotonic() < deadline:
        sleep(0.1)  # The door reads the register anew every second.
    assert [command.split(":", 2)[2].split(" StartTime")[0] for command in commands] == ["DATA QUERY ATTLOG"]
    assert [answer.code for answer in door.facts(TerminalAnswered)] == [0]
    assert len(door.punches()) == before
