"""Consent to the use of one's face: given, run out, withdrawn, given again."""

from datetime import date, datetime

import pytest
from halls import do, refusal_of

from attendance import consent
from attendance.hall import Hall

NEW_YEAR = datetime(2026, 1, 5, 9, 30)
GIVEN = {"no": "102", "kind": "face", "at": NEW_YEAR, "text": "2026-01", "signature": "M0 0L9 9"}


def stands(hall: Hall, day: date) -> bool:
    return hall.book().consents.stands("102", "face", day) is not None


def test_a_consent_stands_from_its_day_to_its_last(hall: Hall):
    do(hall, consent.give, **GIVEN, until=date(2026, 6, 30))
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 6, 30), date(2026, 7, 1)]
    assert [stands(hall, day) for day in days] == [False, True, True, False]


def test_it_is_one_kind_and_one_persons(hall: Hall):
    do(hall, consent.give, **GIVEN)
    consents = hall.book().consents
    assert consents.stands("102", "fingerprint", NEW_YEAR.date()) is None
    assert consents.stands("0101", "face", NEW_YEAR.date()) is None


def test_withdrawn_it_does_not_stand_any_more_and_stood_before(hall: Hall):
    do(hall, consent.give, **GIVEN)
    do(hall, consent.withdraw, no="102", kind="face", at=datetime(2026, 3, 2, 8, 0))
    assert [stands(hall, date(2026, 3, day)) for day in (1, 2, 3)] == [True, False, False]


def test_withdrawn_and_given_again_on_one_day_the_new_one_stands(hall: Hall):
    do(hall, consent.give, **GIVEN)
    do(hall, consent.withdraw, no="102", kind="face", at=datetime(2026, 3, 2, 8, 0))
    do(hall, consent.give, **GIVEN | {"at": datetime(2026, 3, 2, 9, 0), "text": "2026-03"})
    standing = hall.book().consents.stands("102", "face", date(2026, 3, 2))
    assert standing is not None
    assert standing.fact.text == "2026-03"


def test_withdrawing_takes_back_every_consent_that_stands(hall: Hall):
    do(hall, consent.give, **GIVEN)
    do(hall, consent.give, **GIVEN | {"at": datetime(2026, 2, 1, 9, 0)})
    hall.decide(lambda draft: consent.withdraw(draft, no="102", kind="face", at=datetime(2026, 3, 2)), "user:102")
    assert not stands(hall, date(2026, 3, 2))


def test_the_same_consent_told_twice_is_one(hall: Hall):
    assert do(hall, consent.give, **GIVEN) == "new"
    assert do(hall, consent.give, **GIVEN) == "repeated"


def test_the_signature_is_sealed_under_the_persons_own_key(hall: Hall):
    do(hall, consent.give, **GIVEN)
    (given,) = hall.book().consents.given
    assert b"M0 0L9 9" not in hall.folder.log.read_bytes()
    assert hall.opened(given.fact.signature) == "M0 0L9 9"
    hall.keys.forget("102")
    assert hall.opened(given.fact.signature) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"no": "777"}, ("person_unknown", "no")),
        ({"kind": "iris"}, ("consent_kind_unknown", "kind")),
        ({"text": ""}, ("missing", "text")),
        ({"signature": "  "}, ("missing", "signature")),
        ({"until": date(2025, 1, 1)}, ("ends_before_start", "to")),
    ],
)
def test_a_consent_that_says_too_little_is_refused(hall: Hall, change: dict[str, object], code: tuple[str, str]):
    assert refusal_of(hall, consent.give, **GIVEN | change) == code


def test_there_is_nothing_to_withdraw_where_nothing_stands(hall: Hall):
    assert refusal_of(hall, consent.withdraw, no="102", kind="face", at=NEW_YEAR) == ("no_consent", "no")
