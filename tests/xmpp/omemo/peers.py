"""Machines that keep their keys in dictionaries, as a store would."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import Bundle, Envelope, OmemoVersion, Opened, OwnKeys, Recipient
from tui_xmpp.xmpp.omemo.cipher import OmemoCipher

ALICE = Address.parse("alice@example.org")
BOB = Address.parse("bob@example.org")


class Peer:
    """One device, whose operations are written as soon as they are done."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.stored: dict[str, str] = {}
        self.cipher = OmemoCipher(address, self.stored.get)
        self.keys = OwnKeys(0, "")

    @classmethod
    async def begun(cls, address: Address) -> "Peer":
        """One with keys of its own."""
        peer = cls(address)
        await peer.begin()
        return peer

    async def begin(self) -> OwnKeys:
        self.keys = await self.cipher.begin()
        self.commit()
        return self.keys

    def commit(self) -> dict[str, str | None]:
        """Write what the last operation changed."""
        changes = self.cipher.take_changes()
        for key, value in changes.items():
            if value is None:
                self.stored.pop(key, None)
            else:
                self.stored[key] = value
        return changes

    def restart(self) -> None:
        """Forget what is not written, as after a kill."""
        self.cipher = OmemoCipher(self.address, self.stored.get)

    async def recipient(self, version: OmemoVersion, *, bundle: bool = True) -> Recipient:
        """This device, as others encrypt to it."""
        keys = await self.bundle(version) if bundle else None
        return Recipient(self.address, self.keys.device, version, self.keys.fingerprint, keys)

    async def bundle(self, version: OmemoVersion) -> Bundle:
        found = await self.cipher.bundle(version)
        self.commit()
        return found

    async def writes(self, to: "Peer", text: str | None, version: OmemoVersion) -> Envelope:
        """Encrypt to one device."""
        content = None if text is None else text.encode()
        sealing = await self.cipher.seal({version: content}, [await to.recipient(version)])
        self.commit()
        assert not sealing.left_out
        (envelope,) = sealing.envelopes
        return envelope

    async def opens(self, envelope: Envelope, sender: "Peer", known: str | None = None) -> Opened:
        opened = await self.cipher.open(envelope, sender.address, sender.keys.fingerprint if known is None else known)
        self.commit()
        return opened

    async def reads(self, envelope: Envelope, sender: "Peer") -> str:
        """Decrypt a text."""
        content = (await self.opens(envelope, sender)).content
        assert content is not None
        return content.decode()
