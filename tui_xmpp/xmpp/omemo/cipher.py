"""The OMEMO of one account as the core uses it (core.ports.Cipher): whole stanzas closed and opened."""

import logging
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError, fromstring

from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import NotOpened, OmemoVersion, Unopened
from tui_xmpp.model.stanzas import MessageReceived, OpenedMessage, Outgoing, Sealed
from tui_xmpp.xmpp import build
from tui_xmpp.xmpp.omemo import codec, content
from tui_xmpp.xmpp.omemo.machine import CannotOpen, Machine
from tui_xmpp.xmpp.parse_message import Envelope, parse_message

log = logging.getLogger(__name__)


class OmemoCipher(Machine):
    """Implements `core.ports.Cipher`."""

    def contents(self, outgoing: Outgoing) -> dict[OmemoVersion, bytes]:
        """Return what of a message is to be encrypted, for each version that has room for it."""
        return content.contents(build.message(outgoing), self.own)

    def claims(self, sealed: Sealed) -> frozenset[str]:
        """Return the fingerprints with which a message would begin a session with us. Never raises."""
        try:
            stanza = fromstring(sealed.xml)  # noqa: S314 - as below
        except ParseError:
            return frozenset()
        envelopes = (codec.read_envelope(element) for element in content.envelopes_in(stanza))
        return frozenset(claim for envelope in envelopes if envelope is not None for claim in self.begun_by(envelope))

    async def unseal(self, sealed: Sealed, sender: Address, known: Mapping[int, str]) -> OpenedMessage | NotOpened:
        """Open a message; `known` are the fingerprints of the sender's devices. Never raises for what is in it."""
        try:
            stanza = fromstring(sealed.xml)  # noqa: S314 - our own output, from a guarded parser
        except ParseError:
            return NotOpened(Unopened.BROKEN)
        failure = NotOpened(Unopened.BROKEN)
        for element in content.envelopes_in(stanza):
            envelope = codec.read_envelope(element)
            if envelope is None:
                continue
            try:
                opened = await self.open(envelope, sender, known.get(envelope.device, ""))
            except CannotOpen as error:
                failure = NotOpened(error.reason, envelope.device)
                continue
            message: MessageReceived | None = None
            if opened.content is not None:
                outer = Envelope(
                    sealed.route,
                    sealed.outer_sender,
                    None if sealed.delay is None else (sealed.delay, sealed.delay_by),
                    sealed.archive_id,
                )
                try:
                    plain = content.opened(
                        stanza, envelope.version, opened.content, sender=sender, own=self.own, said=sealed.delay
                    )
                except content.Forged as error:
                    log.warning("an encrypted message was not taken: %s", error)
                    return NotOpened(Unopened.FORGED, envelope.device)
                message = parse_message(plain, self.own, outer)
            return OpenedMessage(message, envelope.version, envelope.device, opened.fingerprint, opened.answer)
        return failure
