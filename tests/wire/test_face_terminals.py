"""Faces at a terminal's page over real HTTPS: it asks the hall, which asks for movements."""

from collections.abc import Iterator

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

from kiosks import Kiosk, enrol, paired_kiosk
from portraits import TURNED, frames, jpeg, picture_in_hand, turned
from sites import Site, site_opened

from devices.face.ports import STEPS

SIDES = {"turn_left": 1, "turn_right": -1}


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hall in which 孙可岚 (102) and 钱桐雅 (0101) are enrolled."""
    with site_opened(tmp_path_factory.mktemp("page")) as site:
        enrol(site, "102", frames("astronaut", 4))
        enrol(site, "0101", frames("friend", 4))
        yield site


@pytest.fixture
def kiosk(hall_site: Site) -> Iterator[Kiosk]:
    """A page that always asks for a movement."""
    with paired_kiosk(hall_site, challenge="always") as kiosk:
        yield kiosk


def asked_for(kiosk: Kiosk, *steps: str) -> tuple[str, str]:
    """The token of one of these movements that was asked, and which."""
    while True:
        answer = kiosk.show(frames("astronaut", 1))
        assert answer["state"] == "challenge", answer
        if answer["step"] in steps:
            return answer["token"], answer["step"]


def asked_to_turn(kiosk: Kiosk) -> tuple[str, int]:
    """The token of a turn that was asked, and to which side."""
    token, step = asked_for(kiosk, *SIDES)
    return token, SIDES[step]


def test_a_page_may_not_borrow_the_gallery(kiosk: Kiosk):
    assert kiosk.client.post("/terminal/gallery", json={}).status_code == 403


def test_standing_still_is_no_movement(kiosk: Kiosk):
    token, _ = asked_to_turn(kiosk)
    still = kiosk.show(frames("astronaut", 3) * 4, f"challenge?token={token}")
    assert (still["state"], bool(still["words"])) == ("not_done", True)
    assert kiosk.punches() == []


def test_a_picture_in_a_hand_meets_nothing_that_is_asked(kiosk: Kiosk):
    picture, left = [frame for _, frame in picture_in_hand("astronaut", degrees=30)], set(STEPS)
    while left:
        token, step = asked_for(kiosk, *left)
        assert kiosk.show(picture, f"challenge?token={token}")["state"] == "not_done"
        left.remove(step)
    assert kiosk.punches() == []


def test_what_was_asked_and_done_is_a_punch_that_says_so_and_counts_once(kiosk: Kiosk, hall_site: Site):
    token, side = asked_to_turn(kiosk)
    straight, halfway, turned_away = (jpeg(turned("astronaut", side * angle)) for angle in (0, TURNED / 2, TURNED))
    film = [straight] * 4 + [halfway] * 2 + [turned_away] * 5 + [halfway]
    with paired_kiosk(hall_site) as other:
        assert other.show(film, f"challenge?token={token}")["state"] == "unclear"
    token, again = asked_to_turn(kiosk)
    while again != side:
        token, again = asked_to_turn(kiosk)
    answer = kiosk.show(film, f"challenge?token={token}")
    assert answer["state"] == "clocked", answer
    assert kiosk.show(film, f"challenge?token={token}")["state"] == "unclear"
    [punch] = kiosk.punches()
    assert (punch.pin, punch.recognised.liveness in SIDES) == ("102", True)


def test_an_uncertain_face_with_a_number_is_compared_with_that_person_alone(kiosk: Kiosk):
    other = kiosk.show(frames("actor", 2), "frames?no=102")
    assert other["state"] in ("stranger", "uncertain")
    assert kiosk.show(frames("astronaut", 2), "frames?no=0101")["state"] in ("stranger", "uncertain")
    assert kiosk.show(frames("astronaut", 2), "frames?no=nobody")["code"] == "passcode_wrong"
