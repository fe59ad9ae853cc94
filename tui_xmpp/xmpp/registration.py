"""Registering an account on a server, on a stream with verified TLS and nobody signed in (XEP-0077).

Who was invited shows the token of the invitation first (XEP-0445).
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from xml.etree.ElementTree import Element

from slixmpp.xmlstream.tostring import tostring

from tui_xmpp.core.ports import Answers
from tui_xmpp.errors import AddressError, ConnectionFailed, NetworkError, RegistrationRefused
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.form import FieldKind, Form
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import xml_text
from tui_xmpp.xmpp.conditions import plain_words
from tui_xmpp.xmpp.connecting import open_secured
from tui_xmpp.xmpp.registration_form import QUERY, filled_in, first_missing, parse_form
from tui_xmpp.xmpp.tls import Contexts
from tui_xmpp.xmpp.wire import Wire

_log = logging.getLogger(__name__)
_OPEN_TIMEOUT = 30.0
_ANSWER_TIMEOUT = 20.0
_CLOSE_TIME = 1.0
_NO_REGISTRATION = "This server does not let people register from a program."
_EXPIRED = "That took longer than the server waits. It has sent a new form; please look through it and send it again."
_PREAUTH = names.tag("urn:xmpp:pars:0", "preauth")
_OLD_INVITATION = "The server does not know this invitation, or not any more. Please ask for a new one."
_NO_INVITATIONS = "This server does not take invitations from a program."
_INVITATION_WORDS = {
    "forbidden": _OLD_INVITATION,
    "item-not-found": _OLD_INVITATION,
    "feature-not-implemented": _NO_INVITATIONS,
    "service-unavailable": _NO_INVITATIONS,
    "not-allowed": _NO_INVITATIONS,
}
_WORDS = {
    "conflict": "That name is already taken. Please choose another.",
    "feature-not-implemented": _NO_REGISTRATION,
    "forbidden": _NO_REGISTRATION,
    "jid-malformed": "An account cannot have that name.",
    "not-acceptable": "The server does not accept the answers: something is missing, or not as it should be.",
    "not-allowed": "The server does not allow this registration.",
    "bad-request": "The server does not accept the answers: something is missing, or not as it should be.",
    "resource-constraint": "Too many accounts were registered from here. Please try again later.",
    "policy-violation": "The server's rules do not allow this registration.",
    "service-unavailable": _NO_REGISTRATION,
}


async def open_registration(settings: AccountSettings, token: str = "") -> "StreamRegistration":
    """Ask a server for its form, with the token of an invitation or without; of the address only the domain counts.

    Raises ConnectionFailed, CertificateRejected or StreamUnsafe as for signing in, RegistrationRefused where the
    server lets nobody register.
    """
    registration = StreamRegistration(settings, token)
    try:
        await registration.ask()
    except BaseException:
        registration.abort()
        raise
    return registration


class StreamRegistration:
    """Implements `core.ports.Registration`."""

    def __init__(self, settings: AccountSettings, token: str = "") -> None:
        self._settings = settings
        self._token = token
        self._contexts = Contexts(settings.ca_file)
        self._wire: Wire | None = None
        self._form = Form(())

    @property
    def form(self) -> Form:
        """What the server asks for; a new one after each refusal, since a captcha is good for one try."""
        return self._form

    async def ask(self) -> None:
        """Get the form, on a new connection where there is none."""
        try:
            async with asyncio.timeout(_OPEN_TIMEOUT):
                if self._wire is None:
                    self._wire = (await open_secured(self._settings, self._contexts)).wire
                    await self._show_invitation(self._wire)
                answer = await self._request(self._wire, "get", Element(QUERY))
        except TimeoutError as error:
            raise ConnectionFailed("The server did not answer in time.") from error
        query = answer.find(QUERY)
        if query is None:
            raise RegistrationRefused(_NO_REGISTRATION)
        self._form = parse_form(query)

    async def _show_invitation(self, wire: Wire) -> None:
        """Show the server that one was invited; it remembers that for as long as the connection lasts."""
        if self._token:
            shown = Element(_PREAUTH, {"token": xml_text(self._token)})
            await self._request(wire, "set", shown, _INVITATION_WORDS)

    async def submit(self, answers: Answers) -> Address:
        """Send the answers; returns the new bare address.

        Raises RegistrationRefused, after which `form` may have changed and can be tried again; ConnectionFailed when
        the server is gone.
        """
        missing = first_missing(self._form, answers)
        if missing is not None:
            raise RegistrationRefused(f"Please fill in “{missing}”.", condition="not-acceptable")
        address = self._address(answers)
        wire = await self._live_wire()
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                await self._request(wire, "set", filled_in(self._form, answers))
        except TimeoutError as error:
            raise ConnectionFailed("The server did not answer in time.") from error
        except RegistrationRefused:
            await self._renew_form()
            raise
        return address

    async def close(self) -> None:
        """End the connection. Safe at any time."""
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close(_CLOSE_TIME)

    def abort(self) -> None:
        """End the connection at once."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.abort()

    def _address(self, answers: Answers) -> Address:
        name = next(iter(answers.get("username", ())), "")
        try:
            return Address.parse(f"{name}@{self._settings.address.domain}").bare
        except AddressError as error:
            raise RegistrationRefused(error.message, condition="jid-malformed") from error

    async def _live_wire(self) -> Wire:
        """The connection; where the server has closed it meanwhile, a new one, if the form is still the same."""
        if self._wire is not None and not self._wire.ended:
            return self._wire
        self.abort()
        before = self._form
        await self.ask()
        if self._wire is None or _differ(before, self._form):
            raise RegistrationRefused(_EXPIRED, condition="not-acceptable")
        return self._wire

    async def _renew_form(self) -> None:
        try:
            await self.ask()
        except (NetworkError, RegistrationRefused) as error:
            _log.info("no new form: %s", error.message)

    @asynccontextmanager
    async def _forgetting(self) -> AsyncIterator[None]:
        """Drop the connection when it failed, so that the next try makes a new one."""
        try:
            yield
        except (NetworkError, TimeoutError, asyncio.CancelledError):
            self.abort()
            raise

    async def _request(self, wire: Wire, kind: str, query: Element, words: Mapping[str, str] | None = None) -> Element:
        """Send a request; returns the answer of type result. Raises RegistrationRefused for an error."""
        key = secrets.token_hex(8)
        iq = Element(names.IQ, {"type": kind, "id": key, "to": self._settings.address.domain})
        iq.append(query)
        async with self._forgetting():
            wire.write(tostring(iq, xmlns=names.CLIENT))
            answer = await wire.next()
            while answer.tag != names.IQ or answer.get("id") != key:
                answer = await wire.next()
        if answer.get("type") != "result":
            raise _refusal(answer, words or _WORDS)
        return answer


def _refusal(answer: Element, known: Mapping[str, str]) -> RegistrationRefused:
    condition, words = parse.error(answer)
    quoted = words.removeprefix(plain_words(condition))
    return RegistrationRefused(known.get(condition, plain_words(condition)) + quoted, condition=condition)


def _differ(before: Form, after: Form) -> bool:
    """Whether answers to one form may be wrong for the other: other questions, or another captcha."""

    def shape(form: Form) -> list[tuple[str, tuple[str, ...]]]:
        return [(field.name, field.values if field.kind is FieldKind.HIDDEN else ()) for field in form.fields]

    return shape(before) != shape(after)
