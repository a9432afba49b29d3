"""Envelopes: what a terminal keeps without the network, closed to everybody but the hall.

The passcode typed into a terminal must not lie readable on it. The page closes each entry with the hall's public key
(RSA-OAEP, which every browser can); the private key lies with the hall's keys.
"""

from base64 import b64encode
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from attendance.facts import Refused
from attendance.log.files import write_once

BITS = 3072
PADDING = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


class Letter(msgspec.Struct, frozen=True):
    """What was in an envelope: who says to have come, by which way, what proves it, and both clocks."""

    way: Literal["passcode", "ticket", "figures"]
    no: str
    proof: str
    wall: float
    mono: float


class Envelopes:
    """The hall's pair of keys for what its terminals keep."""

    def __init__(self, keys: Path) -> None:
        self._file = keys / "envelopes.pem"
        self._key: rsa.RSAPrivateKey | None = None

    @property
    def public_key(self) -> str:
        """As the page's cryptography takes it: SPKI in Base64."""
        shown = self._private().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(shown).decode()

    def opened(self, sealed: bytes) -> Letter:
        """What is in an envelope. Raises Refused for one that is not ours or was tampered with."""
        try:
            return msgspec.json.decode(self._private().decrypt(sealed, PADDING), type=Letter)
        except ValueError:
            raise Refused("envelope_unreadable", "sealed") from None

    def _private(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            content = self._file.read_bytes() if self._file.exists() else write_once(self._file, _made())
            key = load_pem_private_key(content, None)
            assert isinstance(key, rsa.RSAPrivateKey)
            self._key = key
        return self._key


def _made() -> bytes:
    key = rsa.generate_private_key(65537, BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
