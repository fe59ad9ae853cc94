"""From an account's settings to an encrypted stream with the right server: one attempt over all places to try.

A certificate that is not valid, or a server without encryption, ends the try at that place; what a person is told at
the end is the gravest of what went wrong, so that an attack is never reported as a bad line.
"""

import asyncio
import errno
import ipaddress
import logging
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from xml.etree.ElementTree import Element

from tui_xmpp.errors import (
    CertificateRejected,
    ConnectionFailed,
    NetworkError,
    NobodyThere,
    NoChatServer,
    StreamUnsafe,
)
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.frozen import frozen
from tui_xmpp.xmpp.login import FEATURES, expect
from tui_xmpp.xmpp.lookup import Target, fallback_targets, fixed_targets, srv_targets
from tui_xmpp.xmpp.names import tag
from tui_xmpp.xmpp.tls import Contexts, tls_failure
from tui_xmpp.xmpp.wire import Wire

_log = logging.getLogger(__name__)
_TLS = "urn:ietf:params:xml:ns:xmpp-tls"
_CONNECT_TIMEOUT = 8.0
"""Seconds for TCP, over all addresses of a host."""
_EYEBALLS_DELAY = 0.25
"""Seconds before the next address is tried beside the last (RFC 8305 §5)."""
_STREAM_TIMEOUT = 8.0
"""Seconds until the server must have said what it offers, before and after encryption."""

_LAST_START = 15.0
"""Seconds after which no further place is tried, so that the attempt as a whole stays within its time."""


@frozen
class Secured:
    """A stream on verified TLS, not signed in: what the server offers on it."""

    wire: Wire
    features: Element


async def open_secured(settings: AccountSettings, contexts: Contexts) -> Secured:
    """Try each place in turn. Raises CertificateRejected, StreamUnsafe or ConnectionFailed, the gravest of all."""
    failures: list[NetworkError] = []
    deadline = asyncio.get_running_loop().time() + _LAST_START
    for target in await _targets(settings):
        if failures and asyncio.get_running_loop().time() > deadline:
            break
        try:
            return await _try(target, settings, contexts)
        except NetworkError as error:
            _log.info("%s:%s: %s", target.host, target.port, error.message)
            failures.append(error)
    raise min(failures, key=_gravity, default=ConnectionFailed(f"{settings.address.domain} has no chat service."))


def _gravity(error: NetworkError) -> int:
    if isinstance(error, CertificateRejected):
        return 0
    if isinstance(error, StreamUnsafe):
        return 1
    return 3 if isinstance(error, NobodyThere) else 2


async def _targets(settings: AccountSettings) -> list[Target]:
    if settings.host:
        return fixed_targets(settings)
    domain = ascii_domain(settings.address.domain)
    if _is_ip(domain):
        return fallback_targets(domain, settings.tls)
    return await srv_targets(domain, settings.tls) or fallback_targets(domain, settings.tls)


async def _try(target: Target, settings: AccountSettings, contexts: Contexts) -> Secured:
    wire = await _connect(target)
    domain = settings.address.domain
    try:
        if not target.direct:
            await _ask_for_tls(wire, target, domain)
        context = await contexts.get(direct=target.direct)
        try:
            await wire.start_tls(context, ascii_domain(domain))
        except OSError as error:  # ssl.SSLError is one
            raise tls_failure(error, domain, own_authority=settings.ca_file is not None) from error
        return Secured(wire, await _features(wire, target, domain))
    except BaseException:
        wire.abort()
        raise


async def _connect(target: Target) -> Wire:
    where = f"{target.host}, port {target.port}"
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            _, wire = await asyncio.get_running_loop().create_connection(
                Wire, target.host, target.port, happy_eyeballs_delay=_EYEBALLS_DELAY, interleave=1
            )
    except TimeoutError as error:
        raise ConnectionFailed(f"{where} does not answer.") from error
    except socket.gaierror as error:
        raise ConnectionFailed(_lookup_words(error, target.host)) from error
    except (OSError, UnicodeError) as error:
        if _is_refused(error):
            raise NobodyThere(f"There is no chat service at {where}.") from error
        raise ConnectionFailed(f"{where} cannot be reached: {_os_words(error)}") from error
    return wire


def _is_refused(error: OSError | UnicodeError) -> bool:
    """Whether an address said that nothing runs there, and no other can be reached either.

    Of several addresses, asyncio tells what went wrong as one text.
    """
    if isinstance(error, ConnectionRefusedError):
        return True
    codes = {int(code) for code in re.findall(r"\[Errno (\d+)\]", str(error))}
    return errno.ECONNREFUSED in codes and codes <= {errno.ECONNREFUSED, errno.ENETUNREACH, errno.EADDRNOTAVAIL}


def _lookup_words(error: socket.gaierror, host: str) -> str:
    if error.errno == socket.EAI_AGAIN:
        return f"The name {host} cannot be looked up now. Is this computer online?"
    return f"There is no server called {host}."


def _os_words(error: OSError | UnicodeError) -> str:
    words = error.strerror if isinstance(error, OSError) else ""
    if words:
        return f"{words.lower()}."
    return "no address of it answers."


async def _ask_for_tls(wire: Wire, target: Target, domain: str) -> None:
    """STARTTLS (RFC 6120 §5). Raises StreamUnsafe if the server does not offer it."""
    try:
        features = await _features(wire, target, domain)
    except NoChatServer as error:
        # Anybody can answer here. Nothing was told to them, and it is over when we are in another network.
        raise ConnectionFailed(error.message) from error
    if features.find(tag(_TLS, "starttls")) is None:
        raise StreamUnsafe("The server offers no encryption, or somebody on the line took the offer away.")
    wire.write(f"<starttls xmlns='{_TLS}'/>")
    async with _in_time(target):
        answer = await expect(wire, tag(_TLS, "proceed"), tag(_TLS, "failure"))
    if answer.tag == tag(_TLS, "failure"):
        raise ConnectionFailed("The server failed to start encryption.")


async def _features(wire: Wire, target: Target, domain: str) -> Element:
    async with _in_time(target):
        await wire.open_stream(domain)
        return await expect(wire, FEATURES)


@asynccontextmanager
async def _in_time(target: Target) -> AsyncIterator[None]:
    """Bound one step, so that a silent server does not hold us."""
    try:
        async with asyncio.timeout(_STREAM_TIMEOUT):
            yield
    except TimeoutError as error:
        raise ConnectionFailed(f"{target.host}, port {target.port}, takes the call but says nothing.") from error


def ascii_domain(domain: str) -> str:
    """The domain as DNS and certificates have it (RFC 5890); an IPv6 address without its brackets."""
    bare = domain.removeprefix("[").removesuffix("]")
    return bare if bare.isascii() else bare.encode("idna").decode("ascii")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
