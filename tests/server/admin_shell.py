"""A client for Prosody's admin shell: its `prosodyctl shell` without the 60 ms of starting a Lua interpreter."""

import socket
from pathlib import Path
from xml.etree.ElementTree import Element, XMLPullParser
from xml.sax.saxutils import escape

_HEADER = "<stream:stream xmlns='xmpp:prosody.im/admin' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
_TIMEOUT = 10.0


class ShellError(Exception):
    """The shell answered with an error."""


def run(admin_socket: Path, command: str) -> str:
    """Run one command and return what it printed, its result last. Raises ShellError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_TIMEOUT)
        connection.connect(str(admin_socket))
        connection.sendall(f"{_HEADER}<repl-input>{escape(command)}</repl-input>".encode())
        parser: XMLPullParser[Element] = XMLPullParser(("end",))
        lines: list[str] = []
        while chunk := connection.recv(65536):
            parser.feed(chunk)
            for event in parser.read_events():
                element = event[-1]
                if not isinstance(element, Element):
                    continue
                name = element.tag.rpartition("}")[2]
                if name == "repl-output":
                    lines.append(element.text or "")
                elif name == "repl-result":
                    if element.get("type") == "error":
                        raise ShellError(element.text or "no reason given")
                    return "\n".join([*lines, element.text or ""])
    raise ShellError("the shell closed the connection")
