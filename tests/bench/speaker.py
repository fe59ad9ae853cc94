"""Somebody who talks in a room, fast: a socket and ready-made bytes, so that the machine is left to who listens."""

import base64
import socket
import ssl
import threading
import time
from types import TracebackType
from typing import Self

from tests.server.prosody import Prosody

_STREAM = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='{}' version='1.0'>"
_MUC = "http://jabber.org/protocol/muc"
_NO_ARCHIVE = "<no-store xmlns='urn:xmpp:hints'/>"
"""Archiving takes most of what the server takes for a message, and it is not the server that is measured."""
_TIMEOUT = 60.0


class Speaker:
    """Signed in and in the room. A context manager; what comes back is counted in a thread."""

    def __init__(self, server: Prosody, name: str, room: str, nick: str = "0") -> None:
        self._server = server
        self._name = name
        self._room = room
        self._nick = nick
        self._heard = ""
        self._last = ""
        self.heard_at = 0.0
        """When what was said last came back from the room."""

    def __enter__(self) -> Self:
        context = ssl.create_default_context(cafile=str(self._server.ca_file))
        plain = socket.create_connection((self._server.host, self._server.tls_port), _TIMEOUT)
        self._socket = context.wrap_socket(plain, server_hostname=self._server.domain)
        secret = base64.b64encode(f"\0{self._name}\0secret".encode()).decode()
        self._say(_STREAM.format(self._server.domain), until="</stream:features>")
        self._say(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>", until="<success")
        self._say(_STREAM.format(self._server.domain), until="</stream:features>")
        bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>speaker</resource></bind>"
        self._say(f"<iq type='set' id='b'>{bind}</iq>", until="</bind>")
        presence = (
            f"<presence to='{self._room}/{self._nick}'><x xmlns='{_MUC}'><history maxstanzas='0'/></x></presence>"
        )
        self._say(f"<presence/>{presence}", until="<subject")
        form = "<x xmlns='jabber:x:data' type='submit'/>"  # opens a room that is new; it refuses when it is not
        self._say(
            f"<iq type='set' id='o' to='{self._room}'><query xmlns='{_MUC}#owner'>{form}</query></iq>", until="id='o'"
        )
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(_TIMEOUT)
        self._socket.close()

    def flood(self, count: int, last: str) -> None:
        """Say digits as fast as the server takes them, in a thread of its own; `last` ends it."""
        self._last, self.heard_at = last, 0.0
        texts = [*(f"{number:08}" for number in range(count - 1)), last]
        threading.Thread(target=self._socket.sendall, args=("".join(map(self._message, texts)).encode(),)).start()

    def talk(self, rate: int, stop: threading.Event) -> threading.Thread:
        """Say digits, so many a second, in a thread, until it is told to stop."""

        def go() -> None:
            said, begun = 0, time.monotonic()
            while not stop.wait(0.005):
                due = int((time.monotonic() - begun) * rate)
                texts = [self._message(f"{number:08}") for number in range(said, due)]
                self._socket.sendall("".join(texts).encode())
                said = due

        thread = threading.Thread(target=go)
        thread.start()
        return thread

    def _message(self, text: str) -> str:
        return f"<message type='groupchat' to='{self._room}'><body>{text}</body>{_NO_ARCHIVE}</message>"

    def _say(self, xml: str, *, until: str) -> None:
        self._heard = ""
        self._socket.sendall(xml.encode())
        while until not in self._heard:
            read = self._socket.recv(65536)
            if not read or "<failure" in self._heard:
                raise AssertionError(f"the server said {self._heard!r}")
            self._heard += read.decode(errors="replace")

    def _listen(self) -> None:
        before = b""
        while read := self._socket.recv(262_144):
            if self._last and self._last.encode() in before + read:
                self.heard_at = time.monotonic()
            before = read[-40:]
