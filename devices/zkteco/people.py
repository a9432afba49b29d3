"""People on a ZKTeco terminal with attendance push: commands in the answer to its poll, results posted later.

A command names PIN and name alone: privilege, password and card are the terminal's own, and an empty field would clear
them. Deleting a person deletes the templates with the record.
"""

import re

from devices.ports import Order

FIRST = 1_000_000
"""Numbers of commands about people begin above those of questions."""
LONGEST_NAME = 24
"""Characters that a terminal shows."""
PIN = re.compile(r"[0-9A-Za-z]{1,24}")
MISFIT = "no PIN"
NOT_THERE = -10
"""No such PIN: whoever was to be deleted is not on the terminal."""
BREAKING = re.compile(r"[\x00-\x1f\x7f]+")
"""Would end a field or a command."""


def command(order: Order) -> str:
    """One line of the answer to a poll."""
    number = FIRST + order.number
    if order.deed == "removed":
        return f"C:{number}:DATA DELETE USERINFO PIN={order.pin}"
    return f"C:{number}:DATA UPDATE USERINFO PIN={order.pin}\tName={_plain(order.name)}"


def fits(order: Order) -> bool:
    """Whether a terminal can know a person under this PIN."""
    return PIN.fullmatch(order.pin) is not None


def _plain(name: str) -> str:
    return BREAKING.sub(" ", name).strip()[:LONGEST_NAME]


def applied(order: Order, code: int) -> bool:
    """What a result says: not negative when it was done."""
    return code >= 0 or (code == NOT_THERE and order.deed == "removed")
