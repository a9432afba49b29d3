"""A process that looks at frames: `python -m devices.face.worker ENGINE`, frames in by stdin, answers by stdout.

It holds no template and no name. It ends when its input ends, so none outlives the server that started it.
"""

import os
import signal
import struct
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple

import msgspec

from attendance.facts import Refused
from devices.face.seen import Change, Seen, Straight, Wanted
from devices.face.starting import examiner

if TYPE_CHECKING:
    from devices.face.examining import Examiner

LENGTH = struct.Struct("<I")
LARGEST = 16 * 1024 * 1024
MOST_PIXELS = 4096 * 4096


class Task(NamedTuple):
    """A frame and what is wanted of it; or straightened faces to be compared."""

    jpeg: bytes = b""
    wanted: Wanted = Wanted()
    faces: tuple[Straight, ...] = ()


class Answer(NamedTuple):
    seen: Seen | None = None
    changes: tuple[Change, ...] = ()
    fault: str = ""
    """Why the engine cannot be used, of the first answer; a ready worker says nothing here."""


_task = msgspec.msgpack.Decoder(Task).decode


def write(stream: IO[bytes], message: Task | Answer) -> None:
    body = msgspec.msgpack.encode(message)
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def read(stream: IO[bytes]) -> bytes:
    """One message. Raises EOFError when the other side has gone."""
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if length > LARGEST:
        raise EOFError
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def leave_no_dump() -> None:
    """No core file of a process that has faces in its memory."""
    try:
        import resource
    except ImportError:
        return
    # Too little for a file; and where the kernel hands cores to a program (core_pattern), the one limit that it heeds.
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard and 1, hard))


def set_libraries() -> None:
    """Before they are loaded: threads of one worker only take the cores of the others (measured two to four times
    slower), and a small file that unfolds into a huge picture must not take the memory."""
    os.environ.update(
        OPENBLAS_NUM_THREADS="1",
        OMP_NUM_THREADS="1",
        OPENCV_LOG_LEVEL="ERROR",
        OPENCV_IO_MAX_IMAGE_PIXELS=str(MOST_PIXELS),
    )


def serve(tasks: IO[bytes], answers: IO[bytes], engine: str) -> None:
    """Answer until the input ends."""
    try:
        looking = examiner(engine)
    except Refused as refused:
        write(answers, Answer(fault=str(refused.details.get("reason", refused.code))))
        return
    write(answers, Answer())
    with suppress(EOFError):
        while True:
            write(answers, _answered(looking, _task(read(tasks))))


def _answered(looking: "Examiner", task: Task) -> Answer:
    from devices.face.lids import changes

    if task.faces:
        return Answer(changes=tuple(changes(task.faces)))
    return Answer(looking.examine(task.jpeg, task.wanted))


def main(engine: str) -> None:
    # Ctrl-C goes to the whole group of the terminal; the server ends its workers by itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_no_dump()
    set_libraries()
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers, engine)


if __name__ == "__main__":
    main(sys.argv[1])
