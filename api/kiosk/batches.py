"""What a device kept without a network, as it sends it: several things and both its clocks."""

from typing import Any

import msgspec
from fastapi import Depends, Request

from api.problems import Problem


def batch_of(kind: type[Any], where: str) -> Any:
    """The body of a request as a batch of a kind. Raises Problem for anything else."""

    async def read(request: Request) -> Any:
        try:
            return msgspec.json.decode(await request.body(), type=kind)
        except msgspec.DecodeError:
            raise Problem(422, "request_wrong", where=where) from None

    return Depends(read)
