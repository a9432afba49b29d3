"""The register of terminals: who waits, who is trusted, from where."""

import pytest
from halls import do, refusal_of

from attendance import terminals
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import MOST_WAITING, accept, bind, plain_address, serial


def call(hall: Hall, sn: str) -> bool:
    details = {"sn": sn, "family": "zkteco", "address": "10.0.0.7"}
    return hall.decide(lambda draft: terminals.note_call(draft, **details), "terminal:x")


def waiting(hall: Hall) -> list[str]:
    return [entry.fact.terminal for entry in hall.book().terminals.waiting()]


def test_a_caller_waits_until_it_is_accepted(empty_hall: Hall) -> None:
    assert call(empty_hall, "b002")
    assert waiting(empty_hall) == ["B002"]
    assert do(empty_hall, accept, sn="B002") == "new"
    assert waiting(empty_hall) == []


def test_accepting_again_is_harmless_and_changes_are_told(empty_hall: Hall) -> None:
    assert do(empty_hall, accept, sn="b002", zone="8", name="大门") == "new"
    assert do(empty_hall, accept, sn="B002 ", zone="+08:00", name="大门") == "repeated"
    assert do(empty_hall, accept, sn="B002", zone="+05:30", name="大门") == "changed"
    known = empty_hall.book().terminals.known("B002")
    assert known is not None
    assert (known.zone, known.zone_in_minutes) == (330, False)


def test_the_waiting_list_is_bounded_and_accepting_makes_room(empty_hall: Hall) -> None:
    assert all(call(empty_hall, f"X{number}") for number in range(MOST_WAITING))
    assert not call(empty_hall, "ONE-MORE")
    do(empty_hall, accept, sn="X0")
    assert call(empty_hall, "ONE-MORE")


@pytest.mark.parametrize(
    ("details", "code", "column"),
    [
        ({"sn": ""}, "bad_serial", "sn"),
        ({"sn": "终端"}, "bad_serial", "sn"),
        ({"sn": "A" * 41}, "bad_serial", "sn"),
        ({"sn": "A001", "family": "unheard"}, "unknown_family", "family"),
        ({"sn": "A001", "zone": "Europe/Berlin"}, "unknown_zone", "zone"),
    ],
)
def test_what_cannot_be_accepted(empty_hall: Hall, details: dict[str, str], code: str, column: str) -> None:
    assert refusal_of(empty_hall, accept, **details) == (code, column)


def test_binding(hall: Hall) -> None:
    assert refusal_of(hall, bind, sn="Z9", address="10.0.0.7") == ("terminal_unknown", "sn")
    assert refusal_of(hall, bind, sn="A001", address="10.0.0") == ("bad_address", "address")
    assert do(hall, bind, sn="a001", address="10.0.0.7") == "new"
    assert do(hall, bind, sn="A001", address="10.0.0.8") == "changed"
    assert hall.book().terminals.address_of("A001") == "10.0.0.8"


def test_the_first_contact_binds_and_later_ones_do_not(hall: Hall) -> None:
    for address in ("10.0.0.7", "10.0.0.8"):
        bound = hall.decide(
            lambda draft, at=address: terminals.bind_first(draft, sn="A001", address=at), "terminal:A001"
        )
        assert bound == "10.0.0.7"


@pytest.mark.parametrize(
    ("text", "plain"), [(" 10.0.0.7 ", "10.0.0.7"), ("::ffff:10.0.0.7", "10.0.0.7"), ("::1", "::1")]
)
def test_addresses_have_one_spelling(text: str, plain: str) -> None:
    assert plain_address(text) == plain


def test_serial_numbers_are_kept_in_capitals() -> None:
    assert serial(" a-0.0_1x ") == "A-0.0_1X"
    with pytest.raises(Refused):
        serial("a b")
