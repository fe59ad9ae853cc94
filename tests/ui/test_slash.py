"""Words with a slash."""

import pytest

from tests.ui.scene import HOME, INES, KITCHEN, KITCHEN_KEY, MARA_KEY
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.commands import (
    ChangeNick,
    CloseChat,
    Command,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    SendMessage,
    SetSubject,
)
from tui_xmpp.ui.command_words import Do, Hint, Meaning
from tui_xmpp.ui.slash import meaning

ROOM = ChatKind.ROOM


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("hello", "hello"),
        ("/me waves", "/me waves"),
        ("//usr/bin is a path", "/usr/bin is a path"),
        ("/ a slash by itself", "/ a slash by itself"),
        ("/", "/"),
        ("two\n/lines", "two\n/lines"),
    ],
)
def test_what_is_no_command_is_sent(text: str, sent: str) -> None:
    assert meaning(text, KITCHEN_KEY, ROOM) == SendMessage(KITCHEN_KEY, sent)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (f"/join {KITCHEN}", JoinRoom(HOME, KITCHEN)),
        (f"/JOIN {KITCHEN} Ali", JoinRoom(HOME, KITCHEN, "Ali")),
        (f"/join {KITCHEN}/Ali", JoinRoom(HOME, KITCHEN, "Ali")),
        ("/nick Ali Baba", ChangeNick(KITCHEN_KEY, "Ali Baba")),
        ("/topic  what we eat ", SetSubject(KITCHEN_KEY, "what we eat")),
        ("/leave", LeaveRoom(KITCHEN_KEY)),
        ("/close", CloseChat(KITCHEN_KEY)),
        (f"/invite {INES} come over", InviteToRoom(KITCHEN_KEY, INES, "come over")),
        ("/join", Do("join_room")),
        ("/nick", Do("change_nick")),
        ("/topic", Do("set_subject")),
        ("/invite", Do("invite")),
    ],
)
def test_a_word_with_a_slash_is_a_command(text: str, command: Command | Meaning) -> None:
    assert meaning(text, KITCHEN_KEY, ROOM) == command


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/dance", "There is no command /dance. /help lists them. //dance sends it as text."),
        ("/usr/bin/python", "//usr/bin/python sends it as text."),
        ("/Keep", "Did you mean /keep-messages?"),
        ("/next", "Did you mean /next-unread or /next-theme?"),
        ("/join kitchen", "A room has an address like room@kitchen."),
        ("/invite @", "“@” has no server after the @."),
    ],
)
def test_what_cannot_be_meant_is_explained_and_not_sent(text: str, words: str) -> None:
    found = meaning(text, KITCHEN_KEY, ROOM)

    assert isinstance(found, Hint)
    assert words in found.text


@pytest.mark.parametrize("text", ["/nick x", "/topic x", "/leave", "/invite x"])
def test_words_for_rooms_are_refused_elsewhere(text: str) -> None:
    found = meaning(text, MARA_KEY, ChatKind.CONTACT)

    assert isinstance(found, Hint)
    assert "rooms only" in found.text
