"""What would be found in a file in which a template or a frame was left lying."""

import base64
from collections.abc import Iterator
from pathlib import Path

from devices.face.engines import Vector


def writings(vector: Vector) -> Iterator[bytes]:
    """A run of a template's numbers as anybody might write them."""
    for kind in ("<f4", ">f4", "<f8", ">f8", "<f2"):
        yield from spellings(vector.astype(kind).tobytes()[:32])
    yield ", ".join(repr(float(number)) for number in vector[:3]).encode()
    yield ",".join(f"{number:.6f}" for number in vector[:3]).encode()


def spellings(raw: bytes) -> Iterator[bytes]:
    """Bytes as they are, in hex, and in base64."""
    yield raw
    yield raw.hex().encode()
    # Base64 of a later place may be shifted, so each of its three frames is looked for.
    yield from (base64.b64encode(raw[shift : shift + 30])[2:-2] for shift in range(3))


def of_frame(jpeg: bytes) -> Iterator[bytes]:
    """A piece from the middle of a picture, where no two are alike."""
    middle = len(jpeg) // 2
    return spellings(jpeg[middle : middle + 33])


def found_in(folders: list[Path], pieces: list[bytes]) -> list[str]:
    """The files that hold one of the pieces."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(piece in path.read_bytes() for piece in pieces)]
