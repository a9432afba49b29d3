"""Orders about people: what is given, when it is sent again, when it is dropped, and where it all ends."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.belonging import belonging
from attendance.book import Book
from attendance.carriage import LIFETIME, MINUTE, MOST_REFUSALS, MOST_ROUNDS, Order, OrderSent, PersonOrdered, plan
from attendance.facts import Entry, Fact, Sealed
from attendance.people import StaffPosted
from attendance.terminals import TerminalAccepted
from attendance.visits import PersonCarried

TODAY = date(2026, 3, 2)
HOUR = 60 * MINUTE


class Office:
    """A register with one terminal, kept up on a clock that the test turns."""

    def __init__(self) -> None:
        self.book = Book(UUID(int=1))
        self.now = HOUR
        self.called_at = 0
        self.there: dict[str, str] = {}
        """Who is really on the terminal, by PIN."""
        self.tell(TerminalAccepted(terminal="A001"))

    def tell(self, fact: Fact) -> None:
        fact_id = self.book.id_of(fact)
        old = self.book.newest(type(fact), fact_id)
        version = old.version + 1 if old else 1
        self.book.apply(Entry(fact_id, version, self.book.position + 1, self.now, "", fact))

    def post(self, no: str, name: str = "某", end: date | None = None) -> None:
        sealed = Sealed(no, name.encode())
        self.tell(StaffPosted(no=no, name=sealed, window="税务窗口", unit="税务局", end=end))

    def leave(self, no: str) -> None:
        self.post(no, end=date(2026, 2, 1))

    def look(self) -> list[str]:
        """The minute's comparison; what it ordered and dropped."""
        planned = plan(self.book, "A001", TODAY, self.now, self.called_at)
        for fact in planned.dropped:
            self.tell(fact)
        for need in planned.needed:
            number = len(self.book.carriage.ordered.find("terminal", "A001")) + 1
            self.tell(PersonOrdered(terminal="A001", number=number, **need._asdict()))
        ordered = [f"{need.deed} {need.pin}" for need in planned.needed]
        return ordered + [f"{fact.why} {fact.number}" for fact in planned.dropped]

    def poll(self, answer: str = "ok") -> list[str]:
        """The terminal fetches its orders and does as told: ok, full (refuses), lost (does it, answer lost), deaf."""
        self.called_at = self.now
        due = self.book.carriage.due("A001", self.now)
        for order in due:
            fact = order.fact
            self.tell(OrderSent(terminal="A001", number=fact.number, attempt=order.attempts + 1))
            if answer in ("ok", "lost"):
                self.do(fact)
            if answer in ("ok", "full"):
                self.receipt(order, applied=answer == "ok")
        return [f"{order.fact.deed} {order.fact.pin}" for order in due]

    def do(self, fact: PersonOrdered) -> None:
        self.there.pop(fact.pin, None)
        if fact.deed == "put" and fact.name:
            self.there[fact.pin] = fact.name.box.decode()

    def receipt(self, order: Order, *, applied: bool) -> None:
        told = {"terminal": "A001", "pin": order.fact.pin, "deed": order.fact.deed, "number": order.fact.number}
        self.tell(
            PersonCarried(**told, applied=applied, attempt=order.attempts + 1, answer="0" if applied else "-1001")
        )

    def after(self, span: int) -> None:
        self.now += span

    def states(self) -> list[str]:
        return [order.state for order in self.book.carriage.of("A001")]


@pytest.fixture
def office() -> Office:
    return Office()


def test_who_joins_is_ordered_once_sent_and_applied(office: Office) -> None:
    office.post("101")
    assert office.look() == ["put 101"]
    assert office.look() == []
    assert office.poll() == ["put 101"]
    assert (office.states(), office.there) == (["applied"], {"101": "某"})
    assert (office.look(), office.poll()) == ([], [])


def test_who_leaves_is_taken_off_and_stays_off(office: Office) -> None:
    office.post("101")
    office.look(), office.poll()
    office.leave("101")
    assert office.look() == ["removed 101"]
    assert office.poll() == ["removed 101"]
    assert office.there == {}
    assert office.look() == []


def test_a_new_name_is_told_and_the_same_name_is_not(office: Office) -> None:
    office.post("101", "钱")
    office.look(), office.poll()
    office.post("101", "钱")
    assert office.look() == []
    office.post("101", "钱桐雅")
    assert office.look() == ["put 101"]
    office.poll()
    assert office.there == {"101": "钱桐雅"}


