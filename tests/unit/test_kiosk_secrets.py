"""Passcodes, tickets, pairing codes, envelopes and paces of face terminals."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.kiosk.codes import LASTS, MOST_WAITING, PairingCodes
from api.kiosk.envelopes import Envelopes
from api.kiosk.pace import Pace
from api.kiosk.passcodes import LOCK_SECONDS, Passcodes, accept
from api.kiosk.shown import surname
from api.kiosk.tickets import STEP_SECONDS, Tickets
from attendance.facts import Refused

GOOD, WRONG = "820465", "975310"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passcodes(tmp_path: Path, clock: Clock) -> Iterator[Passcodes]:
    made = Passcodes(tmp_path / "passcodes.db", tmp_path, clock)
    yield made
    made.close()


def refused(code: str, call, *arguments: object) -> None:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    assert caught.value.code == code


@pytest.mark.parametrize("passcode", ["", "12345", "123456789", "12345a", "１２３４５６", "82 0465", "-20465"])
def test_a_passcode_is_six_to_eight_figures(passcode: str):
    refused("passcode_form", accept, passcode)


@pytest.mark.parametrize("passcode", ["111111", "121212", "123456", "654321", "890123", "100200"])
def test_what_anybody_would_try_first_is_no_passcode(passcode: str):
    refused("passcode_easy", accept, passcode, "100200300")


def test_a_passcode_opens_for_its_owner_alone(passcodes: Passcodes):
    passcodes.choose("102", GOOD)
    passcodes.check("102", GOOD, "MQ-0001")
    refused("passcode_wrong", passcodes.check, "102", WRONG, "MQ-0001")
    refused("passcode_wrong", passcodes.check, "103", GOOD, "MQ-0001")
    assert (passcodes.state("102"), passcodes.state("103")) == ("own", "")


def test_a_lock_is_for_one_person_at_one_terminal_and_ends_by_itself(passcodes: Passcodes, clock: Clock):
    passcodes.choose("102", GOOD)
    for _ in range(4):
        refused("passcode_wrong", passcodes.check, "102", WRONG, "MQ-0001")
    refused("passcode_locked", passcodes.check, "102", WRONG, "MQ-0001")
    refused("passcode_locked", passcodes.check, "102", GOOD, "MQ-0001")
    passcodes.check("102", GOOD, "MQ-0002")
    clock.now += LOCK_SECONDS + 1
    passcodes.check("102", GOOD, "MQ-0001")


def test_what_was_typed_yesterday_is_not_held_up_by_todays_lock(passcodes: Passcodes, clock: Clock):
    passcodes.choose("102", GOOD)
    for _ in range(5):
        with pytest.raises(Refused):
            passcodes.check("102", WRONG, "MQ-0001")
    passcodes.check("102", GOOD, "MQ-0001", clock.now - 86_400)


def test_neither_file_holds_a_passcode_and_one_alone_is_of_no_use(tmp_path: Path, passcodes: Passcodes):
    passcodes.choose("102", GOOD)
    assert all(GOOD.encode() not in file.read_bytes() for file in tmp_path.iterdir())
    (tmp_path / "elsewhere").mkdir()
    stolen = Passcodes(tmp_path / "passcodes.db", tmp_path / "elsewhere")
    refused("passcode_wrong", stolen.check, "102", GOOD, "MQ-0001")
    stolen.close()


def test_a_passcode_given_out_is_marked_and_can_be_taken_away(passcodes: Passcodes):
    given = passcodes.give("102")
    passcodes.check("102", given, "MQ-0001")
    assert passcodes.state("102") == "given"
    assert passcodes.take("102")
    assert not passcodes.take("102")
    refused("passcode_wrong", passcodes.check, "102", given, "MQ-0001")


def test_a_ticket_is_good_for_its_half_minute_and_a_little_more(tmp_path: Path):
    tickets, now = Tickets(tmp_path), 1_790_000_010.0
    ticket = tickets.ticket("0102", now)
    assert 0 < ticket.lasts <= STEP_SECONDS
    for later in (0, STEP_SECONDS, 2 * STEP_SECONDS):
        assert tickets.holder(ticket.text, now + later) == "0102"
        assert tickets.fits("0102", ticket.figures, now + later)
    refused("ticket_over", tickets.holder, ticket.text, now + 3 * STEP_SECONDS)
    assert not tickets.fits("0102", ticket.figures, now + 3 * STEP_SECONDS)
    assert not tickets.fits("102", ticket.figures, now)


@pytest.mark.parametrize(
    "text", ["", "MQ1", "MQ1:102", "MQ1:102:x:y", "MQ1:102:59666667:AAAA", "MQ2:102:1:A", "9" * 300]
)
def test_what_no_hall_signed_is_no_ticket(tmp_path: Path, text: str):
    refused("ticket_unknown", Tickets(tmp_path).holder, text, 1_790_000_010.0)


def test_another_halls_ticket_is_not_ours(tmp_path: Path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    theirs = Tickets(tmp_path / "theirs").ticket("102", 1_790_000_010.0)
    refused("ticket_unknown", Tickets(tmp_path / "ours").holder, theirs.text, 1_790_000_010.0)


def test_a_pairing_code_is_over_after_ten_minutes(clock: Clock):
    codes = PairingCodes(clock)
    waiting = codes.begin()
    assert codes.collect(waiting.claim) == ""
    assert codes.asked(f" {waiting.code[:3]} {waiting.code[3:]}") is waiting
    clock.now += LASTS + 1
    refused("pairing_code_wrong", codes.asked, waiting.code)
    assert codes.collect(waiting.claim) is None


def test_only_so_many_devices_may_wait_at_once(clock: Clock):
    codes = PairingCodes(clock)
    shown = {codes.begin().code for _ in range(MOST_WAITING)}
    assert len(shown) == MOST_WAITING
    refused("too_many_pairing", codes.begin)
    clock.now += LASTS + 1
    codes.begin()


def test_an_envelope_of_noise_is_refused_in_words(tmp_path: Path):
    envelopes = Envelopes(tmp_path)
    for noise in (b"", b"x" * 384, b"\0" * 384):
        refused("envelope_unreadable", envelopes.opened, noise)
    assert Envelopes(tmp_path).public_key == envelopes.public_key


def test_a_pace_lets_some_through_at_once_and_then_so_many_a_second(clock: Clock):
    pace = Pace(2, 3, clock)
    assert [pace.allows("a") for _ in range(5)] == [True, True, True, False, False]
    assert pace.allows("b")
    clock.now += 1
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "called"),
    [("钱桐雅", "钱"), ("欧阳若兰", "欧阳"), ("欧阳", "欧"), ("司马青", "司马"), ("Lena Berg", "Lena"), ("", "")],
)
def test_the_screen_calls_people_by_their_family_name(name: str, called: str):
    assert surname(name) == called
