"""A Dahua terminal told where to upload, over its own interface; a server of somebody else is left alone."""

from datetime import datetime

import pytest
from dahuas import answering_dahua, dahua
from wires import OpenDoor

from api.doors.listening import let_post, mend_silence, post_again
from attendance.facts import Refused
from devices.dahua.served import FROM_THE_FACTORY
from devices.dahua.simulator import SimulatedTerminal

MORNING = datetime(2026, 9, 28, 8, 0)
SERVER = "PictureHttpUpload.UploadServerList[0]"
EVENTS = {key.replace("Picture", "Event"): value for key, value in FROM_THE_FACTORY.items()}
OTHERS = {f"{SERVER}.Address": "192.0.2.7", f"{SERVER}.Port": "80", f"{SERVER}.Uploadpath": "/other"}


def typed_in(terminal: SimulatedTerminal, settings: dict[str, str], server: str = SERVER) -> SimulatedTerminal:
    """The terminal uploads where its settings say."""
    terminal.secret = settings[f"{server}.Uploadpath"].removeprefix("/dahua/")
    return terminal


def test_what_the_terminal_uploads_afterwards_arrives_and_the_old_path_is_void(door: OpenDoor) -> None:
    terminal = dahua(door)
    first = terminal.secret
    with answering_dahua(terminal) as (call, cgi, _):
        assert let_post(door.hall, "D001", call(), f"http://127.0.0.1:{door.port}") == "PictureHttpUpload"
        typed_in(terminal, cgi.settings).punch("7", MORNING)
        assert terminal.upload() == 1
        assert cgi.settings["PictureHttpUpload.Enable"] == "true"
        assert cgi.settings[f"{SERVER}.HttpsEnable"] == "false"
    assert len(door.punches()) == 1
    terminal.secret = first
    assert terminal.keepalive().status == 404


def test_the_second_place_is_taken_when_another_system_has_the_first(door: OpenDoor) -> None:
    terminal = dahua(door)
    with answering_dahua(terminal) as (call, cgi, _):
        cgi.settings |= EVENTS | OTHERS
        assert let_post(door.hall, "D001", call(), f"http://127.0.0.1:{door.port}") == "EventHttpUpload"
        assert OTHERS.items() <= cgi.settings.items()


def test_another_systems_server_is_never_overwritten(door: OpenDoor) -> None:
    terminal = dahua(door)
    with answering_dahua(terminal) as (call, cgi, _):
        cgi.settings |= OTHERS
        before = dict(cgi.settings)
        with pytest.raises(Refused, match="no_free_slot"):
            let_post(door.hall, "D001", call(), f"http://127.0.0.1:{door.port}")
        assert cgi.settings == before
    assert terminal.keepalive().text == '{"result":true}'


def test_firmware_without_uploads_is_told_apart(door: OpenDoor) -> None:
    with answering_dahua(dahua(door)) as (call, cgi, _):
        cgi.settings.clear()
        with pytest.raises(Refused, match="no_upload_here"):
            let_post(door.hall, "D001", call(), f"http://127.0.0.1:{door.port}")


def test_a_setting_that_was_not_kept_is_refused_and_the_old_secret_goes_on(door: OpenDoor) -> None:
    terminal = dahua(door)
    with answering_dahua(terminal) as (call, cgi, _):
        del cgi.settings[f"{SERVER}.Port"]
        with pytest.raises(Refused, match="terminal_said"):
            let_post(door.hall, "D001", call(), f"http://127.0.0.1:{door.port}")
    assert terminal.keepalive().status == 200


def test_a_silent_terminal_is_told_once_more_at_the_same_address(door: OpenDoor) -> None:
    terminal = dahua(door)
    with answering_dahua(terminal) as (call, cgi, _):
        let_post(door.hall, "D001", call(), f"http://127.0.0.1:{door.port}")
        before = dict(cgi.settings)
        cgi.settings["PictureHttpUpload.Enable"] = "false"
        assert post_again(door.hall, "D001", call()) == "PictureHttpUpload"
        assert cgi.settings == before


def test_one_that_was_just_heard_is_left_alone(door: OpenDoor) -> None:
    terminal = dahua(door)
    with answering_dahua(terminal) as (call, cgi, _):
        terminal.keepalive()
        assert mend_silence(door.hall, "D001", call(), datetime.now().astimezone()) == ""
        assert cgi.asked == []


def test_one_that_was_never_told_is_for_a_person_to_tell(door: OpenDoor) -> None:
    with answering_dahua(dahua(door)) as (call, _, _), pytest.raises(Refused, match="not_told_to_post"):
        mend_silence(door.hall, "D001", call(), datetime.now().astimezone())


def test_firmware_that_knows_basic_alone_never_sees_the_password_unasked(door: OpenDoor) -> None:
    with answering_dahua(dahua(door), knows_digest=False) as (call, _, lock):
        with pytest.raises(Refused, match="terminal_basic_only"), call() as line:
            line.ask("GET", "/cgi-bin/magicBox.cgi?action=getSystemInfo")
        assert (lock.shown_in_clear, lock.wrong) == (0, 0)


def test_basic_is_used_where_an_administrator_allowed_it(door: OpenDoor) -> None:
    with answering_dahua(dahua(door), knows_digest=False, allows_basic=True) as (call, _, lock), call() as line:
        assert line.ask("GET", "/cgi-bin/magicBox.cgi?action=getSystemInfo").status == 200
        assert lock.shown_in_clear == 1


def test_digest_is_used_wherever_it_is_offered_even_then(door: OpenDoor) -> None:
    with answering_dahua(dahua(door), allows_basic=True) as (call, _, lock), call() as line:
        assert line.ask("GET", "/cgi-bin/magicBox.cgi?action=getSystemInfo").status == 200
        assert lock.shown_in_clear == 0
