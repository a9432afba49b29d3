"""The read side of a hall: everything people and programs ask for, as of now, as of then, or under another policy."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import sqlite_utils

from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.localtime import moment_of, month_of, second_of
from attendance.log.database import sqlite3
from attendance.log.rows import Head
from attendance.months import Frozen
from attendance.policy import Policy
from attendance.rules.person_month import Day, MonthRules
from attendance.rules.presence import Presence
from attendance.rules.tally import Tally
from projections import questions, tables
from projections.arithmetic import arithmetic, person_arithmetic
from projections.audit import audit, audit_months
from projections.completeness import completeness
from projections.counted import terminals_that_count_more
from projections.days import sheets
from projections.derive import PersonKept, derive, read_days, read_tallies, tally_of
from projections.differences import differences
from projections.edition import edition
from projections.evidence import evidence
from projections.facts import NEWEST, PunchesOf, last_at
from projections.month import MONTH_KEYS, month_body
from projections.names import names, put_in
from projections.patrol import patrol_questions
from projections.presence import present_now
from projections.rebuild import rebuild
from projections.runner import Runner, local_second, utc_now
from projections.silence import silent_terminals
from projections.since import facts_since
from projections.terminals import terminals
from projections.watching import usually_between

Json = dict[str, Any]

ATTEMPTS = 5
"""How often the tables are derived anew before their disk is taken to be at fault."""


class Standing(NamedTuple):
    """Where the tables stand in the log."""

    position: int
    recorded_at: int


class Ledger:
    """The derived tables of a hall, kept up with its log. Safe to use from several threads and processes."""

    def __init__(self, hall: Hall, path: Path | None = None) -> None:
        self.hall = hall
        self.path = path or hall.folder.projections
        self._runner = Runner(hall)
        self._lock = RLock()
        self._editions: dict[tuple[str, int], tuple[MonthRules, list[Tally]]] = {}
        """The edition asked for last, by month and position, and what it was weighed from: it never changes."""
        self.position = 0

    def follow(self, now: datetime | None = None) -> int:
        """Catch up with the log, and with time; returns the position reached."""
        with self._current(now) as _:
            return self.position

    def rebuild(self, now: datetime | None = None) -> int:
        """Drop every table and derive everything again, in bulk."""
        with self._lock:
            self.position = rebuild(self.hall, self.path, now or utc_now())
            return self.position

    @contextmanager
    def _current(self, now: datetime | None = None) -> Iterator[sqlite_utils.Database]:
        """The tables, caught up with the log, as of one position: other processes may move them on meanwhile."""
        with self._lock:
            db = self._caught_up(now or utc_now())
            try:
                yield db
            finally:
                db.conn.close()

    def _caught_up(self, now: datetime) -> sqlite_utils.Database:
        """A connection that reads at the log's head. Tables that were damaged, or deleted in part, are derived anew."""
        for _ in range(ATTEMPTS):
            try:
                return self._snapshot(now)
            except sqlite3.DatabaseError as error:
                if not tables.is_damage(error):
                    raise
                tables.discard(self.path)
        return self._snapshot(now)

    def _snapshot(self, now: datetime) -> sqlite_utils.Database:
        db = tables.connect(self.path)
        try:
            if self._behind(db, now):
                with tables.transaction(db):
                    self._prepare(db)
                    self._runner.catch_up(db, now)
            db.conn.execute("BEGIN")
            self.position = _standing(db).position
        except BaseException:
            db.conn.close()
            raise
        return db

    def _behind(self, db: sqlite_utils.Database, now: datetime) -> bool:
        if not tables.is_current(db, str(self.hall.id)):
            return True
        self.position = _standing(db).position
        return self.position < self.hall.store.head().position or self._runner.is_behind_time(db, now)

    def _prepare(self, db: sqlite_utils.Database) -> None:
        if not tables.is_current(db, str(self.hall.id)):
            tables.drop(db)
            tables.create(db, str(self.hall.id))

    def months(self) -> list[str]:
        """Months that any fact speaks of, up to the present one, oldest first."""
        with self._current() as db:
            book = self._book(db)
            punched = {month for (month,) in db.conn.execute("SELECT month FROM months")}
            return sorted(m for m in punched | questions.months_of_facts(book) if m <= month_of(_today()))

    def month(self, month: str, *, as_of: int | datetime | None = None, policy: Policy | None = None) -> Json:
        """The month (design.md 5.5): as known now, as of a position or a moment, or under another policy.

        Raises Refused for a month without calendar, and for an as-of before the log's first fact.
        """
        with self._current() as db:
            if as_of is not None or policy is not None:
                return self._month_asked(db, month, as_of, policy)
            book, standing = self._book(db), _standing(db)
            if frozen := book.months.standing(month):
                return self._frozen_month(book, frozen)
            kept = self._kept_body(db, month)
            encoded = kept or self._weighed_body(db, book, month)
            told = self._complete(db, book, month, msgspec.json.decode(encoded), Head(*standing))
        if kept is None:
            self._keep_body(month, encoded, standing.position)
        return told

    def _frozen_month(self, book: Book, frozen: Frozen) -> Json:
        """What was published, for good."""
        body = {key: frozen.fact.edition[key] for key in MONTH_KEYS}
        return self._named(book, {**deepcopy(body), "state": frozen.state})

    def _kept_body(self, db: sqlite_utils.Database, month: str) -> bytes | None:
        """The weighed month, kept until somebody's part of it is derived again."""
        row = db.conn.execute("SELECT body FROM months WHERE month = ?", (month,)).fetchone()
        return row[0] if row else None

    def _body(self, db: sqlite_utils.Database, book: Book, month: str) -> Json:
        """The weighed month as known now."""
        body: Json = msgspec.json.decode(self._kept_body(db, month) or self._weighed_body(db, book, month))
        return body

    def _weighed_body(self, db: sqlite_utils.Database, book: Book, month: str) -> bytes:
        rules = self._rules(book, month)
        return msgspec.json.encode(month_body(rules, self._tallies(db, rules)))

    def _keep_body(self, month: str, body: bytes, position: int) -> None:
        """Keep a weighed month, unless the tables moved on since. Without it, whoever asks next weighs it again."""
        with suppress(sqlite3.DatabaseError), tables.opened(self.path) as db, tables.transaction(db):
            if tables.is_current(db, str(self.hall.id)) and _standing(db).position == position:
                db.conn.execute(
                    "UPDATE months SET body = ?, position = ? WHERE month = ? AND refused IS NULL",
                    (body, position, month),
                )

    def _month_asked(
        self, db: sqlite_utils.Database, month: str, as_of: int | datetime | None, policy: Policy | None
    ) -> Json:
        as_of = self._in_hall_time(as_of, month)
        head = self._head(db, as_of)
        book = self._book(db) if as_of is None else self.hall.book_at(head.position)
        rules = self._rules(book, month, policy, moment_seen_from(as_of, head))
        body = month_body(rules, [tally_of(one) for one in self._derive(db, rules, head.position)])
        return self._complete(db, book, month, body, head)

    def _complete(self, db: sqlite_utils.Database, book: Book, month: str, body: Json, head: Head) -> Json:
        return self._named(book, self._with_standing(db, book, month, body, head))

    def _with_standing(self, db: sqlite_utils.Database, book: Book, month: str, body: Json, head: Head) -> Json:
        """The month with where it stands: its state, its place in the log, and what is open."""
        return {
            **body,
            "state": book.months.state(month),
            "as_of": {"position": head.position, "recorded_at": questions.utc_text(head.recorded_at)},
            "open_questions": questions.open_questions(db, book, month, head.position),
        }

    def _named(self, book: Book, body: Json) -> Json:
        return put_in(body, names(self.hall, book, body["month"]))

    def edition(self, month: str) -> Json:
        """Everything a bulletin says, by staff number, as known now: what a review shows and a publication freezes."""
        with self._current() as db:
            book, head = self._book(db), Head(*_standing(db))
            body = self._body(db, book, month)
            whole = self._with_standing(db, book, month, body, head)
            return edition(book, whole, self._kept_days(db, book, month, None))

    def published(self, month: str) -> Json | None:
        """The edition that stands, with its state, number and date; None for a month that is not published."""
        with self._current() as db:
            frozen = self._book(db).months.standing(month)
            return self._shown(frozen) if frozen else None

    def in_review(self, month: str) -> Json | None:
        """The edition last shown for objection, with its round and deadline."""
        with self._current() as db:
            frozen = self._book(db).months.review(month)
            return self._shown(frozen) if frozen else None

    def _shown(self, frozen: Frozen) -> Json:
        told = [name for name in frozen.fact.__struct_fields__ if name != "reason"]
        return {
            **{name: msgspec.to_builtins(getattr(frozen.fact, name)) for name in told},
            "state": frozen.state,
            "reason": self.hall.opened(getattr(frozen.fact, "reason", None)),
            "recorded_at": questions.utc_text(frozen.entry.recorded_at),
            "actor": frozen.entry.actor,
        }

    def differences(self, month: str) -> list[Json]:
        """How what is known now differs from what was published, or else from what was shown for objection."""
        with self._current() as db:
            book = self._book(db)
            frozen = book.months.standing(month) or book.months.review(month)
            if frozen is None:
                return []
            return differences(frozen.fact.edition, self._body(db, book, month))

    def completeness(self, month: str) -> list[Json]:
        """Everything unsettled about a month, before it is shown or published."""
        with self._current() as db:
            book = self._book(db)
            now = local_second(book.policies.in_force(month).meta.timezone, utc_now())
            return completeness(db, book, month, now)

    def silent_days(self, month: str, before: date) -> list[Json]:
        """Terminals that brought nothing, or too little, on workdays of a month before a day. Raises Refused for a
        month without calendar."""
        with self._current() as db:
            return silent_terminals(db, self._book(db), month, before.toordinal())

    def counts_more(self, days: range) -> list[Json]:
        """Spans within some days of which a terminal counts more records than the log holds."""
        with self._current() as db:
            return terminals_that_count_more(db, self._book(db), days)

    def usually_between(self, terminal: str, start: datetime, end: datetime) -> int:
        """About how many punches a terminal brings between two moments of the hall's wall clock."""
        with self._current() as db:
            return usually_between(db, self._book(db), terminal, second_of(start), second_of(end))

    def present_now(self, now: datetime | None = None) -> list[Presence]:
        """Who should be at which window now, and whether they have clocked in."""
        moment = now or utc_now()
        with self._current(moment) as db:
            return present_now(db, self._book(db), moment)

    def patrol_questions(self, month: str, today: date) -> list[Json]:
        """What patrol leaves unsettled about a month: contradictions, appeals, held deeds, doubtful clocks."""
        with self._current() as db:
            return patrol_questions(db, self._book(db), month, today)

    def facts_since(self, month: str, position: int) -> list[Json]:
        """What was told of a month after a position of the log: why it may differ from what was frozen then."""
        with self._current() as db:
            return facts_since(db, self.hall.store, self._book(db), month, position)

    def names(self, month: str | None = None) -> dict[str, str]:
        """Everyone's name by staff number; empty where the key was destroyed."""
        with self._current() as db:
            return names(self.hall, self._book(db), month)

    def days(self, month: str, no: str | None = None) -> list[Json]:
        """Day sheets (design.md 5.4). Raises Refused for a month without calendar or an unknown number."""
        with self._current() as db:
            book = self._book(db)
            number = self._number(book, no)
            rows = self._kept_days(db, book, month, number)
            return sheets(rows, names(self.hall, book, month))

    def _kept_days(self, db: sqlite_utils.Database, book: Book, month: str, no: str | None) -> list[tuple[str, bytes]]:
        rules = self._rules(book, month)
        if self._is_kept(db, month):
            return read_days(db, month, no)
        everyone = [no] if no else rules.people()
        derived = derive(rules, everyone, PunchesOf(db, book, rules.policy.meta.timezone))
        return [(person.no, person.days) for person in derived]

    def day_so_far(self, no: str, day: date) -> Day | None:
        """One person's day judged at once, sessions still to begin included: what a terminal says of a punch.

        None when nothing is due that day. Raises Refused as `days` does.
        """
        with self._current() as db:
            book = self._book(db)
            rules = MonthRules(book, month_of(day.toordinal()))
            punches = PunchesOf(db, book, rules.policy.meta.timezone).person(no, rules.days)
            judged = rules.person(no, punches).days
            return next((one for one in judged if one.sheet.day == day.toordinal()), None)

    def last_at(self, terminal: str, timezone: str, count: int) -> list[tuple[str, datetime]]:
        """Who was at a terminal last, the newest first, and when by the wall clock of a zone."""
        with self._current() as db:
            found = last_at(db, self._book(db), timezone, terminal, count)
            return [(no, moment_of(second)) for no, second in found]

    def arithmetic(self, month: str, no: str) -> Json | None:
        """One person's score step by step, as published if the month is; None for someone who is not ranked."""
        with self._current() as db:
            book = self._book(db)
            frozen = book.months.standing(month)
            body = frozen.fact.edition if frozen else self._body(db, book, month)
            rank = next((row["rank"] for row in body["ranking"] if row["no"] == no), None)
            return None if rank is None else person_arithmetic(*self._weighed(db, book, month), rank, no)

    def sums(self, month: str) -> dict[str, Json]:
        """Everybody's score step by step, by staff number, as published if the month is."""
        with self._current() as db:
            return arithmetic(*self._weighed(db, self._book(db), month))

    def _weighed(self, db: sqlite_utils.Database, book: Book, month: str) -> tuple[MonthRules, list[Tally]]:
        """The rules and tallies from which the month that people see was weighed."""
        frozen = book.months.standing(month)
        if frozen is None:
            rules = self._rules(book, month)
            return rules, self._tallies(db, rules)
        position = frozen.fact.position
        if (month, position) not in self._editions:
            rules = self._rules(self.hall.book_at(position), month)
            tallies = [tally_of(one) for one in self._derive(db, rules, position)]
            self._editions = {(month, position): (rules, tallies)}
        return self._editions[month, position]

    def evidence(self, event_id: str) -> list[Json]:
        """Every version of a fact, opened; empty for an unknown id."""
        return evidence(self.hall, event_id)

    def punches(self, month: str, no: str) -> dict[str, list[str]]:
        """The facts behind a person's punches of a month, by hall-local `YYYY-MM-DD HH:MM:SS`."""
        with self._current() as db:
            book = self._book(db)
            rules = self._rules(book, month)
            number = self._number(book, no) or no
            own = PunchesOf(db, book, rules.policy.meta.timezone).person(number, rules.days)
            return {
                moment_of(second).isoformat(" "): [str(fact) for fact in own.facts(second)] for second in own.seconds
            }

    def audit(self, *, month: str = "", no: str = "", before: int = NEWEST, limit: int = 200) -> list[Json]:
        """Who told the log what, the newest first: of a month, of a person, or of both; before a position."""
        with self._current() as db:
            return audit(db, month, no, before, limit)

    def audit_months(self) -> list[str]:
        """The months of which something was told by a person, the newest first."""
        with self._current() as db:
            return audit_months(db)

    def terminals(self) -> list[Json]:
        with self._current() as db:
            return terminals(db, self._book(db))

    def quarantine(self) -> list[Json]:
        with self._current() as db:
            return questions.quarantine(self._book(db))

    def unknown_pins(self) -> list[Json]:
        with self._current() as db:
            return questions.unknown_pins(db, self._book(db))

    def unknown_punches(self, terminal: str) -> list[Json]:
        """Of one terminal: the PINs of nobody known, each with its punches by date."""
        with self._current() as db:
            return questions.unknown_punches(db, self._book(db), terminal)

    def _book(self, db: sqlite_utils.Database) -> Book:
        return self._runner.book_at(_standing(db).position)

    def _rules(self, book: Book, month: str, policy: Policy | None = None, now: datetime | None = None) -> MonthRules:
        horizon = self._runner.horizon(month, now or utc_now())
        return MonthRules(book, month, policy, horizon)

    def _is_kept(self, db: sqlite_utils.Database, month: str) -> bool:
        return (
            db.conn.execute("SELECT 1 FROM months WHERE month = ? AND refused IS NULL", (month,)).fetchone() is not None
        )

    def _tallies(self, db: sqlite_utils.Database, rules: MonthRules) -> list[Tally]:
        if self._is_kept(db, rules.month):
            return read_tallies(db, rules.month)
        return [tally_of(one) for one in self._derive(db, rules, NEWEST)]

    def _derive(self, db: sqlite_utils.Database, rules: MonthRules, upto: int) -> Iterator[PersonKept]:
        punches = PunchesOf(db, rules.book, rules.policy.meta.timezone, upto)
        return derive(rules, rules.people(), punches)

    def _in_hall_time(self, as_of: int | datetime | None, month: str) -> int | datetime | None:
        """A moment named without a zone is the hall's own time."""
        if not isinstance(as_of, datetime) or as_of.tzinfo:
            return as_of
        return as_of.replace(tzinfo=ZoneInfo(self.hall.book().policies.in_force(month).meta.timezone))

    def _head(self, db: sqlite_utils.Database, as_of: int | datetime | None) -> Head:
        if as_of is None:
            return Head(*_standing(db))
        if isinstance(as_of, datetime):
            head = self.hall.store.position_at(int(as_of.timestamp() * 1_000_000))
        else:
            rows = self.hall.store.read(as_of - 1, 1) if 0 < as_of <= NEWEST else []
            head = Head(rows[0].position, rows[0].recorded_at) if rows else Head(0, 0)
        if not head.position:
            raise Refused("as_of_unknown", "as_of", as_of=as_of)
        return head

    def _number(self, book: Book, no: str | None) -> str | None:
        if no is None:
            return None
        number = book.people.resolve(no)
        if number is None:
            raise Refused("person_unknown", "no", no=no)
        return number


def moment_seen_from(as_of: int | datetime | None, head: Head) -> datetime:
    """The moment from which an as-of looks: the one named, or that of the row named; never one still to come."""
    if as_of is None:
        return utc_now()
    recorded_at = datetime.fromtimestamp(head.recorded_at / 1_000_000, UTC)
    return min(as_of, utc_now()) if isinstance(as_of, datetime) else recorded_at


def _standing(db: sqlite_utils.Database) -> Standing:
    return Standing(*db.conn.execute("SELECT position, recorded_at FROM state").fetchone())


def _today() -> int:
    return datetime.now(UTC).toordinal() + 1
