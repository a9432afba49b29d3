"""A visit to a ZKTeco terminal on its port 4370: one at a time, bounded, and the terminal unlocked at its end."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import sleep
from typing import TypeVar

from attendance.facts import Refused
from devices.calling import Line
from devices.zkteco import port
from devices.zkteco.talk import Declined, Talk, Unauthenticated
from devices.zkteco.wire import Datagrams, Garbled, Stream

PORT = 4370
PAUSES = (0.0, 1.0, 3.0)
"""Seconds before each try to connect: a terminal serves one client, and needs a moment after the last."""
logger = logging.getLogger("manqin.visits")
T = TypeVar("T")


class Session:
    """One visit; the line is opened when it is first needed. Every step may raise Refused."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._key = comm_key(line)
        self._talk: Talk | None = None
        line.at_end(self.close)

    def ask(self, question: Callable[[Talk], T]) -> T:
        """Put a question to the terminal."""
        with self._told():
            if self._talk is None:
                self._talk = self._connected_patiently()
            return question(self._talk)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody can punch while this lasts, so that the log holds still. The terminal is unlocked whatever happens."""
        try:
            self.ask(port.lock)
            yield
        finally:
            self._unlock()

    def _unlock(self) -> None:
        """Unlock, over a new connection where the old one broke."""
        for pause in PAUSES:
            with suppress(Refused):
                sleep(pause)
                self.ask(port.unlock)
                return
        logger.warning("the terminal at %s could not be unlocked; the next visit does it", self._line.url)

    def _connected_patiently(self) -> Talk:
        for pause in PAUSES[:-1]:
            sleep(pause)
            with suppress(OSError):
                return self._connected()
        sleep(PAUSES[-1])
        return self._connected()

    def _connected(self) -> Talk:
        """Connect, and unlock what an interrupted visit may have left locked."""
        speaks = Datagrams if self._line.url.startswith("udp:") else Stream
        talk = Talk(speaks(self._line.host, self._line.port or PORT, self._line.patience))
        try:
            talk.begin(self._key)
            port.unlock(talk)
        except BaseException:
            talk.wire.close()
            raise
        return talk

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever goes wrong becomes a refusal; a line on which nobody can tell what comes next is dropped."""
        try:
            yield
        except Declined as declined:
            raise self._refused("terminal_said", answer=declined.args[0]) from None
        except Unauthenticated:
            self._drop()
            raise self._refused("terminal_comm_key") from None
        except Garbled as problem:
            self._drop()
            raise self._refused("terminal_garbled", problem=str(problem)) from None
        except (OSError, UnicodeError) as problem:  # the latter for a name that none can have
            self._drop()
            raise self._refused("terminal_unreachable", problem=type(problem).__name__) from None

    def _refused(self, code: str, **details: object) -> Refused:
        return Refused(code, "--url", url=self._line.url, **details)

    def close(self) -> None:
        """Say goodbye, so that the terminal takes the next client at once."""
        if self._talk is not None:
            with suppress(Refused):
                self.ask(Talk.end)
        self._drop()

    def _drop(self) -> None:
        if self._talk is not None:
            self._talk.wire.close()
            self._talk = None


def comm_key(line: Line) -> int:
    """The terminal's communication key (通讯密码), a number; 0 where none is set. Raises Refused for anything else."""
    key = line.password.strip() or "0"
    if not (key.isascii() and key.isdecimal() and int(key) < 1 << 32):
        raise Refused("comm_key_no_number", "--url", url=line.url)
    return int(key)
