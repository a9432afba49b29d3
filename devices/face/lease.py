"""The gallery for a terminal that matches by itself: encrypted under a key of its own, usable for 24 hours.

The terminal keeps the content on its disk and the key in its memory: switched off or stolen, it holds nothing that can
be read. Its own monotonic clock ends the lease, so setting the clock back does not lengthen it.
"""

import os
from typing import NamedTuple

import msgspec
import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from attendance.facts import Refused
from devices.face.engines import kind_of
from devices.face.gallery import Gallery
from devices.face.ports import GalleryExport, Wishes
from devices.face.worker import leave_no_dump

SECONDS = 24 * 3600
NONCE_BYTES = 12
PURPOSE = b"manqin gallery"


class Sheet(msgspec.Struct):
    """What is inside."""

    engine: str
    model: str
    numbers: list[str]
    rows: bytes
    """Little-endian float32, one row a person."""
    wishes: Wishes


class Borrowed(NamedTuple):
    """What a terminal has in its memory while a lease lasts."""

    gallery: Gallery
    wishes: Wishes


def lend(gallery: Gallery, wishes: Wishes) -> GalleryExport:
    """The gallery under a fresh key."""
    numbers, matrix = gallery.templates()
    sheet = Sheet(gallery.kind.name, gallery.kind.model, numbers, matrix.astype("<f4").tobytes(), wishes)
    key, nonce = AESGCM.generate_key(256), os.urandom(NONCE_BYTES)
    content = nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(sheet), PURPOSE)
    return GalleryExport(content, key, len(numbers), SECONDS)


def borrowed(content: bytes, key: bytes) -> Borrowed:
    """The content of a lease. Raises Refused("lease_broken") when key, content or model do not fit this program."""
    leave_no_dump()
    try:
        inside = AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], PURPOSE)
        sheet = msgspec.msgpack.decode(inside, type=Sheet)
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        raise Refused("lease_broken") from None
    kind = kind_of(sheet.engine)
    if kind.model != sheet.model:
        raise Refused("lease_broken")
    rows = np.frombuffer(sheet.rows, "<f4").reshape(len(sheet.numbers), kind.size)
    return Borrowed(Gallery(kind, zip(sheet.numbers, rows, strict=True)), sheet.wishes)
