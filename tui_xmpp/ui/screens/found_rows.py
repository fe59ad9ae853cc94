"""A hit as a row: chat and speaker, when, and below it the line in which the words are."""

from datetime import timedelta

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.links import without_keys
from tui_xmpp.model.message import MessageKind
from tui_xmpp.model.search import SearchHit
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.grouping import is_unreadable
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.screens.excerpts import Excerpt
from tui_xmpp.ui.screens.rows import Row
from tui_xmpp.ui.screens.words import address_with_warning
from tui_xmpp.ui.words import ROOM, chat_title


class FoundRows:
    """Makes rows; asks for each chat once."""

    def __init__(self, engine: Facade, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._several = len(engine.accounts()) > 1
        self._chats: dict[ChatKey, tuple[str, Voices]] = {}

    def row(self, hit: SearchHit) -> Row:
        """The row of a hit; its id is the message's."""
        message = hit.message
        title, voices = self._chat(message.chat)
        name = voices.name(message)
        beside = "" if name == title else name
        if message.kind is MessageKind.SUBJECT:
            beside = f"{name} changed the subject"
        is_room = voices.kind is ChatKind.ROOM
        text = "not readable here" if is_unreadable(message) else without_keys(message.body)
        return Row(
            str(message.id),
            title,
            glyph=ROOM if is_room else "·",
            glyph_style="$accent" if is_room else "$foreground-muted",
            beside=beside,
            right=(f"{message.chat.account.shown}  " if self._several else "") + self._when(message.time),
            excerpt=Excerpt(text, hit.marks if text == message.body else ()),
            strong=True,
        )

    def _chat(self, key: ChatKey) -> tuple[str, Voices]:
        if key not in self._chats:
            chat = self._engine.chat(key)
            title = address_with_warning(key.peer) if chat is None else chat_title(chat)
            self._chats[key] = title, Voices.of(self._engine, key)
        return self._chats[key]

    def _when(self, time: int) -> str:
        """`10:42` today, `Sat 10:42` this week, `21 Nov 10:42` this year, else `21 Nov 2024`."""
        moment, today = self._clock.local(time), self._clock.today()
        age = today - moment.date()
        if age <= timedelta(0):
            return f"{moment:%H:%M}"
        if age < timedelta(days=7):
            return f"{moment:%a %H:%M}"
        return f"{moment.day} {moment:%b %H:%M}" if moment.year == today.year else f"{moment.day} {moment:%b %Y}"
