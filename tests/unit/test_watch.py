"""The watch over terminals: each silence and each wrong clock is told once, and what was swallowed is asked for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from halls import do, refusal_of

from api.doors.clocks import astray, read_clock
from api.doors.contacts import Contact, Contacts, Measured, contacts_of
from api.jobs import counts, remembering
from api.jobs.job import House
from api.jobs.watch import Watching, look, watch_terminals
from api.settings import Settings
from attendance import register, watch
from attendance.facts import Entry, Fact
from attendance.hall import Hall
from attendance.localtime import second_of
from attendance.policy import adopt
from attendance.punches import Punched, ReadingQuarantined
from attendance.questions import TerminalAnswered, TerminalAsked, TerminalCounted
from attendance.terminals import TerminalOperated
from attendance.watch import TerminalClockAgreed, TerminalClockStrayed, TerminalFellSilent, TerminalReturned
from devices.ports import Caller
from devices.watch import Heard, Serials, silent_since
from projections import tables
from projections.ledger import Ledger
from projections.watching import covered, usually_between, watch_questions

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 18, 12, tzinfo=SHANGHAI)
POLL = timedelta(seconds=10)


def told(hall: Hall, *kinds: type[Fact]) -> list[Fact]:
    return [fact for row in hall.store.read(0, 10_000) if isinstance(fact := row.entry().fact, kinds)]


def polls(hall: Hall, last: datetime, sn: str = "A001") -> Contact:
    """The terminal polled every ten seconds up to a moment."""
    contacts_of(hall).since = NOON - timedelta(days=9)
    contact = contacts_of(hall).met(sn, "10.0.0.5", last)
    contact.beats.extend(last - n * POLL for n in range(5, -1, -1))
    return contact


def looked(hall: Hall, minutes: float) -> object:
    return look(Watching(hall, NOON + timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("family", "interval", "silent_for", "is_silent"),
    [
        ("zkteco", 10, 59, False),
        ("zkteco", 10, 61, True),
        ("zkteco", 60, 179, False),
        ("zkteco", 60, 181, True),
        ("zkteco", None, 61, True),
        ("hikvision", None, 86400, False),
        ("hikvision", 30, 91, True),
        ("dahua", 3600, 1799, False),
        ("dahua", 3600, 1801, True),
    ],
)
def test_three_intervals_without_a_call_are_silence(
    family: str, interval: int | None, silent_for: int, is_silent: bool
):
    last = NOON - timedelta(seconds=silent_for)
    heard = Heard(family, last, None if interval is None else timedelta(seconds=interval))
    assert silent_since(heard, NOON, NOON - timedelta(days=9)) == (last if is_silent else None)


@pytest.mark.parametrize(
    ("serials", "skipped"),
    [
        ([], 0),
        ([0, 0], 0),
        ([5], 0),
        ([5, 6, 7], 0),
        ([5, 8], 2),
        ([5, 8, 6, 8], 2),
        ([50_000, 3, 4, 6], 1),
        ([5, 200_000, 200_002], 1),
    ],
)
def test_numbers_that_were_left_out_are_counted_until_a_terminal_starts_anew(serials: list[int], skipped: int):
    heard = Serials()
    for serial in serials:
        heard.hear(serial)
    assert heard.skipped == skipped


def test_while_nobody_listened_no_terminal_was_silent():
    heard = Heard("zkteco", NOON - timedelta(hours=9), POLL)
    assert silent_since(heard, NOON, NOON - timedelta(seconds=30)) is None
    assert silent_since(heard, NOON, NOON - timedelta(minutes=2)) == heard.last


def test_a_terminal_that_never_called_is_not_missed():
    """Its punches are carried over on a stick."""
    assert silent_since(Heard("zkteco", None, None), NOON, NOON - timedelta(days=2)) is None


def test_a_silence_and_a_return_are_told_once_each_however_often_one_looks(hall: Hall):
    contact = polls(hall, NOON)
    for minute in (1, 3, 6, 7, 60):
        looked(hall, minute)
    contact.heard = NOON + timedelta(minutes=70)
    for minute in (70.5, 70.9):
        looked(hall, minute)
    silence, back = told(hall, TerminalFellSilent, TerminalReturned)
    assert (silence.since, back.since, back.until) == (
        datetime(2026, 3, 18, 12),
        datetime(2026, 3, 18, 12),
        datetime(2026, 3, 18, 13, 10),
    )


def test_a_short_silence_leaves_no_trace(hall: Hall):
    contact = polls(hall, NOON)
    assert looked(hall, 4) == {"terminals": 1, "silent": 1, "astray": 0}
    contact.heard = NOON + timedelta(minutes=4.5)
    looked(hall, 4.6)
    assert told(hall, TerminalFellSilent, TerminalReturned) == []


def test_a_terminal_that_is_back_is_asked_for_the_punches_of_its_silence(hall: Hall):
    contact = polls(hall, NOON)
    looked(hall, 10)
    contact.heard = NOON + timedelta(hours=2)
    looked(hall, 120.5)
    (asked,) = told(hall, TerminalAsked)
    assert (asked.matter, asked.start) == ("attlog", datetime(2026, 3, 18, 11, 50))
    assert asked.end == datetime(2026, 3, 18, 14, 0, 30)


def test_a_terminal_that_is_turned_away_is_as_silent_as_one_that_does_not_call(hall: Hall):
    polls(hall, NOON)
    contacts_of(hall).note("A001", "10.0.0.99", NOON + timedelta(minutes=9), "address")
    assert looked(hall, 9.5) == {"terminals": 1, "silent": 1, "astray": 0}
    assert [fact.since for fact in told(hall, TerminalFellSilent)] == [datetime(2026, 3, 18, 12)]


def test_a_suspended_terminal_is_not_missed(hall: Hall):
    polls(hall, NOON)
    do(hall, register.suspend, sn="A001", reason="送修")
    assert looked(hall, 60) == {"terminals": 0, "silent": 0, "astray": 0}


def test_a_wrong_clock_is_told_when_it_is_noticed_and_when_it_is_right_again(hall: Hall):
    contact = polls(hall, NOON)
    for minute, seconds in ((0.1, 59), (0.2, 61), (0.3, 75), (0.5, -2)):
        contact.measured = Measured(NOON, timedelta(seconds=seconds))
        looked(hall, minute)
    stray, agreed = told(hall, TerminalClockStrayed, TerminalClockAgreed)
    assert (stray.seconds, stray.since) == (61, datetime(2026, 3, 18, 12, 0, 12))
    assert (agreed.since, agreed.until) == (stray.since, datetime(2026, 3, 18, 12, 0, 30))


def test_how_far_a_clock_may_be_off_is_the_policys_to_say(hall: Hall, request: pytest.FixtureRequest):
    text = (request.config.rootpath / "attendance/defaults/policy.toml").read_text(encoding="utf-8")
    wider = adopt(text.replace("devices_clock_skew_alert_seconds = 60", "devices_clock_skew_alert_seconds = 120"))
    hall.decide(lambda draft: draft.record(wider), "office")
    polls(hall, NOON).measured = Measured(NOON, timedelta(seconds=75))
    assert looked(hall, 0.1) == {"terminals": 1, "silent": 0, "astray": 0}


def test_a_wrong_clock_is_an_open_question_until_somebody_says_what_was_done(hall: Hall):
    since = datetime(2026, 3, 18, 12)
    do(hall, watch.note_stray, sn="A001", since=since, seconds=75)
    do(hall, watch.note_agreement, sn="A001", until=datetime(2026, 3, 19, 9))
    (one,) = [one for one in Ledger(hall).completeness("2026-03") if one["kind"].startswith("clock_")]
    assert (one["kind"], one["subject"], one["detail"]["seconds"]) == ("clock_behind", "A001", 75)
    assert "clock_behind" not in [one["kind"] for one in Ledger(hall).completeness("2026-04")]
    assert refusal_of(hall, watch.settle, sn="A001", since=since, reason=" ") == ("settling_needs_reason", "reason")
    other = datetime(2026, 3, 17)
    assert refusal_of(hall, watch.settle, sn="A001", since=other, reason="看过") == ("stray_unknown", "since")
    assert do(hall, watch.settle, sn="A001", since=since, reason="已给两人补卡") == "new"
    assert "clock_behind" not in [one["kind"] for one in Ledger(hall).completeness("2026-03")]


WORKDAYS = [day for n in range(1, 18) if (day := date(2026, 3, n)).weekday() < 5]


@pytest.fixture
def used(hall: Hall) -> Iterator[Hall]:
    """Twelve workdays on which ten people came, at 8:50, and went, at 17:05."""
    hall.receive(
        [
            Punched(terminal="A001", pin=f"{5000 + pin}", at=datetime.combine(day, at) + timedelta(seconds=pin))
            for day in WORKDAYS
            for at in (time(8, 50), time(17, 5))
            for pin in range(10)
        ],
        "terminal:A001",
    )
    yield hall


@pytest.mark.parametrize(
    ("start", "end", "missing"),
    [
        (datetime(2026, 3, 18, 8), datetime(2026, 3, 18, 12), 10),
        (datetime(2026, 3, 18, 9), datetime(2026, 3, 18, 16), 0),
        (datetime(2026, 3, 18, 12), datetime(2026, 3, 19, 12), 20),
        (datetime(2026, 3, 20, 12), datetime(2026, 3, 23, 8), 10),
        (datetime(2026, 3, 21), datetime(2026, 3, 22, 12), 0),
    ],
    ids=["a morning", "quiet hours", "a day and a night", "over a weekend", "a weekend"],
)
def test_what_a_silence_keeps_back_is_told_by_the_same_hours_of_usual_days(used, start, end, missing):
    ledger = Ledger(used)
    ledger.follow()
    with tables.opened(ledger.path) as db:
        assert usually_between(db, used.book(), "A001", second_of(start), second_of(end)) == missing


def test_a_silence_that_goes_on_is_an_open_question_of_the_months_it_touches(used: Hall):
    do(used, watch.note_silence, sn="A001", since=datetime(2026, 3, 18, 12))
    ledger = Ledger(used)
    ledger.follow()
    with tables.opened(ledger.path) as db:
        (one,) = watch_questions(db, used.book(), "2026-03", second_of(datetime(2026, 3, 20, 12)))
        assert watch_questions(db, used.book(), "2026-02", second_of(datetime(2026, 3, 20, 12))) == []
    assert (one["kind"], one["since"], one["detail"]["may_be_missing"]) == (
        "terminal_offline",
        "2026-03-18 12:00:00",
        40,
    )


def test_the_same_silence_is_not_told_twice():
    offline = [{"kind": "terminal_offline", "subject": "A001", "since": "2026-03-18 12:00:00"}]
    days = (("A001", "2026-03-19"), ("A001", "2026-03-05"), ("B002", "2026-03-19"))
    silent = [{"subject": sn, "detail": {"first_day": day}} for sn, day in days]
    assert covered(silent, offline) == silent[1:]


def test_when_a_terminal_last_called_is_known_after_a_restart(hall: Hall):
    contact = polls(hall, NOON)
    remembering.remember(hall)
    contacts_of(hall)._by_terminal.clear()
    remembering.recall(hall)
    again = contacts_of(hall).of("A001")
    assert again is not None and (again.at, again.interval) == (contact.at, POLL)
    (hall.folder.data / "jobs" / "contacts.json").write_text("{half", encoding="utf-8")
    remembering.recall(hall)


def test_the_job_looks_at_the_hall_as_it_is_now(hall: Hall):
    polls(hall, datetime.now(UTC))
    house = House(hall, Ledger(hall), Settings(data=hall.folder.data), Event())
    assert watch_terminals(house) == {"terminals": 1, "silent": 0, "astray": 0}


def caller(hall: Hall, received: datetime) -> Caller:
    accepted = hall.book().terminals.known("A001")
    assert accepted is not None
    return Caller(accepted, "10.0.0.5", received)


def live(contact: Contact, hall: Hall, error: timedelta, *minutes: float) -> None:
    """Single punches as they happen, by a clock that is wrong."""
    for minute in minutes:
        call = caller(hall, NOON.astimezone(UTC) + timedelta(minutes=minute))
        read_clock([fact_at(minute, error)], contact, call)


def fact_at(minute: float, error: timedelta) -> Punched:
    return Punched(terminal="A001", pin="7", at=datetime(2026, 3, 18, 12) + timedelta(minutes=minute) - error)


YEARS = timedelta(days=900)


def test_what_a_clock_known_to_be_days_behind_makes_is_set_aside(hall: Hall):
    contact = Contact("A001", "10.0.0.5", NOON)
    live(contact, hall, YEARS, 0, 2, 4)
    call = caller(hall, NOON.astimezone(UTC) + timedelta(minutes=6))
    backlog = Punched(terminal="A001", pin="8", at=datetime(2026, 3, 16, 8, 50))
    kept = astray([fact_at(6, YEARS), backlog], contact, call)
    assert isinstance(kept[0], ReadingQuarantined)
    assert (kept[0].reason, kept[0].at) == ("backwards", fact_at(6, YEARS).at)
    assert kept[1] is backlog


def test_what_a_terminal_itself_told_of_its_clock_is_enough_for_a_while_and_alarms_nobody(hall: Hall):
    contact = Contact("A001", "10.0.0.5", NOON)
    contact.told_clock = Measured(NOON.astimezone(UTC), YEARS)
    soon, late = (caller(hall, NOON.astimezone(UTC) + timedelta(minutes=minute)) for minute in (4, 6))
    right, wrong = fact_at(4, timedelta(seconds=2)), fact_at(4, YEARS)
    assert [type(fact) for fact in astray([right, wrong], contact, soon)] == [Punched, ReadingQuarantined]
    assert astray([fact_at(6, YEARS)], contact, late) == [fact_at(6, YEARS)]
    assert contact.clock_behind(soon.received) is None
    read_clock([TerminalOperated(terminal="A001", kind=21)], contact, soon)
    assert astray([wrong], contact, soon) == [wrong]


def test_once_the_clock_is_set_its_past_says_nothing(hall: Hall):
    contact = Contact("A001", "10.0.0.5", NOON)
    live(contact, hall, YEARS, 0, 2, 4)
    call = caller(hall, NOON.astimezone(UTC) + timedelta(minutes=6))
    read_clock([TerminalOperated(terminal="A001", kind=21)], contact, call)
    assert contact.clock_behind(call.received) is None
    assert astray([late := fact_at(6, YEARS)], contact, call) == [late]


def test_a_backlog_of_days_is_not_taken_for_a_wrong_clock(hall: Hall):
    contact = Contact("A001", "10.0.0.5", NOON)
    live(contact, hall, timedelta(seconds=2), 0, 2, 4)
    call = caller(hall, NOON.astimezone(UTC) + timedelta(minutes=5))
    facts = [fact_at(5, timedelta(days=3, minutes=n)) for n in range(200)]
    assert astray(facts, contact, call) == facts


def test_contacts_are_met_in_any_order(hall: Hall):
    contacts = Contacts()
    contacts.met("A001", "10.0.0.5", NOON)
    contacts.met("A001", "10.0.0.5", NOON - timedelta(days=1))
    assert contacts.of("A001").at == NOON  # type: ignore[union-attr]


def asked_today(hall: Hall, lacking: list[dict] | None = None) -> counts.Asking | None:
    watching = Watching(hall, NOON)
    (sight,) = watching.sights()
    return counts.next_asking(watching, sight, date(2026, 3, 17), lacking or [])


DAY = {"start": datetime(2026, 3, 17), "end": datetime(2026, 3, 17, 23, 59, 59)}


def test_a_terminal_counts_yesterday_once(hall: Hall):
    polls(hall, NOON)
    assert asked_today(hall) == counts.Asking("count", **DAY)
    hall.receive([TerminalAsked(terminal="A001", number=1, matter="count", **DAY)], "job:counts")
    assert asked_today(hall) is None


def test_a_terminal_that_counts_more_sends_again_what_it_counted(hall: Hall):
    polls(hall, NOON)
    lacking = [{"subject": "A001", "detail": {"first_at": "2026-03-16 00:00:00", "last_at": "2026-03-16 23:59:59"}}]
    asking = asked_today(hall, lacking)
    assert asking == counts.Asking("attlog", datetime(2026, 3, 16), datetime(2026, 3, 16, 23, 59, 59))


def test_a_terminal_that_cannot_count_is_left_in_peace(hall: Hall):
    polls(hall, NOON)
    days = [datetime(2026, 3, day) for day in (11, 12, 13)]
    for number, day in enumerate(days, 1):
        end = day + timedelta(hours=23)
        hall.receive([TerminalAsked(terminal="A001", number=number, matter="count", start=day, end=end)], "job:counts")
        hall.receive([TerminalAnswered(terminal="A001", number=number, code=-1)], "terminal:A001")
    assert asked_today(hall) is None


def test_what_the_log_lacks_is_seen_by_the_job(hall: Hall):
    day = datetime.now(UTC).date() - timedelta(days=2)
    span = {"start": datetime.combine(day, time()), "end": datetime.combine(day, time(23, 59, 59))}
    hall.receive([TerminalAsked(terminal="A001", number=1, matter="count", **span)], "job:counts")
    hall.receive([TerminalCounted(terminal="A001", number=1, records=5, **span)], "terminal:A001")
    hall.receive([TerminalAnswered(terminal="A001", number=1, code=0)], "terminal:A001")
    polls(hall, datetime.now(UTC))
    house = House(hall, Ledger(hall), Settings(data=hall.folder.data), Event())
    assert counts.ask_counts(house) == {"counts": 0, "again": 1}
    entries: list[Entry[TerminalAsked]] = hall.book().questions.asked.find("terminal", "A001")
    assert [(entry.fact.matter, entry.fact.start) for entry in entries][1:] == [("attlog", span["start"])]
