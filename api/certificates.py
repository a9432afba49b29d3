"""The hall's own certificate authority, and the certificate it gives to the people's door.

The authority may vouch for this hall alone: its name constraints (RFC 5280, 4.2.1.10) hold it to the machine's own
names, the names given, and addresses of private networks. Whoever steals its key cannot pretend to be a bank.
"""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=3652)
SERVER_LASTS = timedelta(days=396)
"""Browsers take no longer one than 398 days."""
BACKDATED = timedelta(hours=12)
"""A tablet's clock may be behind."""
RENEWED_BEFORE = timedelta(days=30)
NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*")
ALWAYS = ("localhost", "127.0.0.1", "::1")
PRIVATE_4 = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
PRIVATE_6 = ("fc00::/7", "fe80::/10", "::1/128")
ROUTES = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of documentation: asking for the way there shows the machine's own address and sends nothing."""

_USES = {
    **dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"), False),
    **dict.fromkeys(("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False),
}
Address = IPv4Address | IPv6Address


class Identity(NamedTuple):
    """A certificate with its key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    @classmethod
    def read(cls, pem: bytes) -> Self:
        key = load_pem_private_key(pem, None)
        assert isinstance(key, EllipticCurvePrivateKey)
        return cls(x509.load_pem_x509_certificates(pem)[0], key)

    def shown(self) -> str:
        """The certificate alone, as text."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def pem(self, *chain: x509.Certificate) -> bytes:
        """Key and certificates as one text, the key first."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + b"".join(one.public_bytes(Encoding.PEM) for one in (self.certificate, *chain))


def own_names() -> list[str]:
    """The names and addresses under which this machine is known to itself."""
    name = socket.gethostname().lower()
    found = [*ALWAYS, *([name] if NAME.fullmatch(name) else [])]
    with suppress(OSError):
        found += [str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(name, None)]
    for family, elsewhere in ROUTES:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            found.append(str(probe.getsockname()[0]))
    return list(dict.fromkeys(found))


def address_of(name: str) -> Address | None:
    """The address a name is; None for a name that is one."""
    with suppress(ValueError):
        return ip_address(name)
    return None


def make_authority(name: str, names: Iterable[str], now: datetime) -> Identity:
    """An authority that may vouch for these names and for private networks, and for nothing else."""
    key = generate_private_key(SECP256R1())
    parts = ((NameOID.ORGANIZATION_NAME, "Manqin"), (NameOID.COMMON_NAME, name))
    subject = x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])
    usage = x509.KeyUsage(**_USES | {"key_cert_sign": True, "crl_sign": True})
    builder = _builder(subject, subject, key, now, AUTHORITY_LASTS)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .sign(key, SHA256())
    )
    return Identity(certificate, key)


def _permitted(names: Iterable[str]) -> list[x509.GeneralName]:
    networks = [ip_network(network) for network in (*PRIVATE_4, *PRIVATE_6)]
    hosts = []
    for name in names:
        address = address_of(name)
        if address is None:
            hosts.append(name)
        elif not any(address in network for network in networks):
            networks.append(ip_network(address))
    return [*map(x509.DNSName, dict.fromkeys(hosts)), *map(x509.IPAddress, networks)]


def may_vouch_for(authority: x509.Certificate, name: str) -> bool:
    """Whether a name lies within the authority's constraints."""
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    address = address_of(name)
    if address is not None:
        return any(_lies_in(address, one) for one in permitted if isinstance(one, x509.IPAddress))
    hosts = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    return any(name == host or name.endswith(f".{host}") for host in hosts)


def _lies_in(address: Address, permitted: x509.IPAddress) -> bool:
    network = permitted.value
    return isinstance(network, IPv4Network | IPv6Network) and address in network


def certify(authority: Identity, names: Iterable[str], now: datetime) -> Identity:
    """A certificate for a server of these names."""
    key = generate_private_key(SECP256R1())
    addresses = {name: address_of(name) for name in names}
    shown = [x509.IPAddress(address) if address else x509.DNSName(name) for name, address in addresses.items()]
    usage = x509.KeyUsage(**_USES | {"digital_signature": True})
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Manqin")])
    signer = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        _builder(subject, authority.certificate.subject, key, now, SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(shown), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer), critical=False)
        .sign(authority.key, SHA256())
    )
    return Identity(certificate, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - BACKDATED,
        not_valid_after=now - BACKDATED + lasts,
    )


def names_in(certificate: x509.Certificate) -> list[str]:
    """The names and addresses a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(one.value) for one in found]


def is_good(server: x509.Certificate, authority: x509.Certificate, names: Iterable[str], now: datetime) -> bool:
    """Whether a certificate is this authority's, for all these names, and good for a while yet."""
    try:
        server.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return set(names) <= set(names_in(server)) and now + RENEWED_BEFORE < server.not_valid_after_utc


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 as systems show it: AB:CD:…"""
    return ":".join(f"{byte:02X}" for byte in certificate.fingerprint(SHA256()))
