"""Sending files line by line: asked about once, with name, size, to whom and how."""

from pathlib import Path

from tui_xmpp.linear.looking import off_loop
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.omemo import Security
from tui_xmpp.model.sending import SendFile
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.typed_paths import named, size_of
from tui_xmpp.ui.words import going_out, size_words


async def attach(talk: Talk, rest: str) -> None:
    """Send a file to the open chat."""
    if talk.key is None:
        talk.say("No chat is open.")
        return
    key = talk.key
    path, size = await off_loop(_look, rest or await talk.ask("Which file") or "")
    if size is None:
        talk.say("There is no such file.")
        return
    security = talk.engine.security(key)
    what = f"{clean_line(Path(path).name)}, {size_words(size)}, to {clean_line(talk.title(key))}{going_out(security)}"
    if await talk.sure(f"Send {what}?"):
        encrypted = security.state in {Security.ON, Security.BLOCKED}
        talk.wish(SendFile(key, path, encrypted))


def _look(text: str) -> tuple[str, int | None]:
    """Which file is meant, and its size if there is one; blocks."""
    path = named(text)
    return path, size_of(path)
