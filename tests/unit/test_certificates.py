"""The hall's own authority: whom it vouches for, when it renews, and what it refuses."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.certificates import Identity, certify, is_good, make_authority, may_vouch_for, names_in
from api.identity import AUTHORITY, SERVER, DoorIdentity
from api.settings import Settings
from attendance.facts import Refused

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = ["hall.example", "localhost", "10.2.3.4", "127.0.0.1", "::1"]


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def shaken(server: Identity, authority: Identity, name: str, folder: Path) -> str:
    """A real handshake by name; the protocol, or why it was refused."""
    chain = folder / "chain.pem"
    chain.write_bytes(server.pem(authority.certificate))
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(chain)
    theirs = ssl.create_default_context(cadata=authority.shown())
    left, right = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = theirs.wrap_bio(left, right, server_hostname=name)
    host = own.wrap_bio(right, left, server_side=True)
    for _ in range(6):
        for side in (client, host):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return client.version() or ""


def test_a_browser_that_trusts_the_authority_trusts_the_door_by_every_name(tmp_path: Path):
    authority = make_authority("Manqin", NAMES, datetime.now(UTC))
    server = certify(authority, NAMES, datetime.now(UTC))
    assert [shaken(server, authority, name, tmp_path) for name in NAMES] == ["TLSv1.3"] * len(NAMES)


@pytest.mark.parametrize("name", ["bank.example", "8.8.8.8"])
def test_a_stolen_authority_cannot_pretend_to_be_anybody_else(name: str, tmp_path: Path):
    authority = make_authority("Manqin", NAMES, datetime.now(UTC))
    assert not may_vouch_for(authority.certificate, name)
    assert "permitted subtree" in shaken(certify(authority, [name], datetime.now(UTC)), authority, name, tmp_path)


def test_a_certificate_is_good_until_a_month_before_its_end_and_for_its_names_alone():
    authority = make_authority("Manqin", NAMES, NOW)
    server = certify(authority, NAMES, NOW).certificate
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=397)
    assert is_good(server, authority.certificate, NAMES, NOW + timedelta(days=300))
    assert not is_good(server, authority.certificate, NAMES, NOW + timedelta(days=370))
    assert not is_good(server, authority.certificate, [*NAMES, "other.example"], NOW)
    assert not is_good(server, make_authority("Manqin", NAMES, NOW).certificate, NAMES, NOW)


def test_the_door_renews_by_itself_under_the_same_authority(tmp_path: Path):
    clock = Clock()
    identity = DoorIdentity(Settings(data=tmp_path, names=("hall.example",)), tmp_path, "0" * 32, clock)
    assert {"hall.example", "localhost", "127.0.0.1"} <= set(identity.names)
    authority, first = (tmp_path / AUTHORITY).read_bytes(), (tmp_path / SERVER).read_bytes()
    identity.refresh()
    assert (tmp_path / SERVER).read_bytes() == first
    clock.now += timedelta(days=380)
    identity.keep_fresh()
    assert (tmp_path / SERVER).read_bytes() != first
    assert (tmp_path / AUTHORITY).read_bytes() == authority
    assert [(tmp_path / name).stat().st_mode & 0o077 for name in (AUTHORITY, SERVER)] == [0, 0]


def test_a_name_the_authority_was_not_made_for_is_refused_and_told(tmp_path: Path):
    DoorIdentity(Settings(data=tmp_path), tmp_path, "0" * 32)
    with pytest.raises(Refused) as refused:
        DoorIdentity(Settings(data=tmp_path, names=("late.example",)), tmp_path, "0" * 32)
    assert refused.value.code == "name_not_permitted"


def test_a_given_certificate_is_shown_instead_and_a_wrong_one_refused(tmp_path: Path):
    authority = make_authority("City", ["city.example"], datetime.now(UTC))
    given = tmp_path / "given.pem"
    given.write_bytes(certify(authority, ["city.example"], datetime.now(UTC)).pem())
    identity = DoorIdentity(Settings(data=tmp_path, certificate=given), tmp_path, "0" * 32)
    assert (identity.authority, names_in(Identity.read(given.read_bytes()).certificate)) == (None, identity.names)
    assert not (tmp_path / AUTHORITY).exists()
    given.write_text("nonsense")
    with pytest.raises(Refused) as refused:
        DoorIdentity(Settings(data=tmp_path, certificate=given), tmp_path, "0" * 32)
    assert refused.value.code == "certificate_unusable"


def test_old_tls_is_refused(site):
    host, port = "127.0.0.1", int(site.address.rpartition(":")[2])
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((host, port)) as line, pytest.raises((ssl.SSLError, ConnectionError)):
        old.wrap_socket(line, server_hostname=host)
