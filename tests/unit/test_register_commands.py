"""`manqin terminals …`: placing, suspending, replacing, PINs and orders at the command line."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from halls import POLICY, do, register_a_small_hall

from api.cli import main
from api.jobs.carriage import keep_up
from attendance.hall import Hall
from attendance.punches import Punched
from attendance.terminals import accept

MOMENT = datetime(2026, 3, 2, 8, 50)
Manqin = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    hall = Hall.found(tmp_path / "hall", POLICY)
    register_a_small_hall(hall)
    do(hall, accept, sn="A001", name="东门")
    hall.receive([Punched(terminal="A001", pin="17", at=MOMENT, raw="")], "terminal:A001")
    hall.close()
    return tmp_path / "hall"


@pytest.fixture
def manqin(data: Path, monkeypatch: pytest.MonkeyPatch) -> Manqin:
    monkeypatch.setenv("MANQIN_LANG", "en")

    def run(*words: str, **more: str) -> Result:
        return CliRunner().invoke(main, ["--data", str(data), "terminals", *words], **more)

    return run


def listed(manqin: Manqin) -> dict[str, dict[str, str]]:
    return {row["sn"]: row for row in json.loads(manqin("list", "--json").stdout)}


def test_a_terminal_is_moved_and_what_is_not_told_stays(manqin: Manqin) -> None:
    assert manqin("place", "a001", "--place", "一楼", "--window", "税务窗口").exit_code == 0
    assert manqin("place", "A001", "--name", "西门").exit_code == 0
    row = listed(manqin)["A001"]
    assert (row["name"], row["place"], row["state"]) == ("西门", "一楼", "accepted")
    assert manqin("place", "A001", "--window", "海关").exit_code == 1
    assert manqin("place", "Z9", "--name", "x").exit_code == 1


def test_suspending_and_resuming(manqin: Manqin) -> None:
    assert manqin("suspend", "A001").exit_code == 2
    assert manqin("suspend", "A001", "--reason", " ").exit_code == 1
    assert manqin("suspend", "A001", "--reason", "repair").exit_code == 0
    assert listed(manqin)["A001"]["state"] == "suspended"
    again = manqin("suspend", "A001", "--reason", "repair")
    assert (again.exit_code, "suspended already" in again.stderr) == (1, True)
    assert manqin("resume", "A001").exit_code == 0
    assert manqin("resume", "A001").exit_code == 1


def test_replacing_asks_first(manqin: Manqin) -> None:
    words = ("replace", "A001", "N002", "--from", "2026-04-01")
    assert manqin(*words, input="n\n").exit_code == 1
    assert "N002" not in listed(manqin)
    assert manqin(*words, input="y\n").exit_code == 0
    rows = listed(manqin)
    assert (rows["A001"]["state"], rows["N002"]["state"], rows["N002"]["name"]) == ("replaced", "accepted", "东门")
    assert manqin("replace", "A001", "N003", "--from", "2026-04-02", "--yes").exit_code == 1
    assert manqin("replace", "N002", "A001", "--from", "2026-04-02", "--yes").exit_code == 1
    assert manqin("replace", "N002", "n002", "--from", "2026-04-02", "--yes").exit_code == 1


def test_pins_are_listed_assigned_ended_and_withdrawn(manqin: Manqin) -> None:
    assert "PIN 17 is nobody's: 1 punches" in manqin("pins", "A001").stderr
    assert manqin("assign", "A001", "17", "102", "--from", "2026-03-01").exit_code == 0
    assert manqin("assign", "A001", "17", "0101", "--from", "2026-03-05").exit_code == 1
    assert manqin("end-pin", "A001", "17", "--from", "2026-03-01", "--last", "2026-03-04").exit_code == 0
    told = json.loads(manqin("pins", "A001", "--json").stdout)
    assert told == {
        "rows": [{"pin": "17", "no": "102", "from": "2026-03-01", "to": "2026-03-04"}],
        "unknown": [],
    }
    assert manqin("withdraw-pin", "A001", "17").exit_code == 1, "no row without a beginning"
    assert manqin("withdraw-pin", "A001", "17", "--from", "2026-03-01").exit_code == 0
    assert json.loads(manqin("pins", "A001", "--json").stdout)["rows"] == []


def test_orders_are_listed_and_only_failed_ones_tried_again(manqin: Manqin, data: Path) -> None:
    hall = Hall.open(data)
    terminal = hall.book().terminals.known("A001")
    assert terminal is not None
    keep_up(hall, terminal)
    hall.close()
    told = json.loads(manqin("orders", "--json").stdout)
    assert [(row["number"], row["deed"], row["pin"], row["state"]) for row in told] == [
        (1, "put", "101", "given"),
        (2, "put", "102", "given"),
        (3, "put", "9001", "given"),
    ]
    assert "waits for the terminal" in manqin("orders", "A001").stdout
    refused = manqin("again", "A001", "1")
    assert (refused.exit_code, "has not failed" in refused.stderr) == (1, True)
    assert manqin("again", "A001", "99").exit_code == 1
