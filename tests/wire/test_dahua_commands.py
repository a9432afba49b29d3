"""`manqin terminals …` and `manqin import sheet` as a person at the command line sees them, with a Dahua terminal."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dahuas import dahua
from halls import do
from wires import OpenDoor

from api.cli import main
from api.commands.visiting import PASSWORD as VARIABLE
from attendance import people, windows
from attendance.visits import PersonCarried, TerminalPulled
from devices.dahua.served import CgiMood, SimulatedCgi, cgi_served
from devices.served import DigestLock

MORNING = datetime(2026, 9, 28, 8, 0)
PASSWORD = "plum-blossom-9"
Manqin = Callable[..., Result]


@pytest.fixture
def manqin(door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> Manqin:
    """Runs a command on the open hall's folder, in English, with the terminal's password in the environment."""
    monkeypatch.setenv("MANQIN_LANG", "en")
    monkeypatch.setenv(VARIABLE, PASSWORD)

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, ["--data", str(door.hall.folder.data), *map(str, words)])

    return run


def test_a_dahua_terminal_gets_a_path_of_its_family(door: OpenDoor, manqin: Manqin) -> None:
    assert manqin("terminals", "accept", "D001", "--family", "dahua").exit_code == 0
    path = manqin("terminals", "secret", "D001").stdout.strip()
    assert path.startswith("/dahua/")
    assert door.get(path).text == '{"result":true}'


def test_a_pull_brings_what_the_upload_lost_and_nothing_twice(door: OpenDoor, manqin: Manqin) -> None:
    cgi = SimulatedCgi(dahua(door), CgiMood(most=7))
    for minute in range(20):
        cgi.terminal.punch(str(minute + 1), MORNING + timedelta(minutes=minute))
    cgi.terminal.upload()
    cgi.terminal.punch("21", MORNING + timedelta(hours=1))
    with cgi_served(cgi, DigestLock("admin", PASSWORD)) as url:
        first = manqin("terminals", "pull", "d001", "--url", url, "--json")
        again = manqin("terminals", "pull", "D001", "--url", url, "--json")
    assert json.loads(first.stdout) == {"records": 21, "stored": 1, "repeated": 20, "quarantined": 0}
    assert json.loads(again.stdout)["stored"] == 0
    assert len(door.punches()) == 21
    assert [punch.road for punch in door.punches()].count("pull") == 1
    [mark] = door.facts(TerminalPulled)
    assert mark.serial == cgi.terminal.records[-1]["RecNo"]


def test_another_terminal_at_the_address_is_not_read(door: OpenDoor, manqin: Manqin) -> None:
    cgi = SimulatedCgi(dahua(door), CgiMood(says_serial="D002"))
    cgi.terminal.punch("7", MORNING)
    with cgi_served(cgi, DigestLock("admin", PASSWORD)) as url:
        told = manqin("terminals", "pull", "D001", "--url", url)
    assert told.exit_code == 1
    assert "says it is “D002”" in told.stderr
    assert door.punches() == []


def test_people_go_to_the_terminal_and_leave_it_with_its_answers(door: OpenDoor, manqin: Manqin) -> None:
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    do(door.hall, people.post, no="0101", name="钱桐雅", window="税务窗口")
    do(door.hall, people.post, no="0102", name="孙可岚", window="税务窗口", end=datetime(2026, 1, 31).date())
    cgi = SimulatedCgi(dahua(door))
    cgi.terminal.people = {pin: {"UserID": pin, "UserName": "旧"} for pin in ("0102", "9999")}
    with cgi_served(cgi, DigestLock("admin", PASSWORD)) as url:
        told = manqin("terminals", "people", "D001", "--url", url)
    assert told.exit_code == 0
    assert {pin: user["UserName"] for pin, user in cgi.terminal.people.items()} == {"0101": "钱桐雅", "9999": "旧"}
    assert {(fact.pin, fact.deed, fact.applied) for fact in door.facts(PersonCarried)} == {
        ("101", "put", True),
        ("102", "removed", True),
    }


def test_the_clock_is_shown_and_set(door: OpenDoor, manqin: Manqin) -> None:
    cgi = SimulatedCgi(dahua(door))
    cgi.clock_error = timedelta(minutes=-7)
    with cgi_served(cgi, DigestLock("admin", PASSWORD)) as url:
        wrong = manqin("terminals", "clock", "D001", "--url", url)
        manqin("terminals", "clock", "D001", "--url", url, "--set")
        right = manqin("terminals", "clock", "D001", "--url", url)
    assert "more than 60" in wrong.stderr
    assert "which is fine" in right.stderr
    assert abs(cgi.clock_error) < timedelta(seconds=5)


def test_an_imported_sheet_is_told_in_counts_and_sentences(door: OpenDoor, manqin: Manqin, tmp_path: Path) -> None:
    door.accept("ZK1", family="zktime")
    file = tmp_path / "记录.csv"
    yesterday = datetime.now(UTC) - timedelta(days=1)
    rows = f"7,{yesterday:%Y-%m-%d} 08:55:03,\r\n8,{yesterday:%Y-%m-%d} 09:00,补签\r\n9,昨天,\r\n8,--,\r\n"
    file.write_bytes(f"考勤号码,日期时间,备注\r\n{rows}".encode("gb18030"))
    told = manqin("import", "sheet", file, "--terminal", "ZK1", "--json")
    assert told.exit_code == 0
    result = json.loads(told.stdout)
    assert (result["form"], result["accepted"], result["edited"], result["without_punch"]) == ("zktime", 2, 1, 1)
    assert [(row["row"], row["column"]) for row in result["refused"]] == [(4, "日期时间")]
    assert "1 of them made or changed by people" in told.stderr
    assert "row 4" in told.stderr
    other = manqin("import", "sheet", file, "--terminal", "A001X")
    assert (other.exit_code, other.stdout) == (1, "")
