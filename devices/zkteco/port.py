"""What a ZKTeco terminal tells of itself on its port 4370, and what it can be told."""

from datetime import datetime
from struct import Struct
from typing import NamedTuple

from attendance.punches import moment_of
from devices.zkteco import clock, tables
from devices.zkteco.commands import EVERYBODY, Command
from devices.zkteco.talk import Talk
from devices.zkteco.wire import Garbled

COUNTS = Struct("<16xi12xi")
"""Of people and of records, among many others."""
TIME = Struct("<I")
SERIAL = b"~SerialNumber"


class Counts(NamedTuple):
    users: int
    records: int


def serial(talk: Talk) -> str:
    """The serial number, empty where it tells none."""
    told = talk.tell(Command.OPTION, SERIAL + b"\0").partition(b"=")[2]
    return told.partition(b"\0")[0].decode("ascii", "replace").strip()


def lock(talk: Talk) -> None:
    """Nobody can punch from now on."""
    talk.tell(Command.LOCK)


def unlock(talk: Talk) -> None:
    talk.tell(Command.UNLOCK)


def counts(talk: Talk) -> Counts:
    told = talk.tell(Command.COUNTS)
    if len(told) < COUNTS.size:
        raise Garbled("no counts")
    return Counts(*COUNTS.unpack_from(told))


def log(talk: Talk) -> tuple[bytes, int]:
    """The log's bytes, and how many records the terminal says they are."""
    count = counts(talk).records
    return (tables.read(talk, Command.LOG), count) if count > 0 else (b"", 0)


def users(talk: Talk) -> tuple[bytes, int]:
    """The user table's bytes, and how many people the terminal says they are."""
    count = counts(talk).users
    return (tables.read(talk, Command.USERS, EVERYBODY), count) if count > 0 else (b"", 0)


def shown(talk: Talk) -> datetime | None:
    """The wall clock; None while it shows a day there is not."""
    told = talk.tell(Command.GET_TIME)
    if len(told) < TIME.size:
        raise Garbled("no time")
    return moment_of(clock.text_of(TIME.unpack_from(told)[0]))


def set_clock(talk: Talk, at: datetime) -> None:
    talk.tell(Command.SET_TIME, TIME.pack(clock.number_of(at)))
    talk.ask(Command.REFRESH)


def change(talk: Talk, command: Command, record: bytes) -> int:
    """Change one record of the user table, and let the terminal take it over; returns what it answered."""
    answered = talk.ask(command, record).command
    talk.ask(Command.REFRESH)
    return answered
