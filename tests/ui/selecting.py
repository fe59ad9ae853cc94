"""Selecting messages by keys, and reading what became of them."""

from tests.ui.running import Running
from tests.ui.scene import HOME
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Message
from tui_xmpp.model.stanzas import Outgoing
from tui_xmpp.ui.writing import Mode


def outgoing(shown: Running) -> list[Outgoing]:
    """What went out on the line, but for typing."""
    return [out for out in shown.scene.network.lines[HOME].sent if out.body or out.reactions or out.retracts]


def stored(shown: Running, key: ChatKey, body: str) -> Message:
    """A message by its present text."""
    return next(message for message in shown.scene.engine.newest(key, 100) if message.body == body)


def is_stored(shown: Running, key: ChatKey, body: str) -> bool:
    """Whether there is one."""
    return any(message.body == body for message in shown.scene.engine.newest(key, 100))


def mode(shown: Running) -> type[Mode] | None:
    """What kind of thing is written."""
    return None if shown.composer.mode is None else type(shown.composer.mode)


def selected(shown: Running) -> str:
    """The text that the cursor is on."""
    return "" if shown.history.selected is None else shown.history.selected.body


async def select(shown: Running, body: str) -> Message:
    """Put the cursor on the message with this text, by keys."""
    await shown.press("up")
    for _ in range(40):
        message = shown.history.selected
        assert message is not None
        if message.body == body:
            return message
        await shown.press("up")
    raise AssertionError(f"no message {body!r}")


def footer(shown: Running) -> str:
    """The keys that work."""
    return shown.lines[-1]