def test_an_order_without_an_answer_is_sent_again_ever_more_slowly(office: Office) -> None:
    office.post("101")
    office.look()
    assert office.poll("deaf") == ["put 101"]
    assert office.poll("deaf") == []
    waits = []
    for _ in range(5):
        begun = office.now
        while not office.poll("deaf"):
            office.after(MINUTE)
        waits.append((office.now - begun) // MINUTE)
    assert waits == [1, 4, 16, 64, 240]
    assert office.states() == ["retried"]


def test_a_terminal_that_refuses_is_asked_a_few_times_and_then_a_person(office: Office) -> None:
    office.post("101")
    office.look()
    for _ in range(MOST_REFUSALS):
        assert office.poll("full") == ["put 101"]
        assert office.poll("full") == []
        office.after(4 * HOUR)
        office.look()
    assert office.states() == ["refused"]
    assert (office.look(), office.poll()) == ([], [])


def test_what_changes_about_a_person_gives_a_refused_order_another_chance(office: Office) -> None:
    office.post("101")
    office.look()
    for _ in range(MOST_REFUSALS):
        office.poll("full"), office.after(4 * HOUR)
    office.post("101", "新名")
    assert office.look() == ["put 101"]


def test_an_order_nobody_fetched_for_a_day_expires_and_is_given_anew_when_the_terminal_calls(office: Office) -> None:
    office.post("101")
    office.look()
    office.after(LIFETIME)
    assert office.look() == ["expired 1"]
    office.after(3 * LIFETIME)
    assert office.look() == []
    office.poll()
    assert office.look() == ["put 101"]
    assert office.poll() == ["put 101"]
    assert office.states() == ["expired", "applied"]


def test_orders_fetched_and_never_answered_do_not_go_on_for_ever(office: Office) -> None:
    office.post("101")
    given = 0
    for _ in range(MOST_ROUNDS + 3):
        given += office.look().count("put 101")
        office.poll("deaf")
        office.after(LIFETIME)
        office.look()
        office.after(MINUTE)
        office.poll("deaf")
    assert given == MOST_ROUNDS
    assert set(office.states()) == {"expired"}


def test_an_order_overtaken_before_it_was_fetched_is_never_sent(office: Office) -> None:
    office.post("101")
    office.look()
    office.leave("101")
    assert office.look() == ["removed 101", "overtaken 1"]
    assert office.poll() == ["removed 101"]
    assert office.states() == ["overtaken", "applied"]


def test_who_may_have_been_put_there_without_an_answer_is_taken_off(office: Office) -> None:
    office.post("101")
    office.look()
    office.poll("lost")
    office.leave("101")
    office.look()
    assert office.poll() == ["removed 101"]
    assert office.there == {}


def test_an_answer_that_comes_after_the_order_was_dropped_counts(office: Office) -> None:
    office.post("101")
    office.look()
    office.poll("lost")
    office.after(LIFETIME)
    assert office.look() == ["expired 1"]
    [order] = office.book.carriage.of("A001")
    office.receipt(order._replace(sent=[]), applied=True)
    assert office.states() == ["applied"]
    office.after(MINUTE)
    office.poll()
    assert office.look() == []


class Step(NamedTuple):
    what: Callable[[Office], Any]
    name: str


STEPS = [
    *(Step(lambda office, no=no: office.post(no), f"post {no}") for no in ("101", "102", "103")),
    *(Step(lambda office, no=no: office.leave(no), f"leave {no}") for no in ("101", "102")),
    Step(lambda office: office.post("103", "改名"), "rename 103"),
    Step(lambda office: office.look(), "look"),
    *(Step(lambda office, mood=mood: office.poll(mood), mood) for mood in ("ok", "full", "lost", "deaf")),
    *(Step(lambda office, span=span: office.after(span), f"wait {span}") for span in (MINUTE, HOUR, LIFETIME)),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_whatever_went_before_a_terminal_that_answers_ends_in_step(steps: list[Step]) -> None:
    office = Office()
    for step in steps:
        step.what(office)
        pins = [order.fact.pin for order in office.book.carriage.open("A001")]
        assert len(pins) == len(set(pins)), "two open orders about one PIN"
    for _ in range(6):
        office.look()
        office.after(MINUTE)
        office.poll()
        office.after(LIFETIME // 4)
    given_up = {
        pin for pin, orders in office.book.carriage.by_pin("A001").items() if orders[-1].state in ("refused", "expired")
    }
    meant = {pin: who.name.box.decode() for pin, who in belonging(office.book, "A001", TODAY).items()}
    assert {pin: name for pin, name in office.there.items() if pin not in given_up} == {
        pin: name for pin, name in meant.items() if pin not in given_up
    }
