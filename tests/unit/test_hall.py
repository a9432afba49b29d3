"""The open hall: founding, deciding, receiving."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest
from halls import POLICY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.calendar import CalendarDaySet
from attendance.corrections import OutageDeclared
from attendance.facts import Refused
from attendance.hall import Draft, Hall, HallFounded
from attendance.log.rows import Overtaken, StorageFailed
from attendance.people import StaffPosted
from attendance.policy import PolicyAdopted
from attendance.punches import AttlogImported, Punched, ReadingQuarantined

NAME, REASON = "沈若溪", "counter 7 had no power"
NEW_YEAR = date(2026, 1, 4)


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Hall]]:
    """Opens one and the same hall each time, as other processes do."""
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    halls = [Hall.found(tmp_path / "hall", POLICY, url)]

    def again() -> Hall:
        halls.append(Hall.open(tmp_path / "hall", url))
        return halls[-1]

    yield again
    for hall in halls:
        hall.close()


def post(draft: Draft, no: str = "1001", name: str = NAME) -> str:
    sealed = draft.seal(no, name)
    assert sealed is not None
    return draft.record(StaffPosted(no=no, name=sealed, window="1", unit="tax"))


def rest(draft: Draft, workday: bool = False) -> str:
    return draft.record(CalendarDaySet(date=NEW_YEAR, workday=workday))


def punched(second: int) -> Punched:
    return Punched(terminal="MQT0001", pin="1001", at=datetime(2026, 10, 9, 8, 51, second), raw=f"raw {second}")


def test_a_log_begins_with_the_founding_and_the_policy(opened: Callable[[], Hall]) -> None:
    hall = opened()
    first, second = hall.store.read(0, 10)
    assert first.entry().fact == HallFounded(hall=hall.id)
    assert isinstance(second.entry().fact, PolicyAdopted)
    assert hall.book().position == 2


def test_a_policy_that_does_not_parse_founds_no_hall(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        Hall.found(tmp_path / "hall", "not a policy")
    assert not (tmp_path / "hall").exists()


def test_a_founding_that_broke_off_is_no_hall_and_can_be_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(Hall, "decide", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        Hall.found(tmp_path / "hall", POLICY)
    with pytest.raises(Refused, match="no_hall"):
        Hall.open(tmp_path / "hall")
    Hall.found(tmp_path / "hall", POLICY).close()
    Hall.open(tmp_path / "hall").close()


def test_a_hall_whose_keys_are_gone_is_refused(empty_hall: Hall) -> None:
    shutil.rmtree(empty_hall.folder.keys)
    with pytest.raises(Refused, match="keys_missing"):
        Hall.open(empty_hall.folder.data)


def test_a_fact_is_new_then_repeated_then_changed(opened: Callable[[], Hall]) -> None:
    hall, other = opened(), opened()
    assert hall.decide(post, "office") == "new"
    assert other.decide(post, "office") == "repeated"
    assert other.decide(lambda draft: post(draft, name="沈若汐"), "office") == "changed"
    (entry,) = hall.book().people
    assert (hall.opened(entry.fact.name), entry.version, entry.actor) == ("沈若汐", 2, "office")


def test_a_fact_that_stands_on_no_shelf_is_repeated_and_changed_as_any_other(opened: Callable[[], Hall]) -> None:
    note = AttlogImported(terminal="MQT0001", sha256="ab", lines=3, accepted=3, repeated=0, quarantined=0)
    changed = AttlogImported(terminal="MQT0001", sha256="ab", lines=3, accepted=0, repeated=3, quarantined=0)
    hall = opened()
    assert hall.decide(lambda draft: draft.record(note), "import") == "new"
    assert hall.decide(lambda draft: draft.record(note), "import") == "repeated"
    assert hall.decide(lambda draft: draft.record(changed), "import") == "changed"
    assert hall.decide(lambda draft: draft.record(changed), "import") == "repeated"


def test_a_refused_decision_leaves_nothing_behind(opened: Callable[[], Hall]) -> None:
    hall = opened()

    def refused(draft: Draft) -> None:
        post(draft)
        assert draft.book.people.known("1001")
        raise Refused("unknown_window", "window")

    with pytest.raises(Refused):
        hall.decide(refused, "office")
    assert not hall.book().people.known("1001")
    assert hall.store.head().position == 2
    assert hall.keys.find("1001") is None


def test_a_decision_is_taken_again_on_what_somebody_else_decided_meanwhile(opened: Callable[[], Hall]) -> None:
    hall, other = opened(), opened()
    turns = []

    def decide(draft: Draft) -> str:
        turns.append(draft.book.position)
        if len(turns) == 1:
            other.decide(rest, "user:other")
        return rest(draft, workday=True)

    assert hall.decide(decide, "user:office") == "changed"
    assert turns == [2, 3]
    assert [row.actor for row in hall.store.read(2, 10)] == ["user:other", "user:office"]


def test_names_first_sealed_by_two_at_once_open_for_both(opened: Callable[[], Hall]) -> None:
    hall, other = opened(), opened()

    def decide(draft: Draft) -> str:
        sealed = draft.seal("1001", REASON)
        if not other.book().people.known("1001"):
            other.decide(post, "user:other")
        start, end = datetime(2026, 10, 9), datetime(2026, 10, 10)
        return draft.record(OutageDeclared(terminal="MQT0001", start=start, end=end, reason=sealed))

    hall.decide(decide, "user:office")
    (outage,) = other.book().outages
    assert other.opened(outage.fact.reason) == REASON
    (person,) = hall.book().people
    assert hall.opened(person.fact.name) == NAME


def test_a_decision_that_others_always_overtake_gives_up(empty_hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.hall.ATTEMPTS", 3)
    other = Hall.open(empty_hall.folder.data)
    turns = []

    def decide(draft: Draft) -> None:
        turns.append(1)
        other.decide(lambda theirs: rest(theirs, workday=len(turns) % 2 == 0), "user:other")
        post(draft)

    with pytest.raises(Overtaken):
        empty_hall.decide(decide, "office")
    assert len(turns) == 3
    other.close()


def test_many_who_decide_at_once_all_get_their_turn(opened: Callable[[], Hall]) -> None:
    halls = [opened() for _ in range(3)]

    def claim(number: int) -> str:
        return halls[number % 3].decide(lambda draft: post(draft, no=str(number)), f"user:{number}")

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(claim, range(30))) == ["new"] * 30
    assert halls[0].book().people.numbers() == sorted(map(str, range(30)))


def test_a_book_in_hand_never_changes(empty_hall: Hall) -> None:
    before = empty_hall.book()
    empty_hall.decide(post, "office")
    after = empty_hall.book()
    empty_hall.decide(lambda draft: post(draft, no="1002"), "office")
    assert (len(before.people), len(after.people), len(empty_hall.book().people)) == (0, 1, 2)
    assert empty_hall.book() is empty_hall.book()


def test_a_book_can_be_read_while_others_decide(empty_hall: Hall) -> None:
    def read(_: int) -> int:
        return sum(1 for _ in range(40) for entry in empty_hall.book().people if entry.fact.no)

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(read, number) for number in range(3)]
        for number in range(40):
            empty_hall.decide(lambda draft, no=str(number): post(draft, no=no), "office")
        assert all(future.result() >= 0 for future in reading)


def test_the_book_as_it_stood_is_that_of_the_position(empty_hall: Hall) -> None:
    empty_hall.decide(post, "office")
    position = empty_hall.store.head().position
    empty_hall.decide(lambda draft: post(draft, no="1002"), "office")
    assert empty_hall.book_at(position).people.numbers() == ["1001"]


def test_readings_are_stored_once_and_the_first_sighting_stays(opened: Callable[[], Hall]) -> None:
    hall, other = opened(), opened()
    assert hall.receive([punched(1), punched(2)], "terminal:MQT0001")[:2] == (2, 0)
    by_usb = Punched(terminal="MQT0001", pin="1001", at=punched(2).at, road="usb", raw="another line")
    assert other.receive([by_usb, punched(3)], "import")[:2] == (1, 1)
    assert [row.entry().fact for row in hall.store.read(2, 10)] == [punched(1), punched(2), punched(3)]


def test_a_quarantined_reading_is_in_the_book_of_whoever_looks_next(opened: Callable[[], Hall]) -> None:
    hall, other = opened(), opened()
    hall.receive([ReadingQuarantined(terminal="MQT0001", reason="no_pin", sha256="ab")], "terminal:MQT0001")
    assert [entry.fact.reason for entry in other.book().quarantine] == ["no_pin"]


def test_a_closed_hall_takes_no_reading(tmp_path: Path) -> None:
    hall = Hall.found(tmp_path / "hall", POLICY)
    hall.close()
    with pytest.raises(StorageFailed):
        hall.receive([punched(1)], "terminal:MQT0001")


@given(order=st.permutations(range(8)), repeated=st.lists(st.integers(0, 7)))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_punches_in_any_order_and_repetition_are_the_same_set(
    order: list[int], repeated: list[int], empty_hall: Hall
) -> None:
    before = empty_hall.store.head().position
    day = datetime(2026, 10, 9, 8, before % 60, before // 60 % 60)
    facts = [Punched(terminal="MQT0001", pin=str(number), at=day) for number in [*order, *repeated]]
    for fact in facts:
        empty_hall.receive([fact], "terminal:MQT0001")
    stored = [row.entry().fact for row in empty_hall.store.read(before, 100)]
    assert {fact.pin for fact in stored if isinstance(fact, Punched)} == set(map(str, range(8)))
    assert len(stored) == 8


def test_no_file_of_the_data_folder_holds_a_name_or_a_reason(empty_hall: Hall) -> None:
    empty_hall.decide(post, "office")
    start, end = datetime(2026, 10, 9), datetime(2026, 10, 10)
    empty_hall.decide(
        lambda draft: draft.record(
            OutageDeclared(terminal="MQT0001", start=start, end=end, reason=draft.seal("", REASON))
        ),
        "office",
    )
    data, keys = empty_hall.folder.data, empty_hall.folder.keys
    files = [path for folder in (data, keys) for path in folder.rglob("*") if path.is_file()]
    assert data / "log.db-wal" in files
    for path in files:
        content = path.read_bytes()
        assert not any(text.encode() in content for text in (NAME, REASON)), path
    assert not any(path.name in ("keys.db", "hall.key") for path in data.rglob("*"))


def test_a_forgotten_person_keeps_number_and_punches_and_loses_the_name(empty_hall: Hall) -> None:
    empty_hall.decide(post, "office")
    empty_hall.keys.forget("1001")
    (entry,) = empty_hall.book().people
    assert (entry.fact.no, empty_hall.opened(entry.fact.name)) == ("1001", None)
    with pytest.raises(Refused, match="forgotten"):
        empty_hall.decide(lambda draft: post(draft, name="again"), "office")
