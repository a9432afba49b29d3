"""The watch over terminals as its page shows it: one row a terminal, trouble first."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from api.doors.ways import Ways
from api.jobs.counts import LOOKBACK
from api.jobs.pulls import visits_of
from api.jobs.visits import Visited
from api.jobs.watch import Sight, Watching
from api.pages.dates import day_text, moment_text, when_text
from api.pages.spans import ago_text, length_text
from api.settings import Language
from api.text import say
from attendance.facts import Refused
from attendance.hall import Hall
from projections.ledger import Ledger

Row = dict[str, Any]
TROUBLES = ("turned_away", "offline", "unreachable", "astray", "missing", "never")
"""From the gravest on. What a terminal in none of them is, is no trouble."""
COUNTERS = ("attlogcount", "transactioncount")
"""What terminals call the number of records they hold."""


class Missing(NamedTuple):
    """Punches that may be missing, and what says so."""

    punches: int
    text: str


class WatchRow(NamedTuple):
    """A terminal in one language."""

    sn: str
    name: str
    state: str
    """A trouble, quiet, well, carried (by files), suspended or replaced."""
    label: str
    since: str
    contact: str
    every: str
    clock: str
    clock_how: str
    clock_wrong: bool
    missing: list[str]
    notes: list[str]
    visit: str
    last_punch: str

    @property
    def is_troubled(self) -> bool:
        return self.state in TROUBLES


class WatchView:
    """Everything the watch page needs of a hall, gathered once."""

    def __init__(self, hall: Hall, ledger: Ledger, language: Language) -> None:
        self.language, self.watching = language, Watching(hall)
        self._ledger, self._ways = ledger, Ways(hall)
        self._visits, self._register = visits_of(hall).all(), ledger.terminals()
        today = self.watching.local(self.watching.now).date()
        self._counts = ledger.counts_more(range(today.toordinal() - LOOKBACK, today.toordinal() + 1))
        self._silent = _silent_days(ledger, today)
        self._set_aside = {
            terminal: len(self.watching.book.quarantine.find("terminal", terminal))
            for terminal in self.watching.book.quarantine.keys("terminal")
        }

    def rows(self) -> list[WatchRow]:
        """Every terminal that was accepted, trouble first."""
        rows = [self.row(row) for row in self._register if row["state"] != "waiting"]
        order = (*TROUBLES, "quiet", "well", "carried", "suspended", "replaced")
        return sorted(rows, key=lambda row: (order.index(row.state), row.sn))

    def row_of(self, sn: str) -> WatchRow | None:
        return next((self.row(row) for row in self._register if row["sn"] == sn and row["state"] != "waiting"), None)

    def row(self, row: Row) -> WatchRow:
        sn = row["sn"]
        accepted = self.watching.book.terminals.known(sn)
        assert accepted is not None
        sight, visited = self.watching.sight(accepted), self._visits.get(sn, Visited(sn))
        missing = self._missing(sight, row["punches"])
        state = row["state"] if row["state"] != "accepted" else self._state(sight, visited, missing)
        if state == "never" and row["punches"]:
            state = "carried"
        return WatchRow(
            sn,
            " ".join(filter(None, (row["name"], row["place"]))),
            state,
            self.say(f"state_{state}"),
            self._beside(state, sight),
            self._contact(sight),
            self._every(sight),
            self._clock(sight),
            self._clock_how(sight),
            self.watching.is_astray(sight),
            [one.text for one in missing],
            self._notes(sight),
            self._visit(sight, visited),
            when_text(row["last_punch_at"], self.language),
        )

    def say(self, key: str, **details: object) -> str:
        return say(f"page.watch.{key}", self.language, **details)

    def moment(self, at: datetime) -> str:
        return moment_text(at, self.language, str(self.watching.zone))

    def _state(self, sight: Sight, visited: Visited, missing: list[Missing]) -> str:
        called = self._ways.of(sight.terminal.terminal) is not None
        if self._turned_away(sight.terminal.terminal):
            return "turned_away"
        if sight.silent_since is not None or self.watching.book.watch.silence(sight.terminal.terminal):
            return "offline"
        if called and visited.failures:
            return "unreachable"
        if self.watching.is_astray(sight):
            return "astray"
        if missing:
            return "missing"
        if sight.contact is None and not visited.good_at:
            return "never"
        return "well" if called or (sight.contact and sight.contact.interval) else "quiet"

    def _beside(self, state: str, sight: Sight) -> str:
        """What stands beside the state."""
        if state == "turned_away":
            return say("page.terminals.turned_away", self.language, address=self._turned_away(sight.terminal.terminal))
        return self._since(sight) if state == "offline" else ""

    def _turned_away(self, sn: str) -> str:
        """Where its last call came from, if that was refused."""
        contact = self.watching.contacts.of(sn)
        return contact.address if contact and contact.refused else ""

    def _since(self, sight: Sight) -> str:
        known = self.watching.book.watch.silence(sight.terminal.terminal)
        since = known.fact.since if known else sight.silent_since
        if since is None:
            return ""
        length = self.watching.local(self.watching.now) - since
        return f"{self.say('since', at=self.moment(since))} · {length_text(_rounded(length), self.language)}"

    def _contact(self, sight: Sight) -> str:
        if sight.contact is None or sight.contact.heard is None:
            return self.say("contact_none")
        return ago_text(sight.contact.heard, self.watching.now, self.language)

    def _every(self, sight: Sight) -> str:
        interval = sight.contact.interval if sight.contact else None
        return self.say("every", n=max(1, round(interval.total_seconds()))) if interval else ""

    def _clock(self, sight: Sight) -> str:
        if sight.behind is None:
            return self.say("clock_unknown")
        if not self.watching.is_astray(sight):
            return self.say("clock_right")
        return self.say(
            "clock_behind" if sight.behind > timedelta() else "clock_ahead", n=length_text(sight.behind, self.language)
        )

    def _clock_how(self, sight: Sight) -> str:
        if sight.behind is None or sight.contact is None:
            return ""
        return self.say("clock_measured" if sight.contact.measured else "clock_guessed")

    def _missing(self, sight: Sight, punches: int) -> list[Missing]:
        found = [self._usual(sight), self._counter(sight, punches), *self._silences(sight), *self._counted(sight)]
        return [one for one in found if one is not None and one.punches > 0]

    def _notes(self, sight: Sight) -> list[str]:
        """What may mean something and may not: numbers that were left out."""
        skipped = sight.contact.serials.skipped if sight.contact else 0
        return [self.say("missing_serials", n=skipped)] if skipped else []

    def _usual(self, sight: Sight) -> Missing | None:
        """By the same hours of the days before its silence."""
        if sight.silent_since is None:
            return None
        now = self.watching.local(self.watching.now)
        punches = self._ledger.usually_between(sight.terminal.terminal, sight.silent_since, now)
        return Missing(punches, self.say("missing_usual", n=punches))

    def _counter(self, sight: Sight, punches: int) -> Missing | None:
        """By its own counter of records: a terminal that holds more than ever came has some left to send."""
        words = sight.contact.told if sight.contact else {}
        told = next((words[name] for name in COUNTERS if name in words), "")
        held = punches + self._set_aside.get(sight.terminal.terminal, 0)
        if not told.isdecimal() or int(told) <= held:
            return None
        return Missing(int(told) - held, self.say("missing_counter", told=told, held=held, n=int(told) - held))

    def _silences(self, sight: Sight) -> list[Missing]:
        """Of this month's workdays, those on which it brought nothing or too little; a silence going on says it all."""
        if sight.silent_since is not None:
            return []
        details = [one["detail"] for one in self._silent if one["subject"] == sight.terminal.terminal]
        return [
            Missing(
                one["may_be_missing"],
                self.say(
                    "missing_days",
                    first=day_text(one["first_day"], self.language),
                    last=day_text(one["last_day"], self.language),
                    n=one["may_be_missing"],
                ),
            )
            for one in details
        ]

    def _counted(self, sight: Sight) -> list[Missing]:
        """By its counts of single days."""
        details = [one["detail"] for one in self._counts if one["subject"] == sight.terminal.terminal]
        return [
            Missing(
                one["may_be_missing"],
                self.say(
                    "missing_counts",
                    day=day_text(one["first_at"][:10], self.language),
                    told=one["records"],
                    held=one["held"],
                ),
            )
            for one in details
        ]

    def _visit(self, sight: Sight, visited: Visited) -> str:
        if self._ways.of(sight.terminal.terminal) is None:
            pushes = sight.contact is not None and sight.contact.interval is not None
            return self.say("visit_push" if pushes else "visit_no_way")
        if visited.is_hopeless:
            return self.say("visit_hopeless")
        if visited.failures and visited.tried_at:
            why = say(f"refused.{visited.code}", self.language, **visited.details)
            return self.say("visit_failed", at=self.moment(visited.tried_at), why=why)
        if visited.good_at:
            return self.say("visit_good", at=self.moment(visited.good_at), n=visited.brought)
        return self.say("visit_never")


def _silent_days(ledger: Ledger, today: date) -> list[Row]:
    try:
        return ledger.silent_days(f"{today:%Y-%m}", today)
    except Refused:
        # Without a calendar nobody knows which days are workdays.
        return []


def _rounded(length: timedelta) -> timedelta:
    """To the minute, once it is longer than one."""
    return length if length < timedelta(minutes=1) else timedelta(minutes=int(length.total_seconds()) // 60)
