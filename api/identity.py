"""Which certificate the people's door shows: one of the hall's own authority, renewed by itself, or one given."""

import logging
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from api.certificates import Identity, certify, is_good, make_authority, may_vouch_for, names_in, own_names
from api.settings import Settings
from attendance.facts import Refused
from attendance.log.files import write_anew, write_once

logger = logging.getLogger("manqin")
AUTHORITY, SERVER = "authority.pem", "server.pem"
"""In the folder of the keys: each a private key with its certificate, for the owner alone."""


class DoorIdentity:
    """The TLS of the people's door. Raises Refused where a certificate or a name cannot be used."""

    def __init__(
        self, settings: Settings, keys: Path, hall: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._settings, self._folder, self._clock = settings, keys, clock
        self._hall = hall
        self.authority: x509.Certificate | None = None
        """The hall's own authority; None with a certificate that was given."""
        self.names: list[str] = []
        """The names and addresses under which browsers find the door trustworthy."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        self.refresh()

    def refresh(self) -> None:
        """Show the certificate as it is now; one of our own is renewed when its end is near. Raises Refused."""
        given = self._settings.certificate
        if given is not None:
            self._show(given, self._settings.certificate_key)
        else:
            self._show(self._own())

    def keep_fresh(self) -> None:
        """`refresh` while the door is open: what fails is tried again later, and the present certificate stays."""
        try:
            self.refresh()
        except (Refused, OSError):
            logger.exception("the certificate of the people's door could not be renewed")

    def _show(self, certificate: Path, key: Path | None = None) -> None:
        try:
            self.context.load_cert_chain(certificate, key)
            self.names = names_in(x509.load_pem_x509_certificates(certificate.read_bytes())[0])
        except (OSError, ValueError) as error:
            raise Refused("certificate_unusable", "--certificate", file=certificate, problem=error) from None

    def _own(self) -> Path:
        """The file of a certificate of the hall's own authority, made when there is none that will do."""
        now, path = self._clock(), self._folder / SERVER
        authority = self._own_authority(now)
        wanted = self._wanted(authority.certificate)
        try:
            server = x509.load_pem_x509_certificates(path.read_bytes())[0]
            good = is_good(server, authority.certificate, wanted, now)
        except (OSError, ValueError):
            good = False
        if not good:
            write_anew(path, certify(authority, wanted, now).pem(authority.certificate))
        return path

    def _own_authority(self, now: datetime) -> Identity:
        path = self._folder / AUTHORITY
        if not path.exists():
            made = make_authority(f"Manqin {self._hall[:8]}", [*own_names(), *self._settings.names], now)
            write_once(path, made.pem())
        authority = Identity.read(path.read_bytes())
        self.authority = authority.certificate
        return authority

    def _wanted(self, authority: x509.Certificate) -> list[str]:
        """The machine's names as far as the authority may vouch for them, and those asked for."""
        for name in self._settings.names:
            if not may_vouch_for(authority, name):
                raise Refused("name_not_permitted", "--name", name=name, file=self._folder / AUTHORITY)
        own = [name for name in own_names() if may_vouch_for(authority, name)]
        return list(dict.fromkeys([*self._settings.names, *own]))

    def authority_file(self, encoding: Encoding) -> bytes:
        """The authority's certificate, without its key. Raises Refused when the certificate was given."""
        if self.authority is None:
            raise Refused("no_own_authority")
        return self.authority.public_bytes(encoding)
