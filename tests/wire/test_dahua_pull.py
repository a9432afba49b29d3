"""A Dahua terminal asked for its own records, its people and its clock, over real HTTP with Digest."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from dahuas import dahua
from wires import OpenDoor

from attendance.facts import Refused
from attendance.punches import Origin, Reading, judge_all
from devices.calling import Line
from devices.dahua.answers import text_from
from devices.dahua.clock import clock_of, set_clock
from devices.dahua.people import present, put, remove
from devices.dahua.pull import Reconciliation, Span, check_identity, rest_of
from devices.dahua.served import CgiMood, SimulatedCgi, cgi_served
from devices.dahua.simulator import SimulatedTerminal
from devices.ports import Mark, Person
from devices.served import DigestLock

MORNING = datetime(2026, 9, 28, 8, 0)
PASSWORD = "Kaoqin-7"
NOTHING_YET = Mark()


def a_terminal(**mood: object) -> SimulatedCgi:
    return SimulatedCgi(SimulatedTerminal("D001", "127.0.0.1", 1, "unused"), CgiMood(**mood))  # type: ignore[arg-type]


@contextmanager
def called(cgi: SimulatedCgi, password: str = PASSWORD) -> Iterator[Line]:
    """The way to a terminal, which knows PASSWORD."""
    with cgi_served(cgi, DigestLock("admin", PASSWORD)) as url, Line(url, "admin", password) as line:
        yield line


def pulled(cgi: SimulatedCgi, since: Mark = NOTHING_YET) -> tuple[list[Reading], Mark]:
    with called(cgi) as line:
        visit = Reconciliation(line, since, 480)
        readings = [reading for batch in visit.batches() for reading in batch]
        assert all(isinstance(reading, Reading) for reading in readings)
        return readings, visit.mark  # type: ignore[return-value]


def fill(cgi: SimulatedCgi, count: int, step: timedelta = timedelta(seconds=40)) -> None:
    for number in range(count):
        cgi.terminal.punch(str(number % 9 + 1), MORNING + number * step)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("step", [1, 7, 40, 3_600])
@pytest.mark.parametrize("most", [7, 60, 1_000])
def test_however_few_records_an_answer_holds_all_are_read_once(most: int, step: int, newest_first: bool) -> None:
    cgi = a_terminal(most=most, newest_first=newest_first)
    fill(cgi, 130, timedelta(seconds=step))
    readings, mark = pulled(cgi)
    assert sorted(reading.serial for reading in readings) == [record["RecNo"] for record in cgi.terminal.records]
    assert mark == Mark(cgi.terminal.records[-1]["RecNo"], str(cgi.terminal.records[-1]["CreateTime"]))


def test_a_record_is_what_the_upload_would_have_said() -> None:
    cgi = a_terminal()
    cgi.terminal.punch("007", MORNING, state=1)
    [reading], _ = pulled(cgi)
    assert (reading.pin, reading.time, reading.verify, reading.status) == ("007", str(MORNING), "15", "1")
    assert "欧阳" not in reading.raw


@pytest.mark.parametrize("drops", [("ErrorCode",), ("Status", "Similarity"), ("RecNo", "Type", "Method")])
def test_missing_fields_and_another_spelling_lose_no_punch(drops: tuple[str, ...]) -> None:
    cgi = a_terminal(drops=drops, capital=True)
    fill(cgi, 12)
    readings, _ = pulled(cgi)
    assert len(readings) == 12


def test_refusals_and_buttons_are_no_punches() -> None:
    cgi = a_terminal()
    cgi.terminal.punch("7", MORNING, error=16)
    cgi.terminal.punch("", MORNING, method=5)
    assert pulled(cgi)[0] == []


def test_the_next_visit_reads_on_from_a_day_before() -> None:
    cgi = a_terminal()
    fill(cgi, 4, timedelta(days=1))
    _, mark = pulled(cgi)
    cgi.terminal.punch("5", MORNING + timedelta(days=3, hours=1))
    readings, _ = pulled(cgi, mark)
    assert [reading.pin for reading in readings] == ["3", "4", "5"]


def test_records_of_a_lost_clock_are_found_at_every_visit() -> None:
    cgi = a_terminal()
    fill(cgi, 2)
    _, mark = pulled(cgi)
    cgi.terminal.punch("7", datetime(2000, 1, 1, 8, 0, 31))
    readings, after = pulled(cgi, mark)
    assert "2000-01-01 08:00:31" in [reading.time for reading in readings]
    assert after == mark


def test_a_terminal_that_breaks_off_leaves_the_mark_where_it_was() -> None:
    cgi = a_terminal(most=5)
    fill(cgi, 20, timedelta(hours=1))
    with called(cgi) as line:
        visit = Reconciliation(line, Mark(), 480)
        batches = visit.batches()
        while not next(batches):
            pass
        line._client.close()
        with pytest.raises((Refused, RuntimeError)):
            list(batches)
    assert visit.mark == Mark()


def test_another_terminal_at_the_address_is_refused_by_name() -> None:
    with called(a_terminal()) as line, pytest.raises(Refused) as refused:
        check_identity(line, "D002")
    assert refused.value.code == "terminal_is_another"
    assert refused.value.details["told"] == "D001"


def test_a_terminal_that_says_to_be_itself_is_believed() -> None:
    with called(a_terminal()) as line:
        check_identity(line, "D001")


def test_an_error_in_words_is_a_refusal_with_the_words() -> None:
    with called(a_terminal()) as line, pytest.raises(Refused) as refused:
        text_from(line, "/cgi-bin/recordFinder.cgi?action=unheard")
    assert (refused.value.code, refused.value.details["answer"]) == ("terminal_said", "Error Bad Request!")


def test_a_wrong_password_is_tried_once_and_the_terminal_hears_no_question() -> None:
    cgi = a_terminal()
    lock = DigestLock("admin", PASSWORD)
    with cgi_served(cgi, lock) as url, Line(url, "admin", "wrong") as line:
        for number in range(1, 4):
            with pytest.raises(Refused, match="terminal_sign_in"):
                clock_of(line)
            assert lock.wrong == number
    assert cgi.asked == []


def test_every_request_has_a_challenge_of_its_own() -> None:
    cgi = a_terminal(most=10)
    fill(cgi, 30)
    lock = DigestLock("admin", PASSWORD)
    with cgi_served(cgi, lock) as url, Line(url, "admin", PASSWORD) as line:
        list(Reconciliation(line, Mark(), 480).batches())
    assert lock.challenges == len(cgi.asked) > 5


@pytest.mark.parametrize(
    ("span", "times", "rest"),
    [
        (Span(0, 100), [], Span(101, 100)),
        (Span(0, 100), [200, 300], Span(101, 100)),
        (Span(0, 100), [10, 90], Span(30, 100)),
        (Span(0, 100), [10, 40], Span(40, 100)),
        (Span(40, 100), [40, 40], Span(41, 100)),
        (Span(0, 100), [90, 10], Span(0, 70)),
        (Span(0, 100), [90, 50], Span(0, 50)),
    ],
)
def test_the_span_always_shrinks(span: Span, times: list[int], rest: Span) -> None:
    assert rest_of(span, times) == rest


def test_one_punch_by_upload_and_by_reading_is_one(door: OpenDoor) -> None:
    terminal = dahua(door)
    cgi = SimulatedCgi(terminal)
    fill(cgi, 40)
    terminal.upload()
    readings, _ = pulled(cgi)
    origin = Origin("D001", 480, "pull", "http://10.0.0.9", datetime.now(UTC), "AccessControlCardRec")
    appended = door.hall.receive(judge_all(readings, origin), "office")
    assert (appended.stored, appended.repeated) == (0, 40)
    assert len(door.punches()) == 40


def test_people_are_put_changed_and_removed_with_receipts() -> None:
    cgi = a_terminal()
    people = [Person(str(number), f"人员{number}") for number in range(1, 24)]
    with called(cgi) as line:
        assert all(receipt.applied for receipt in put(line, people))
        assert len(cgi.terminal.people) == 23
        moved = [Person("5", "改名"), Person("99", "新人")]
        assert [receipt.applied for receipt in put(line, moved)] == [True, True]
        assert cgi.terminal.people["5"]["UserName"] == "改名"
        assert cgi.terminal.people["5"]["ValidTo"] == "2037-12-31 23:59:59"
        assert present(line) == {pin: user["UserName"] for pin, user in cgi.terminal.people.items()}
        cgi.faces = {"5", "6"}
        receipts = list(remove(line, ["5", "404"]))
    assert [receipt.applied for receipt in receipts] == [True, False]
    assert "286064918" in receipts[1].answer
    assert cgi.faces == {"6"}
    assert "5" not in cgi.terminal.people


def test_the_clock_is_read_and_set() -> None:
    cgi = a_terminal()
    cgi.clock_error = timedelta(hours=-3)
    here = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(hours=8)
    with called(cgi) as line:
        shown = clock_of(line)
        assert shown is not None
        assert abs(shown - (here - timedelta(hours=3))) < timedelta(seconds=3)
        assert set_clock(line, here) == "OK"
        after = clock_of(line)
    assert after is not None
    assert abs(after - here) < timedelta(seconds=3)
