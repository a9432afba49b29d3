"""`manqin terminals …` against a Hikvision terminal that answers, as a person at the command line sees it."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from halls import do
from hikvisions import MORNING, PASSWORD, SERIAL, answering, listened_to
from wires import OpenDoor

from api.cli import main
from api.commands.visiting import PASSWORD as VARIABLE
from attendance import people, windows

Manqin = Callable[..., Result]


@pytest.fixture
def manqin(door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> Manqin:
    """Runs a command on the open hall's folder, in English, with the terminal's password in the environment."""
    monkeypatch.setenv("MANQIN_LANG", "en")
    monkeypatch.setenv(VARIABLE, PASSWORD)

    def run(*words: object, **more: str) -> Result:
        command = ["--data", str(door.hall.folder.data), "terminals", *map(str, words)]
        return CliRunner().invoke(main, command, **more)  # type: ignore[arg-type]

    return run


def test_a_hikvision_terminal_gets_a_path_of_its_family(door: OpenDoor, manqin: Manqin) -> None:
    assert manqin("accept", SERIAL, "--family", "hikvision").exit_code == 0
    path = manqin("secret", SERIAL).stdout.strip()
    assert path.startswith("/hikvision/")
    assert len(path) <= 128
    assert door.get(path).status == 200


def test_a_family_that_comes_as_sheets_has_no_path(door: OpenDoor, manqin: Manqin) -> None:
    assert manqin("accept", "DING1", "--family", "dingtalk").exit_code == 0
    told = manqin("secret", "DING1")
    assert (told.exit_code, told.stdout, "post nothing" in told.stderr) == (1, "", True)


def test_a_pull_says_what_it_brought(door: OpenDoor, manqin: Manqin) -> None:
    terminal = listened_to(door)
    terminal.punch("7", MORNING)
    terminal.happen(5, 21, MORNING)
    with answering(terminal) as (url, _, _):
        first = manqin("pull", SERIAL, "--url", url, "--json")
        again = manqin("pull", SERIAL, "--url", url)
    assert json.loads(first.stdout) == {"records": 2, "stored": 1, "repeated": 0, "quarantined": 0}
    assert "1 new" in first.stderr
    assert (again.exit_code, again.stdout, "0 new, 1 known" in again.stderr) == (0, "", True)


def test_a_missing_password_is_asked_for_and_never_shown(
    door: OpenDoor, manqin: Manqin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with answering(listened_to(door)) as (url, _, _):
        asked = manqin("pull", SERIAL, "--url", url, input=f"{PASSWORD}\n")
    assert asked.exit_code == 0
    assert PASSWORD not in asked.output


def test_a_wrong_password_ends_in_a_sentence(door: OpenDoor, manqin: Manqin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "guess")
    with answering(listened_to(door)) as (url, _, lock):
        told = manqin("pull", SERIAL, "--url", url)
        assert lock.wrong == 1
    assert (told.exit_code, "does not take the password" in told.stderr) == (1, True)


def test_the_clock_is_shown_and_set(door: OpenDoor, manqin: Manqin) -> None:
    with answering(listened_to(door)) as (url, _, _):
        wrong = manqin("clock", SERIAL, "--url", url).stderr
        done = manqin("clock", SERIAL, "--url", url, "--set").stderr
        right = manqin("clock", SERIAL, "--url", url).stderr
    assert "more than 60" in wrong
    assert "it showed 2026-09-28 08:59:30" in done
    assert "which is fine" in right


def test_people_are_listed_with_the_terminals_answers(door: OpenDoor, manqin: Manqin) -> None:
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    do(door.hall, people.post, no="0101", name="钱桐雅", window="税务窗口")
    with answering(listened_to(door)) as (url, _, _):
        told = manqin("people", SERIAL, "--url", url)
    assert told.stdout == "0101\tput\tok\n"
    assert "done for 1" in told.stderr


def test_a_terminal_is_told_where_to_post(door: OpenDoor, manqin: Manqin) -> None:
    with answering(listened_to(door)) as (url, served, _):
        told = manqin("listen", SERIAL, "--url", url, "--here", f"http://127.0.0.1:{door.port}")
        path = served.settings.hosts[0]["url"]
    assert "slot 1" in told.stderr
    assert path not in told.output
    assert door.get(path).status == 200
