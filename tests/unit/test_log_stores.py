"""Both stores keep the same promises."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_rows import decided, decision, punch, readings

from attendance.facts import Refused
from attendance.log.chain import genesis, link
from attendance.log.files import Folder
from attendance.log.reader import contiguous
from attendance.log.rows import Appended, Head, Job, LogDamaged, NewRow, Overtaken, Row, Store
from attendance.log.store import open_store


def test_rows_get_positions_in_the_order_they_came(store: Store) -> None:
    outcomes = store.append([readings(punch("a"), punch("b")), readings(punch("c"))])
    assert outcomes == [Appended(2, 0, 2), Appended(1, 0, 3)]
    assert [(row.position, row.id) for row in store.read(0, 10)] == [
        (1, punch("a").id),
        (2, punch("b").id),
        (3, punch("c").id),
    ]


def test_a_row_told_again_is_counted_and_left_as_it_was(store: Store) -> None:
    store.append([readings(punch("a", state=b"first"))])
    assert store.append([readings(punch("a", state=b"second"), punch("b"))]) == [Appended(1, 1, 2)]
    assert [row.state for row in store.versions(punch("a").id)] == [b"first"]


def test_a_row_told_twice_in_one_batch_is_stored_once(store: Store) -> None:
    outcomes = store.append([readings(punch("a"), punch("a")), readings(punch("a"))])
    assert outcomes == [Appended(1, 1, 1), Appended(0, 1, 1)]
    assert len(store.read(0, 10)) == 1


def test_a_batch_of_repeats_alone_leaves_the_log_as_it_is(store: Store) -> None:
    rows = [punch(f"p{number}") for number in range(200)]
    store.append([readings(*rows)])
    assert store.append([readings(*reversed(rows))]) == [Appended(0, 200, 200)]
    assert store.head().position == 200


def test_a_decision_goes_in_when_nothing_was_decided_since(store: Store) -> None:
    store.append([decided(decision("a"), since=0)])
    store.append([readings(punch("p"))])
    assert store.append([decided(decision("b"), since=1)]) == [Appended(1, 0, 3)]


def test_a_decision_on_old_knowledge_is_overtaken(store: Store) -> None:
    store.append([decided(decision("a"), since=0)])
    (outcome,) = store.append([decided(decision("b"), since=0)])
    assert isinstance(outcome, Overtaken)
    assert store.head().position == 1


def test_of_two_decisions_in_one_batch_the_second_is_overtaken_and_the_readings_go_in(store: Store) -> None:
    jobs = [decided(decision("a"), since=0), decided(decision("b"), since=0), readings(punch("p"))]
    first, second, third = store.append(jobs)
    assert (first, third) == (Appended(1, 0, 1), Appended(1, 0, 2))
    assert isinstance(second, Overtaken)


def test_a_decision_of_which_one_row_is_taken_stores_none_of_its_rows(store: Store) -> None:
    store.append([readings(punch("taken"))])
    jobs = [readings(punch("p")), decided(decision("new"), punch("taken"), since=0), readings(punch("q"))]
    first, second, third = store.append(jobs)
    assert isinstance(second, Overtaken)
    assert (first, third) == (Appended(1, 0, 2), Appended(1, 0, 3))
    assert store.versions(decision("new").id) == []


def test_fresh_rows_are_refused_when_told_before_whatever_was_decided_since(store: Store) -> None:
    store.append([decided(decision("a"), since=0)])
    assert store.append([Job([decision("b")], "office", fresh=True)]) == [Appended(1, 0, 2)]
    (outcome,) = store.append([Job([decision("b"), decision("c")], "office", fresh=True)])
    assert isinstance(outcome, Overtaken)


def test_versions_of_one_fact_come_oldest_first(store: Store) -> None:
    store.append([decided(decision("a", 1), since=0)])
    store.append([readings(punch("p"))])
    store.append([decided(decision("a", 2), since=1)])
    assert [(row.version, row.position) for row in store.versions(decision("a").id)] == [(1, 1), (2, 3)]


def test_decisions_are_read_without_the_punches(store: Store) -> None:
    store.append([decided(decision("a"), since=0)])
    store.append([readings(punch("p"), punch("q"))])
    store.append([decided(decision("b"), since=1)])
    assert [row.position for row in store.read_decisions(0)] == [1, 4]
    assert [row.position for row in store.read_decisions(1)] == [4]
    assert [row.position for row in store.read_decisions(0, 3)] == [1]


def test_reading_is_bounded_at_both_ends_and_by_number(store: Store) -> None:
    store.append([readings(*(punch(f"p{number}") for number in range(9)))])
    assert [row.position for row in store.read(3, 2)] == [4, 5]
    assert [row.position for row in store.read(3, 100, upto=6)] == [4, 5, 6]
    assert store.read(9, 100) == []


def test_states_alone_are_read_as_the_rows_are(store: Store) -> None:
    store.append([readings(*(punch(f"p{number}", state=b"%d" % number) for number in range(5)))])
    assert store.read_states(1, 3) == [(row.position, row.topic, row.state) for row in store.read(1, 3)]
    assert store.read_states(5, 3) == []


def test_every_row_carries_actor_time_and_a_hash_over_the_one_before(store: Store) -> None:
    store.append([Job([punch("a", state=b"\x00\xff")], "terminal:甲")])
    store.append([Job([decision("b")], "user:office")])
    previous = genesis(store.hall)
    for row in store.read(0, 10):
        position, id, version, topic, state, recorded_at, actor, hash = row
        assert hash == link(previous, position, id, version, topic, recorded_at, actor, state)
        previous = hash
    assert [row.actor for row in store.read(0, 10)] == ["terminal:甲", "user:office"]


def test_recorded_times_never_decrease_though_the_clock_goes_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("a", 2_000), ("b", 1_000), ("c", 3_000)):
        monkeypatch.setattr("time.time_ns", lambda seconds=seconds: seconds * 10**9)
        store.append([readings(punch(name))])
    assert [row.recorded_at for row in store.read(0, 10)] == [2_000_000_000, 2_000_000_000, 3_000_000_000]


def test_the_position_at_a_moment_is_the_newest_row_recorded_by_then(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in (10, 20, 20, 30):
        monkeypatch.setattr("time.time_ns", lambda seconds=seconds: seconds * 10**9)
        store.append([readings(punch(f"{seconds}-{store.head().position}"))])
    assert [store.position_at(moment * 10**6).position for moment in (9, 10, 19, 20, 29, 30, 99)] == [
        *(0, 1, 1, 3, 3, 4, 4)
    ]
    assert store.position_at(25 * 10**6) == Head(3, 20 * 10**6)


def test_an_empty_log_has_no_head_and_nothing_to_read(store: Store) -> None:
    assert store.head() == Head(0, 0)
    assert store.position_at(10**18) == Head(0, 0)
    assert store.read(0, 10) == []
    assert store.append([]) == []
    assert store.append([readings()]) == [Appended(0, 0, 0)]


def test_a_job_that_cannot_be_stored_at_all_fails_alone(store: Store) -> None:
    unspeakable = NewRow(punch("x").id, 1, "lone \udc80 surrogate", b"{}")
    first, second, third = store.append([readings(punch("a")), readings(unspeakable), readings(punch("b"))])
    assert (first, third) == (Appended(1, 0, 1), Appended(1, 0, 2))
    assert isinstance(second, UnicodeEncodeError)


def test_a_large_batch_goes_in_whole(store: Store) -> None:
    rows = [punch(f"p{number}", state=b"x" * 300) for number in range(5_000)]
    assert store.append([readings(*rows)]) == [Appended(5_000, 0, 5_000)]
    assert [row.id for row in store.read(0, 10_000)] == [row.id for row in rows]


def test_a_hall_opened_again_is_the_same_hall(store_url: str, tmp_path: Path) -> None:
    folder, hall = Folder(tmp_path / "hall"), uuid4()
    founded = open_store(folder, store_url, found=hall)
    founded.append([readings(punch("a"))])
    founded.close()
    again = open_store(folder, store_url)
    assert (again.hall, again.head().position) == (hall, 1)
    again.close()


def test_a_second_hall_is_refused_where_one_is(store_url: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")
    store = open_store(folder, store_url, found=uuid4())
    store.append([readings(punch("a"))])
    store.close()
    with pytest.raises(Refused, match="hall_exists"):
        open_store(folder, store_url, found=uuid4())


def test_a_hall_begun_and_left_without_a_row_is_taken_over(store_url: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")
    begun = open_store(folder, store_url, found=uuid4())
    begun.close()
    again = open_store(folder, store_url, found=uuid4())
    assert again.hall == begun.hall
    again.close()


@pytest.mark.parametrize("content", [None, b""])
def test_where_there_is_no_hall_opening_is_refused(store_url: str, tmp_path: Path, content: bytes | None) -> None:
    folder = Folder(tmp_path / "hall")
    if content is not None:
        folder.create()
        folder.log.write_bytes(content)
        folder.hall_id.write_bytes(content)
    with pytest.raises(Refused, match="no_hall"):
        open_store(folder, store_url)


def test_the_other_kind_of_hall_in_the_folder_is_not_displaced(
    store_url: str, postgres_url: str, tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "hall")
    open_store(folder, store_url, found=uuid4()).close()
    with pytest.raises(Refused, match="hall_exists"):
        open_store(folder, "sqlite" if store_url == postgres_url else postgres_url, found=uuid4())


def test_an_unknown_kind_of_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="unknown_store"):
        open_store(Folder(tmp_path), "mysql://hall")


def test_halls_do_not_see_each_other(new_store: Callable[[], Store]) -> None:
    first, second = new_store(), new_store()
    first.append([readings(punch("a"), punch("b"))])
    second.append([readings(punch("a"))])
    assert (first.head().position, second.head().position) == (2, 1)
    assert first.read(0, 1)[0].hash != second.read(0, 1)[0].hash
    assert [row.position for row in second.versions(punch("a").id)] == [1]


@pytest.mark.parametrize("positions", [[2], [1, 3], [1, 1], [1, 2, 4]])
def test_a_reader_stops_at_a_gap(positions: list[int]) -> None:
    rows = [Row(position, b"", 1, "punch", b"", 0, "", b"") for position in positions]
    with pytest.raises(LogDamaged, match="is missing"):
        contiguous(rows, 0)


def test_a_row_taken_out_of_the_file_is_noticed(tmp_path: Path) -> None:
    from attendance.log.database import sqlite3

    store = open_store(Folder(tmp_path), "sqlite", found=uuid4())
    store.append([readings(*(punch(f"p{number}") for number in range(5)))])
    connection = sqlite3.connect(tmp_path / "log.db")
    connection.execute("DELETE FROM rows WHERE position = 3")
    connection.commit()
    connection.close()
    with pytest.raises(LogDamaged, match="position 3 is missing before 4"):
        store.read(0, 10)
    with pytest.raises(LogDamaged):
        store.read_states(0, 10)
    assert [row.position for row in store.read(3, 10)] == [4, 5]
    store.close()


PUNCHES = st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=8)


@given(batches=PUNCHES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_order_and_any_repetition_each_punch_is_stored_once(
    batches: list[list[int]], new_store: Callable[[], Store]
) -> None:
    store = new_store()
    jobs = [readings(*(punch(f"p{number}") for number in batch)) for batch in batches]
    outcomes = store.append(jobs[:3]) + [outcome for job in jobs[3:] for outcome in store.append([job])]
    told = {punch(f"p{number}").id for batch in batches for number in batch}
    rows = store.read(0, 1000)
    assert {row.id for row in rows} == told
    assert len(rows) == len(told)
    assert sum(outcome.stored for outcome in outcomes if isinstance(outcome, Appended)) == len(told)
    assert sum(sum(outcome[:2]) for outcome in outcomes if isinstance(outcome, Appended)) == sum(map(len, batches))
