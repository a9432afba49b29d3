"""The people on a ZKTeco terminal over port 4370: records of 28 bytes on old firmware, of 72 on newer.

To name somebody, the terminal's own record is written back with another name in it: privilege, password, card and group
stay what they are. Faces and fingerprints do not travel; the terminal deletes them with the person.
"""

from collections.abc import Iterator, Sequence
from struct import Struct
from typing import NamedTuple

from attendance.facts import Refused
from attendance.people import bare
from devices.ports import Person, Receipt
from devices.readings import text_of as decoded
from devices.zkteco import port
from devices.zkteco.commands import Command, Said
from devices.zkteco.records import text_of
from devices.zkteco.session import Session

ROW = Struct("<H")
LAST_ROW = 65_534
CHINESE = "gb18030"


class Form(NamedTuple):
    """Where name and PIN stand in a record."""

    size: int
    name: slice
    pin: slice


OLD = Form(28, slice(8, 16), slice(24, 28))
NEW = Form(72, slice(11, 35), slice(48, 72))


class User(NamedTuple):
    """One record as the terminal keeps it; a password may be in it, so it goes nowhere but back."""

    form: Form
    record: bytes

    @property
    def row(self) -> int:
        return int(ROW.unpack(self.record[:2])[0])

    @property
    def pin(self) -> str:
        field = self.record[self.form.pin]
        return str(int.from_bytes(field, "little")) if self.form is OLD else text_of(field) or ""

    @property
    def name(self) -> bytes:
        return self.record[self.form.name].partition(b"\0")[0]

    def named(self, name: str, encoding: str) -> "User":
        """The same record under another name."""
        record = bytearray(self.record)
        record[self.form.name] = fitted(name, encoding, self.form.name.stop - self.form.name.start)
        return self._replace(record=bytes(record))


def new_user(form: Form, row: int, pin: str) -> User:
    """An ordinary person: no password, no card, group and time periods the terminal's own."""
    record = bytearray(form.size)
    record[:2] = ROW.pack(row)
    width = form.pin.stop - form.pin.start
    record[form.pin] = int(pin).to_bytes(width, "little") if form is OLD else pin.encode("ascii").ljust(width, b"\0")
    return User(form, bytes(record))


def fitted(name: str, encoding: str, width: int) -> bytes:
    """As many whole characters of a name as the field has room for."""
    while len(raw := name.encode(encoding, "replace")) > width:
        name = name[:-1]
    return raw.ljust(width, b"\0")


def users_of(data: bytes, count: int) -> list[User]:
    """The records of a user table, which begins with its length. Raises Refused for half a table."""
    announced, body = int.from_bytes(data[:4], "little"), data[4:]
    form = OLD if count and announced // count == OLD.size else NEW
    if announced > len(body) or announced < count * form.size:
        raise Refused("pull_broken", None, read=len(body) // form.size, total=count)
    return [User(form, body[at : at + form.size]) for at in range(0, count * form.size, form.size)]


def read(session: Session) -> list[User]:
    """Everybody on the terminal. Raises Refused when it breaks off: half a list would look like people who left."""
    return users_of(*session.ask(port.users))


def encoding_of(users: Sequence[User]) -> str:
    """The encoding of the names already there; where they do not tell, that of Chinese firmware."""
    foreign = [user.name for user in users if not user.name.isascii()]
    return "utf-8" if foreign and all(_is_utf8(name) for name in foreign) else CHINESE


def _is_utf8(name: bytes) -> bool:
    """A name may be cut within its last character."""
    try:
        name.decode("utf-8")
    except UnicodeDecodeError as cut:
        return cut.reason == "unexpected end of data"
    return True


def present(session: Session) -> dict[str, str]:
    """The names of the people on the terminal by number."""
    return {user.pin: decoded(user.name) or "" for user in read(session)}


def put(session: Session, people: Sequence[Person]) -> Iterator[Receipt]:
    """Put people on the terminal, or give those it has their names; each is done before the next begins."""
    with session.locked():
        yield from _put(session, people, read(session))


def _put(session: Session, people: Sequence[Person], users: list[User]) -> Iterator[Receipt]:
    by_pin, encoding = {bare(user.pin): user for user in users}, encoding_of(users)
    form, row = users[0].form if users else NEW, max((user.row for user in users), default=0)
    for person in people:
        user = by_pin.get(bare(person.pin))
        if user is None and (not _fits(person.pin, form) or row >= LAST_ROW):
            yield Receipt(person.pin, False, "no room")
            continue
        row += user is None
        record = (user or new_user(form, row, person.pin)).named(person.name, encoding).record
        yield _receipt(session, person.pin, Command.WRITE_USER, record)


def _fits(pin: str, form: Form) -> bool:
    if form is OLD:
        return pin.isascii() and pin.isdecimal() and int(pin) < 1 << 32
    return pin.isascii() and 0 < len(pin) <= form.pin.stop - form.pin.start


def remove(session: Session, pins: Sequence[str]) -> Iterator[Receipt]:
    """Remove people with their templates. The receipt says what the terminal shows afterwards."""
    with session.locked():
        yield from _remove(session, pins)


def _remove(session: Session, pins: Sequence[str]) -> Iterator[Receipt]:
    rows = {bare(user.pin): user.row for user in read(session)}
    for pin in pins:
        if bare(pin) in rows:
            receipt = _receipt(session, pin, Command.DELETE_USER, ROW.pack(rows[bare(pin)]))
            is_gone = bare(pin) not in {bare(user.pin) for user in read(session)}
            yield receipt if is_gone or not receipt.applied else Receipt(pin, False, "still there")
        else:
            yield Receipt(pin, True, "not there")


def _receipt(session: Session, pin: str, command: Command, record: bytes) -> Receipt:
    """Carry one command out."""
    answered = session.ask(lambda talk: port.change(talk, command, record))
    return Receipt(pin, answered == Said.OK, str(answered))
