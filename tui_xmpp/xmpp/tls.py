"""TLS: contexts that always verify, and what is wrong with a certificate in people's words.

There is no switch to turn verification off. The name that a certificate must bear is the domain of the account's
address, whatever host the connection goes to (RFC 7590 §3.4).
"""

import asyncio
import ssl
from pathlib import Path

from tui_xmpp.errors import CertificateRejected, ConnectionFailed, NetworkError

_ALPN = "xmpp-client"

# Numbers of OpenSSL's X509_V_ERR_*, <openssl/x509_vfy.h>; the ssl module has no names for them.
_NOT_YET_VALID = {9, 13}
_EXPIRED = {10, 14}
_SELF_SIGNED = {18}
_UNKNOWN_AUTHORITY = {2, 19, 20, 21, 27}
_REVOKED = {23}
_WRONG_NAME = {62, 64}
_WRONG_PURPOSE = {24, 26, 79}


def client_context(ca_file: Path | None, *, direct: bool) -> ssl.SSLContext:
    """A context that verifies certificate and name; blocks for about 100 ms to read the system's authorities.

    `ca_file` is trusted in place of the system's authorities; `direct` announces XMPP to the server before anything
    else (ALPN, XEP-0368 §3). Raises CertificateRejected when the file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if direct:
        context.set_alpn_protocols([_ALPN])
    if ca_file is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
        return context
    try:
        context.load_verify_locations(cafile=str(ca_file))
    except OSError as error:
        raise CertificateRejected(
            f"The file with the trusted authority, {ca_file}, cannot be read as a certificate.",
            title="The authority file is not usable",
        ) from error
    return context


class Contexts:
    """The contexts of one account, each made off the loop when it is first needed."""

    def __init__(self, ca_file: Path | None) -> None:
        self._ca_file = ca_file
        self._made: dict[bool, ssl.SSLContext] = {}

    async def get(self, *, direct: bool) -> ssl.SSLContext:
        """The context for direct TLS or for STARTTLS. Raises CertificateRejected."""
        context = self._made.get(direct)
        if context is None:
            context = await asyncio.to_thread(client_context, self._ca_file, direct=direct)
            self._made[direct] = context
        return context


def tls_failure(error: Exception, domain: str, *, own_authority: bool) -> NetworkError:
    """What a failed handshake means; `own_authority` when a file was trusted in place of the system's authorities."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return CertificateRejected(_certificate_words(error.verify_code, domain, own_authority=own_authority))
    if isinstance(error, ssl.SSLError):
        return ConnectionFailed("The server does not speak TLS here, or only an outdated version of it.")
    return ConnectionFailed("The connection ended while it was being encrypted.")


def _certificate_words(code: int, domain: str, *, own_authority: bool) -> str:
    if code in _EXPIRED:
        return f"The certificate of {domain} has expired."
    if code in _NOT_YET_VALID:
        return f"The certificate of {domain} is not valid yet. Is the clock of this computer right?"
    if code in _WRONG_NAME:
        return f"The certificate was made for another name than {domain}: this may be somebody else's server."
    if code in _SELF_SIGNED:
        return f"The certificate of {domain} is signed by itself: nobody vouches for it."
    if code in _UNKNOWN_AUTHORITY:
        which = "is not in the authority file of this account" if own_authority else "this computer does not trust"
        return f"The certificate of {domain} comes from an authority that {which}."
    if code in _REVOKED:
        return f"The certificate of {domain} has been revoked."
    if code in _WRONG_PURPOSE:
        return f"The certificate of {domain} was not made for a server, or not properly issued."
    return f"The certificate of {domain} cannot be verified (reason {code})."
