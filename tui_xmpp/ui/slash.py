"""Words with a slash that mean a command, as people know them from other chat programs. Pure: text in, wish out.

`/me waves` is an ordinary message (XEP-0245), `//text` sends `/text`. Beside the words that take something, every
action of the main screen is one: `/set-presence`.
"""

from tui_xmpp.errors import AddressError
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import SendMessage
from tui_xmpp.ui.actions import ACTIONS, BY_ID
from tui_xmpp.ui.command_words import WORDS, Do, Hint, Meaning
from tui_xmpp.ui.here import Where


def meaning(text: str, key: ChatKey, kind: ChatKind) -> Meaning:
    """What sending this text in this chat means."""
    if text.startswith("//"):
        return SendMessage(key, text[1:])
    if not text.startswith("/") or text.startswith("/me ") or text[1:2].isspace() or text == "/":
        return SendMessage(key, text)
    name, _, rest = text[1:].partition(" ")
    word = WORDS.get(name.lower())
    action = action_of(name)
    if word is None and action is not None:
        return Do(action)
    if word is None:
        return Hint(_unknown(name[:40], kind))
    if word.room and kind is not ChatKind.ROOM:
        return Hint(f"/{name} works in rooms only.")
    try:
        return word.make(rest.strip(), key)
    except AddressError as error:
        return Hint(error.message)


def _unknown(name: str, kind: ChatKind) -> str:
    """That there is no such command, and which ones begin like it."""
    similar = [f"/{known}" for known, _, _ in commands(kind) if known.startswith(name.lower())]
    more = f"Did you mean {' or '.join(similar)}?" if 0 < len(similar) <= _MOST_SIMILAR else "/help lists them."
    return f"There is no command /{name}. {more} //{name} sends it as text."


_MOST_SIMILAR = 3
_FOR_WORDS = frozenset({Where.APP, Where.MAIN})
_MOVES = frozenset({"actions", "back", "next_pane", "previous_pane"})
"""Actions for which a word makes no sense."""


def action_of(name: str) -> str | None:
    """The id of the action that is called so with hyphens; None: there is none that a word can do."""
    action = BY_ID.get(name.lower().replace("-", "_"))
    return None if action is None or action.where not in _FOR_WORDS or action.id in _MOVES else action.id


def commands(kind: ChatKind) -> list[tuple[str, str, str]]:
    """Every word that means something in such a chat, with how it is written and what it does."""
    words = [(name, word.usage, word.help) for name, word in WORDS.items() if kind is ChatKind.ROOM or not word.room]
    done = {word.action for word in WORDS.values()}
    rest = [action for action in ACTIONS if action.id not in done and action_of(action.id) is not None]
    return [*words, *((name, f"/{name}", action.help) for action in rest if (name := action.id.replace("_", "-")))]
