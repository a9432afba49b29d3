"""People carried to access control terminals: the person first, then the right to the door, both answered."""

from time import sleep, time_ns

import pytest
from halls import do
from wires import LOCALHOST, OpenDoor

from api.jobs.carriage import keep_up
from attendance import people, windows
from attendance.hall import Hall
from attendance.terminals import accepted
from attendance.visits import PersonCarried
from devices.ports import Order
from devices.zkteco.access_simulator import SimulatedAccess
from devices.zkteco.people import access_commands, settled

PUT, REMOVED = Order(7, 1, "put", "1001", "钱桐雅"), Order(8, 1, "removed", "1002")
USER, RIGHT = 2_000_007, 3_000_007


def test_a_person_goes_before_the_right_to_the_door() -> None:
    user, right = access_commands(PUT)
    assert user == "C:2000007:DATA UPDATE user Pin=1001\tGroup=1\tStartTime=0\tEndTime=0\tName=钱桐雅"
    assert right == "C:3000007:DATA UPDATE userauthorize Pin=1001\tAuthorizeTimezoneId=1\tAuthorizeDoorId=1"


def test_no_command_clears_a_password_or_a_card() -> None:
    assert not any(word in command for command in access_commands(PUT) for word in ("Password", "CardNo", "Privilege"))


def test_a_name_cannot_end_its_field_or_its_command() -> None:
    user, _ = access_commands(PUT._replace(name="钱\tPrivilege=14\nC:9:DATA DELETE user"))
    assert user.count("\n") == 0
    assert user.count("\t") == 4


@pytest.mark.parametrize(
    ("results", "settles"),
    [
        ({USER: 0}, []),
        ({USER: 0, RIGHT: 0}, [0]),
        ({RIGHT: 0}, [0]),
        ({USER: 0, RIGHT: -3}, [-3]),
        ({USER: -1001}, [-1001]),
        ({USER: -1001, RIGHT: 0}, [-1001]),
        ({2_000_008: 0}, [0]),
        ({2_000_008: -10}, [-10]),
        ({5: 0, 4_000_007: 0, 7: 0}, []),
        ({1_000_007: 0}, [0]),
    ],
)
def test_what_settles_an_order(results: dict[int, int], settles: list[int]) -> None:
    orders = {7: PUT, 8: REMOVED}
    assert [code for _, code in settled(results, orders.get)] == settles


def ordered(hall: Hall) -> None:
    """One person in post, and the minute's comparison made."""
    do(hall, windows.register, window="税务窗口", unit="税务局")
    do(hall, people.post, no="1001", name="钱桐雅", window="税务窗口")
    keep_up(hall, accepted(hall.book().terminals, "A001"))


def test_the_terminal_holds_whom_it_should_and_its_answer_is_the_receipt(door: OpenDoor) -> None:
    terminal = SimulatedAccess("A001", LOCALHOST, door.port)
    terminal.handshake()
    ordered(door.hall)
    for _ in range(40):
        if terminal.poll():
            break
        sleep(0.05)
    assert terminal.people == {"1001": "钱桐雅"}
    assert terminal.authorised == {"1001"}
    assert [(one.pin, one.deed, one.applied, one.answer) for one in door.facts(PersonCarried)] == [
        ("1001", "put", True, "0")
    ]
    assert door.hall.book().carriage.due("A001", time_ns() // 1000) == []
    assert "钱桐雅".encode() not in door.log_bytes()
