"""The port 4370 of a ZKTeco terminal made of software: real packets, checksums, sessions and key, over TCP or UDP."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Thread

from devices.zkteco import clock
from devices.zkteco.commands import Command, Said
from devices.zkteco.packet import PREFIX, WORD, Packet, framed, is_sound, length_of, packet_of, scrambled
from devices.zkteco.served import PortMood, ServedTerminal

LOCALHOST = "127.0.0.1"
FIRST_SESSION = 40_000
SMALL = 1_024
"""Bytes that are answered at once; more must be fetched in pieces."""
PATIENCE = 10.0
LONGEST_DATAGRAM = 1 << 16
WIDEST_FRAME, WIDEST_DATAGRAM = 1 << 16, 1_024
"""Bytes of data in one packet."""
OK: list[tuple[int, bytes]] = [(Said.OK, b"")]
Answers = list[tuple[int, bytes]]


class Conversation:
    """One client at the terminal's port."""

    def __init__(self, terminal: ServedTerminal, session: int, widest: int) -> None:
        self._terminal, self._session, self._widest = terminal, session, widest
        self._is_known = terminal.key == 0
        self._kept = b""

    def hear(self, raw: bytes) -> list[Packet]:
        """The answers to one packet. Raises ConnectionError for one that is unsound, or of another session."""
        if not is_sound(raw):
            raise ConnectionError
        question = packet_of(raw)
        if question.command != Command.CONNECT and question.session != self._session:
            raise ConnectionError
        self._terminal.asked.append(question.command)
        if question.command in self._terminal.mood.silent:
            return []
        return self._in_mood(question, self._answers(question))

    def _in_mood(self, question: Packet, answers: Answers) -> list[Packet]:
        mood = self._terminal.mood
        is_elsewhere = mood.stranger and question.command != Command.CONNECT
        said = [Packet(command, self._session ^ is_elsewhere, question.reply, data) for command, data in answers]
        late = [Packet(Said.ERROR, self._session, (question.reply - 1) % WORD)] * mood.late
        return late + [Packet(Said.EVENT, 1, 0, bytes(12))] * mood.eventful + said

    def _answers(self, question: Packet) -> Answers:
        if not self._is_known and question.command not in (Command.CONNECT, Command.AUTHENTICATE):
            return [(Said.UNAUTHENTICATED, b"")]
        if question.command in self._terminal.mood.refuses:
            return [(Said.ERROR, b"")]
        if question.command in self._terminal.mood.brief:
            return [(Said.OK, b"\0\0")]
        answers: dict[int, Callable[[bytes], Answers]] = {
            Command.CONNECT: lambda _: OK if self._is_known else [(Said.UNAUTHENTICATED, b"")],
            Command.AUTHENTICATE: self._authenticate,
            Command.UNLOCK: lambda _: self._lock(locked=False),
            Command.LOCK: lambda _: self._lock(locked=True),
            Command.OPTION: self._option,
            Command.COUNTS: lambda _: [(Said.OK, self._terminal.sizes())],
            Command.GET_TIME: lambda _: [(Said.OK, _number(clock.number_of(self._terminal.shown())))],
            Command.SET_TIME: self._set_time,
            Command.PREPARE_BUFFER: self._prepare,
            Command.READ_BUFFER: self._read,
            Command.WRITE_USER: self._write_user,
            Command.DELETE_USER: self._delete_user,
            Command.LOG: lambda _: self._stream(self._terminal.log_bytes()),
            Command.USERS: lambda _: self._stream(self._terminal.user_bytes()),
        }
        answers |= dict.fromkeys((Command.FREE_BUFFER, Command.REFRESH, Command.EXIT), lambda _: OK)
        answer = answers.get(question.command)
        return answer(question.data) if answer else [(Said.UNKNOWN, b"")]

    def _authenticate(self, shown: bytes) -> Answers:
        self._is_known = shown[:4] == scrambled(self._terminal.key, self._session, shown[2])
        return OK if self._is_known else [(Said.UNAUTHENTICATED, b"")]

    def _lock(self, *, locked: bool) -> Answers:
        self._terminal.is_locked = locked
        return OK

    def _option(self, name: bytes) -> Answers:
        said = self._terminal.mood.says_serial
        serial = self._terminal.serial if said is None else said
        return [(Said.OK, name.rstrip(b"\0") + b"=" + serial.encode() + b"\0")]

    def _set_time(self, data: bytes) -> Answers:
        told = datetime.fromisoformat(clock.text_of(struct.unpack("<I", data[:4])[0]))
        self._terminal.skew += told - self._terminal.shown()
        return OK

    def _prepare(self, wanted: bytes) -> Answers:
        if self._terminal.mood.streams:
            return [(Said.UNKNOWN, b"")]
        _, table, _, _ = struct.unpack("<bhii", wanted[:11])
        self._kept = self._terminal.log_bytes() if table == Command.LOG else self._terminal.user_bytes()
        if len(self._kept) <= SMALL:
            return [(Said.DATA, self._kept)]
        keeps = self._terminal.mood.keeps
        size = _number(len(self._kept) if keeps is None else keeps)
        return [(Said.OK, b"\0" + size + size)]

    def _read(self, wanted: bytes) -> Answers:
        first, size = struct.unpack("<ii", wanted[:8])
        return self._stream(self._kept[first : first + size])

    def _stream(self, data: bytes) -> Answers:
        said = data + b"\0" * self._terminal.mood.swells
        step = min(-(-len(said) // self._terminal.mood.pieces), self._widest) or 1
        parts: Answers = [(Said.DATA, said[at : at + step]) for at in range(0, len(said), step)]
        return [(Said.DATA_FOLLOWS, _number(len(data)) + _number(step)), *parts, *OK]

    def _write_user(self, record: bytes) -> Answers:
        self._terminal.users[struct.unpack("<H", record[:2])[0]] = record
        return OK

    def _delete_user(self, row: bytes) -> Answers:
        self._terminal.users.pop(struct.unpack("<H", row[:2])[0], None)
        return OK


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


@contextmanager
def port_served(terminal: ServedTerminal) -> Iterator[str]:
    """Answer over TCP on a free port of this machine while the block runs; gives the address."""
    with socket.create_server((LOCALHOST, 0)) as listening:
        thread = Thread(target=_accept, args=(terminal, listening))
        thread.start()
        try:
            yield f"tcp://{LOCALHOST}:{listening.getsockname()[1]}"
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(terminal: ServedTerminal, listening: socket.socket) -> None:
    clients: list[Thread] = []
    with suppress(OSError):
        while True:
            line, _ = listening.accept()
            line.settimeout(PATIENCE)
            conversation = Conversation(terminal, FIRST_SESSION + len(clients), WIDEST_FRAME)
            clients.append(Thread(target=_serve, args=(terminal, line, conversation)))
            clients[-1].start()
    for client in clients:
        client.join()


def _serve(terminal: ServedTerminal, line: socket.socket, conversation: Conversation) -> None:
    """Answer until the client leaves or the line breaks."""
    terminal.clients += 1
    terminal.most_clients = max(terminal.most_clients, terminal.clients)
    try:
        with line, suppress(OSError, ValueError, struct.error):
            while True:
                raw = _exactly(line, length_of(_exactly(line, PREFIX.size)))
                _write(terminal.mood, line, conversation.hear(raw))
    finally:
        terminal.clients -= 1


def _write(mood: PortMood, line: socket.socket, answers: list[Packet]) -> None:
    frames = [mood.spoils(framed(answer.raw)) for answer in answers]
    for place, answer in enumerate(answers):
        if answer.command == Said.DATA and mood.cut_after is not None and len(frames[place]) > mood.cut_after:
            line.sendall(b"".join(frames[:place]) + frames[place][: mood.cut_after])
            mood.cut_after = None
            raise ConnectionError
    for segment in [b"".join(frames)] if mood.joins else frames:
        step = mood.drip or len(segment) or 1
        for at in range(0, len(segment), step):
            line.sendall(segment[at : at + step])


def _exactly(line: socket.socket, count: int) -> bytes:
    parts = b""
    while len(parts) < count:
        part = line.recv(count - len(parts))
        if not part:
            raise ConnectionError
        parts += part
    return parts


@contextmanager
def datagrams_served(terminal: ServedTerminal) -> Iterator[str]:
    """Answer over UDP on a free port of this machine while the block runs; gives the address."""
    with socket.socket(type=socket.SOCK_DGRAM) as answering:
        answering.bind((LOCALHOST, 0))
        thread = Thread(target=_answer_datagrams, args=(terminal, answering))
        thread.start()
        try:
            yield f"udp://{LOCALHOST}:{answering.getsockname()[1]}"
        finally:
            with socket.socket(type=socket.SOCK_DGRAM) as last:
                last.sendto(b"", answering.getsockname())
            thread.join()


def _answer_datagrams(terminal: ServedTerminal, answering: socket.socket) -> None:
    """Answer until an empty datagram comes."""
    clients: dict[object, Conversation] = {}
    sent = 0
    while (received := answering.recvfrom(LONGEST_DATAGRAM))[0]:
        raw, client = received
        conversation = clients.setdefault(client, Conversation(terminal, FIRST_SESSION + len(clients), WIDEST_DATAGRAM))
        with suppress(ConnectionError, ValueError, struct.error):
            for answer in conversation.hear(raw):
                sent += 1
                if not terminal.mood.loses or sent % terminal.mood.loses:
                    answering.sendto(answer.raw, client)
