"""The hall's own camera terminals in the register: paired, settled, unpaired, paired again."""

import pytest
from halls import do, refusal_of

from attendance import pairing, terminals
from attendance.hall import Hall


def pair(hall: Hall, number: str, **wishes: str) -> str:
    return str(do(hall, pairing.pair, pairing=number, **({"name": "东门"} | wishes)))


def test_each_new_terminal_gets_the_next_number_and_stands_in_the_register(hall: Hall):
    assert [pair(hall, "a"), pair(hall, "b")] == ["MQ-0001", "MQ-0002"]
    known = hall.book().terminals.known("MQ-0002")
    assert known is not None
    assert (known.family, known.name, known.zone) == ("manqin", "东门", 480)


def test_another_device_in_its_place_ends_the_one_before(hall: Hall):
    sn = pair(hall, "a")
    assert pair(hall, "b", sn=sn.lower(), name="") == sn
    standing = hall.book().pairings.standing(sn)
    assert standing is not None
    assert standing.pairing == "b"
    assert [entry.fact.pairing for entry in hall.book().pairings.unpaired] == ["a"]


def test_unpaired_it_stays_in_the_register_without_a_device(hall: Hall):
    sn = pair(hall, "a")
    do(hall, pairing.unpair, sn=sn)
    assert hall.book().pairings.standing(sn) is None
    assert hall.book().terminals.known(sn) is not None
    assert refusal_of(hall, pairing.unpair, sn=sn) == ("not_paired", "sn")


def test_settled_otherwise_it_is_the_same_pairing(hall: Hall):
    sn = pair(hall, "a")
    do(hall, pairing.settle, sn=sn, challenge="always", names="number")
    standing = hall.book().pairings.standing(sn)
    assert standing is not None
    assert (standing.pairing, standing.challenge, standing.names) == ("a", "always", "number")


@pytest.mark.parametrize(
    ("wishes", "refusal"),
    [
        ({"name": " "}, ("missing", "name")),
        ({"challenge": "sometimes"}, ("challenge_unknown", "challenge")),
        ({"names": "nickname"}, ("names_unknown", "names")),
        ({"zone": "noon"}, ("unknown_zone", "zone")),
        ({"sn": "MQ-0009"}, ("terminal_unknown", "sn")),
        ({"sn": "A001"}, ("not_a_camera_terminal", "sn")),
    ],
)
def test_what_cannot_be_paired_is_refused_where_it_is_wrong(hall: Hall, wishes: dict, refusal: tuple):
    assert refusal_of(hall, pairing.pair, pairing="a", **({"name": "东门"} | wishes)) == refusal


def test_a_number_somebody_else_took_is_passed_over(hall: Hall):
    do(hall, terminals.accept, sn="MQ-0001", family="zkteco")
    assert pair(hall, "a") == "MQ-0002"
