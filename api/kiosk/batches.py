"""What a device sends in one piece: read into memory no further than it may be large."""

from typing import Any

import msgspec
from fastapi import Depends, Request

from api.problems import Problem

LARGEST_BATCH = 512 * 1024
"""Fifty sightings are a fifth of it."""


def batch_of(kind: type[Any], where: str) -> Any:
    """The body of a request as a batch of a kind, what a device kept and both its clocks. Raises Problem."""

    async def read(request: Request) -> Any:
        try:
            return msgspec.json.decode(await body_of(request, LARGEST_BATCH), type=kind)
        except msgspec.DecodeError:
            raise Problem(422, "request_wrong", where=where) from None

    return Depends(read)


async def body_of(request: Request, most: int) -> bytes:
    """The whole body. Raises Problem as soon as it is larger than `most` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise Problem(413, "too_large")
    return bytes(body)
