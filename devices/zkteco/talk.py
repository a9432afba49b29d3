"""A conversation on a ZKTeco terminal's port 4370, question by question: every answer is the one to its question."""

from contextlib import suppress

from devices.zkteco.commands import Command, Said
from devices.zkteco.packet import WORD, Packet, packet_of, scrambled
from devices.zkteco.wire import Garbled, Wire


class Unauthenticated(Exception):
    """The terminal wants another communication key."""


class Declined(Exception):
    """The terminal answers that it does not do this; its number is the argument."""


class Talk:
    """What is said once a line is there. Everything may raise OSError, Garbled and Unauthenticated."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._session = 0
        self._number = -1

    def begin(self, key: int) -> None:
        """Introduce oneself, with the key where the terminal wants one. Raises Declined."""
        greeted = self._asked(Command.CONNECT, b"")
        self._session = greeted.session
        if greeted.command == Said.UNAUTHENTICATED:
            greeted = self.ask(Command.AUTHENTICATE, scrambled(key, self._session))
        if greeted.command != Said.OK:
            raise Declined(greeted.command)

    def end(self) -> None:
        """Take leave, so that the terminal takes the next client at once."""
        self.ask(Command.EXIT)

    def tell(self, command: Command, data: bytes = b"") -> bytes:
        """Have something done; returns what the terminal says to it. Raises Declined."""
        answer = self.ask(command, data)
        if answer.command != Said.OK:
            raise Declined(answer.command)
        return answer.data

    def ask(self, command: Command, data: bytes = b"") -> Packet:
        """A question and its first answer, whatever it is."""
        answer = self._asked(command, data)
        if answer.command == Said.UNAUTHENTICATED:
            raise Unauthenticated
        return answer

    def more(self) -> Packet:
        """The next answer to the question asked last. What answers an earlier one came too late, and is passed over; so
        is an event, which carries its kind where a session has its number."""
        while True:
            packet = self._heard()
            if packet.command == Said.EVENT or packet.reply != self._number:
                continue
            if self._session not in (0, packet.session):
                raise Garbled("another session")
            return packet

    def _asked(self, command: Command, data: bytes) -> Packet:
        self._number = (self._number + 1) % WORD
        question = Packet(command, self._session, self._number, data).raw
        for _ in range(self.wire.tries - 1):
            with suppress(TimeoutError):
                return self._answer_to(question)
        return self._answer_to(question)

    def _answer_to(self, question: bytes) -> Packet:
        self.wire.send(question)
        return self.more()

    def _heard(self) -> Packet:
        try:
            return packet_of(self.wire.receive())
        except ValueError as nonsense:
            raise Garbled(str(nonsense)) from None
