"""A scripted server that does what no honest server does; each test writes down what it says, line by line."""

import asyncio
import contextlib
import hashlib
import hmac
import re
import ssl
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from tests.server.authority import Kind, TestAuthority
from tui_xmpp.demo.prosody_config import LOOPBACK
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address

DOMAIN = "chat.test"
PASSWORD = "correct horse battery staple"
SALT = b"salt of the test"
ROUNDS = 4096
HEADER = (
    f"<?xml version='1.0'?><stream:stream from='{DOMAIN}' id='1' version='1.0' xml:lang='en' "
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
SM = "<sm xmlns='urn:xmpp:sm:3'/>"


def mechanisms(*names: str) -> str:
    """The feature that offers these mechanisms."""
    listed = "".join(f"<mechanism>{name}</mechanism>" for name in names)
    return f"<mechanisms xmlns='{SASL}'>{listed}</mechanisms>"


def sasl(name: str, payload: str = "") -> str:
    """A SASL element with its payload encoded."""
    return f"<{name} xmlns='{SASL}'>{b64encode(payload.encode()).decode()}</{name}>"


class Peer:
    """One connection as the server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
        self._reader = reader
        self._writer = writer
        self._context = context
        self._unread = ""
        self.received = ""
        """Everything that the client has sent on this connection."""

    def send(self, text: str | bytes) -> None:
        """Write, without waiting."""
        self._writer.write(text.encode() if isinstance(text, str) else text)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent."""
        await self._writer.drain()

    def abort(self) -> None:
        """Cut the connection."""
        self._writer.transport.abort()

    async def expect(self, pattern: str) -> re.Match[str]:
        """Read until the pattern occurs; returns the match. Raises EOFError when the client goes away."""
        while True:
            match = re.search(pattern, self._unread, re.DOTALL)
            if match:
                self._unread = self._unread[match.end() :]
                return match
            data = await self._reader.read(65536)
            if not data:
                raise EOFError
            text = data.decode(errors="replace")
            self._unread += text
            self.received += text

    async def until_gone(self) -> None:
        """Read until the client has said good-bye or closed the connection."""
        with contextlib.suppress(EOFError, OSError):
            await self.expect("</stream:stream>")
            self.send("</stream:stream>")
            await self.drain()

    async def greet(self, *features: str) -> None:
        """Take the client's header and answer with ours and these features."""
        await self.expect("<stream:stream[^>]*>")
        self.send(HEADER + f"<stream:features>{''.join(features)}</stream:features>")

    async def encrypt(self) -> None:
        """Offer STARTTLS and go through with it."""
        await self.greet(STARTTLS)
        await self.expect("<starttls[^>]*>")
        self.send(PROCEED)
        await self.start_tls()

    async def start_tls(self) -> None:
        """Wait for the client's handshake."""
        await self._writer.start_tls(self._context)

    async def challenge(self, *, rounds: int | str = ROUNDS, mechanism: str = "SCRAM-SHA-256") -> "Exchange":
        """Take the client's first SCRAM message and send the challenge."""
        match = await self.expect(f"<auth [^>]*mechanism=.{mechanism}.[^>]*>([^<]*)</auth>")
        first = b64decode(match[1]).decode().removeprefix("n,,")
        nonce = first.rpartition("r=")[2] + "server"
        message = f"r={nonce},s={b64encode(SALT).decode()},i={rounds}"
        self.send(sasl("challenge", message))
        return Exchange(first, message)

    async def proof(self, exchange: "Exchange") -> str:
        """Take the client's proof, check it and return our own message that proves the password in turn."""
        match = await self.expect("<response[^>]*>([^<]*)</response>")
        return exchange.answer(b64decode(match[1]).decode())

    async def log_in(self) -> None:
        """Do all of it honestly: TLS, SCRAM-SHA-256."""
        await self.encrypt()
        await self.greet(mechanisms("SCRAM-SHA-256"))
        self.send(sasl("success", await self.proof(await self.challenge())))

    async def begin_session(self, *features: str) -> None:
        """Sign in honestly and bind; with `SM` among the features, stream management is switched on too."""
        await self.log_in()
        await self.greet(BIND, *features)
        match = await self.expect("<resource>([^<]*)</resource>.*?</iq>")
        jid = f"victim@{DOMAIN}/{match[1]}"
        bound = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{jid}</jid></bind>"
        self.send(f"<iq type='result' id='bind'>{bound}</iq>")
        if SM in features:
            await self.expect("<enable[^>]*>")
            self.send("<enabled xmlns='urn:xmpp:sm:3' id='session' resume='true'/>")


class Exchange:
    """The server's side of SCRAM-SHA-256 (RFC 5802 §3)."""

    def __init__(self, first: str, challenge: str) -> None:
        self._signed = f"{first},{challenge}"

    def answer(self, final: str) -> str:
        """The message with the server's signature. Raises AssertionError if the client's proof is wrong."""
        without_proof, _, proof = final.rpartition(",p=")
        signed = f"{self._signed},{without_proof}".encode()
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), SALT, ROUNDS)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        signature = hmac.digest(hashlib.sha256(client_key).digest(), signed, "sha256")
        assert b64decode(proof) == bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        server_key = hmac.digest(salted, b"Server Key", "sha256")
        return f"v={b64encode(hmac.digest(server_key, signed, 'sha256')).decode()}"


Script = Callable[[Peer], Awaitable[None]]


class HostileServer:
    """Runs the scripts, one connection after the other, the last one again for all that follow.

    An async context manager. `peers` are the connections so far. A script's failed assertion
    is raised again at the end.
    """

    def __init__(self, authority: TestAuthority, *scripts: Script, certificate: Kind = Kind.GOOD) -> None:
        self._authority = authority
        self._scripts = list(scripts)
        issued = authority.issue(certificate, DOMAIN)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(issued.certificate, issued.key)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[AssertionError] = []
        self.peers: list[Peer] = []
        self.port = 0

    @property
    def received(self) -> str:
        """Everything that clients have sent on all connections, in the clear."""
        return "".join(peer.received for peer in self.peers)

    def settings(self, tls: TlsMode = TlsMode.STARTTLS) -> AccountSettings:
        """Settings of the account under attack."""
        return AccountSettings(
            address=Address(DOMAIN, "victim"),
            host=LOOPBACK,
            port=self.port,
            tls=tls,
            ca_file=self._authority.ca_file,
        )

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for peer in self.peers:
            peer.abort()
        await asyncio.gather(*self._tasks)
        if error is None and self._failures:
            raise self._failures[0]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        peer = Peer(reader, writer, self._context)
        self.peers.append(peer)
        script = self._scripts[min(len(self.peers), len(self._scripts)) - 1]
        try:
            await script(peer)
            await peer.until_gone()
        except (EOFError, OSError):
            pass  # the client has turned away
        except AssertionError as error:
            self._failures.append(error)
        finally:
            self._tasks.discard(task)
            peer.abort()
