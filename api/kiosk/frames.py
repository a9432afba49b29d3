"""Frames as a terminal's page sends them, parted in memory: a form's parser would spool them to the disk."""

import struct
from typing import Annotated

from fastapi import Depends, Request

from api.kiosk.batches import body_of
from api.problems import Problem
from devices.face.ports import TimedFrame

LARGEST_FRAME = 400_000
LARGEST_BODY = 5_000_000
MOST_FRAMES = 24
HEAD = struct.Struct(">dI")
"""Seconds on the device's monotonic clock, and the bytes of the JPEG that follows."""


async def _read(request: Request) -> list[TimedFrame]:
    return parted(await body_of(request, LARGEST_BODY))


Frames = Annotated[list[TimedFrame], Depends(_read)]


def parted(body: bytes) -> list[TimedFrame]:
    """The frames of a body. Raises Problem when it is none."""
    frames: list[TimedFrame] = []
    at = 0
    while at < len(body):
        if at + HEAD.size > len(body) or len(frames) == MOST_FRAMES:
            raise Problem(422, "frames_wrong")
        seconds, length = HEAD.unpack_from(body, at)
        at += HEAD.size
        if length > LARGEST_FRAME or at + length > len(body):
            raise Problem(422, "frames_wrong")
        frames.append(TimedFrame(seconds, body[at : at + length]))
        at += length
    if not frames:
        raise Problem(422, "frames_wrong")
    return frames
