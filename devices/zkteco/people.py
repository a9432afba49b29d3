"""People on a ZKTeco terminal with push: commands in the answer to its poll, results posted later.

A command names PIN and name alone: privilege, password and card are the terminal's own, and an empty field would clear
them. Deleting a person deletes the templates with the record.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from devices.ports import Order

SERIES = 1_000_000
"""Numbers of commands about people begin above those of questions, and tell by their millions what they are."""
ATTENDANCE, USER, RIGHT = 1, 2, 3
"""Attendance push has one command; access control has the person and the right to the door."""
LONGEST_NAME = 24
"""Characters that a terminal shows."""
PIN = re.compile(r"[0-9A-Za-z]{1,24}")
NOT_THERE = -10
"""No such PIN: whoever was to be deleted is not on the terminal."""
BREAKING = re.compile(r"[\x00-\x1f\x7f]+")
"""Would end a field or a command."""


def command(order: Order) -> str:
    """One line of the answer to a poll."""
    number = ATTENDANCE * SERIES + order.number
    if order.deed == "removed":
        return f"C:{number}:DATA DELETE USERINFO PIN={order.pin}"
    return f"C:{number}:DATA UPDATE USERINFO PIN={order.pin}\tName={_plain(order.name)}"


def access_commands(order: Order) -> list[str]:
    """The same for access control: the person first. Without a right to the door they are recognised and refused."""
    user, right = USER * SERIES + order.number, RIGHT * SERIES + order.number
    if order.deed == "removed":
        return [f"C:{user}:DATA DELETE user Pin={order.pin}"]
    record = f"Pin={order.pin}\tGroup=1\tStartTime=0\tEndTime=0\tName={_plain(order.name)}"
    return [
        f"C:{user}:DATA UPDATE user {record}",
        f"C:{right}:DATA UPDATE userauthorize Pin={order.pin}\tAuthorizeTimezoneId=1\tAuthorizeDoorId=1",
    ]


def settled(results: Mapping[int, int], order_of: Callable[[int], Order | None]) -> Iterator[tuple[Order, int]]:
    """The orders that results settle, with the code that does. A person is put when the right to the door is given."""
    for number, code in results.items():
        series, counted = divmod(number, SERIES)
        order = order_of(counted) if series in (ATTENDANCE, USER, RIGHT) else None
        is_halfway = series == USER and code >= 0 and order is not None and order.deed == "put"
        is_refused_before = series == RIGHT and results.get(USER * SERIES + counted, 0) < 0
        if order is not None and not is_halfway and not is_refused_before:
            yield order, code


def misfit(order: Order) -> str:
    """Why a terminal cannot be told an order: no PIN that one can hold, no name any more; empty when it can."""
    if not PIN.fullmatch(order.pin):
        return "no PIN"
    return "" if order.name or order.deed == "removed" else "no name"


def _plain(name: str) -> str:
    return BREAKING.sub(" ", name).strip()[:LONGEST_NAME]


def applied(order: Order, code: int) -> bool:
    """What a result says: not negative when it was done."""
    return code >= 0 or (code == NOT_THERE and order.deed == "removed")
