"""A throw-away certificate authority for servers on loopback: it lives as long as its directory.

Certificates carry what the strictest verification asks for (RFC 5280 §4.2.1: key identifiers, key usage, basic
constraints), because Python 3.13 and later check them by default.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tui_xmpp.model.frozen import frozen

DEFAULT_VALIDITY = timedelta(days=30)
"""How long a certificate is good for where nothing else is asked."""

_CLOCK_SLACK = timedelta(hours=1)


@frozen
class Certificate:
    """Paths of a PEM certificate and of its private key (mode 0600)."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority; `file` is what a client trusts. The authority's own key is never written."""

    def __init__(self, directory: Path, *, name: str = "Throw-away authority", file_name: str = "ca.pem") -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._key = generate_private_key(SECP256R1())
        self._name = _common_name(name)
        start = datetime.now(UTC) - _CLOCK_SLACK
        builder = _builder(self._name, self._name, self._key, self._key, start, start + DEFAULT_VALIDITY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
        self.file = directory / file_name
        self.file.write_bytes(builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def issue(
        self,
        name: str,
        domains: Sequence[str],
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        self_signed: bool = False,
    ) -> Certificate:
        """Issue a server certificate for these domains as `<name>.crt` and `<name>.key`.

        `start` and `end` bound its validity (aware datetimes; default: from an hour ago for 30 days). With
        `self_signed` nobody vouches for it but itself.
        """
        key = generate_private_key(SECP256R1())
        start = datetime.now(UTC) - _CLOCK_SLACK if start is None else start
        end = start + DEFAULT_VALIDITY if end is None else end
        subject = _common_name(domains[0])
        issuer, signer = (subject, key) if self_signed else (self._name, self._key)
        builder = _builder(subject, issuer, key, signer, start, end)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        names = x509.SubjectAlternativeName([x509.DNSName(domain) for domain in domains])
        builder = builder.add_extension(names, critical=False)
        paths = Certificate(self._directory / f"{name}.crt", self._directory / f"{name}.key")
        paths.certificate.write_bytes(builder.sign(signer, SHA256()).public_bytes(Encoding.PEM))
        paths.key.touch(mode=0o600)
        paths.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return paths


def _common_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    signer: EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
