"""Messages as text for elsewhere: the clipboard, and a quote in what one writes.

It is what is shown, and so has no keys of files; only a message that is nothing but a file gives its link.
"""

from collections.abc import Sequence

from tui_xmpp.model.links import shared_file, without_keys
from tui_xmpp.model.message import Message
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.voices import Voices


def texts(messages: Sequence[Message]) -> str:
    """Their texts alone, each on lines of its own."""
    return "\n".join(_alone(message.body) for message in messages if message.body)


def _alone(text: str) -> str:
    """A file by itself is handed on by its link."""
    return without_keys(text) if shared_file(text) is None else text


def talk(messages: Sequence[Message], voices: Voices, clock: Clock) -> str:
    """Their texts with time and name before each: `[2026-11-22 10:41] Juno: who brings bread?`."""
    said: list[str] = []
    for message in messages:
        if message.body:
            moment = clock.local(message.time)
            said.append(f"[{moment:%Y-%m-%d %H:%M}] {voices.name(message)}: {without_keys(message.body)}")
    return "\n".join(said)


def quote(messages: Sequence[Message], voices: Voices) -> str:
    """Their texts as a quote (XEP-0393 §5.1.3), with names where several people speak."""
    spoken = [message for message in messages if message.body]
    named = len({voices.name(message) for message in spoken}) > 1
    lines: list[str] = []
    for message in spoken:
        said = without_keys(message.body)
        text = f"{voices.name(message)}: {said}" if named else said
        lines += [f"> {line}" if line else ">" for line in text.split("\n")]
    return "".join(f"{line}\n" for line in lines)
