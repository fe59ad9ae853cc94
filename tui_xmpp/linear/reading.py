"""Reading back in a chat, and looking for words in all of them."""

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.linear.chats import LAST, open_chat, remember
from tui_xmpp.linear.spoken import message_lines
from tui_xmpp.linear.talk import Talk, problem_words
from tui_xmpp.model.commands import LoadOlder
from tui_xmpp.model.history import Top
from tui_xmpp.model.links import without_keys
from tui_xmpp.model.message import Direction, Message, MessageKind
from tui_xmpp.model.search import SearchQuery, parse
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.top import words_over
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.opening import links_of, may_leave, open_outside, opener
from tui_xmpp.ui.screens.words import DELIVERY_WORDS, address_with_warning, travelled
from tui_xmpp.ui.words import counted

_MOST = 200
"""Most messages that are said at once."""
_HITS = 10


def _count(rest: str) -> int:
    return min(_MOST, max(1, int(rest[:4]))) if rest.isdecimal() else LAST


async def read(talk: Talk, rest: str) -> None:
    """Say the last messages once more, with their numbers."""
    if talk.key is None:
        talk.say("No chat is open.")
        return
    said = talk.engine.newest(talk.key, _count(rest))
    _say_page(talk, said, "Nothing was said here yet.")


async def older(talk: Talk, rest: str) -> None:
    """Say the messages before those that were said last; the server's archive is asked where there are none here."""
    if talk.key is None or talk.offered.oldest is None:
        await read(talk, rest)
        return
    key, oldest, count = talk.key, talk.offered.oldest, _count(rest)
    found = talk.engine.older(key, oldest, count)
    if not found and talk.engine.top(key) is Top.MORE:
        talk.say("Asking for older messages…")
        try:
            await talk.engine.do(LoadOlder(key))
        except TuiXmppError as problem:
            talk.say(problem_words(problem))
            return
        found = talk.engine.older(key, oldest, count)
    words = words_over(talk.engine, key, talk.engine.top(key), empty=False)
    _say_page(talk, found, f"{words or 'There is nothing older'}.")


async def newer(talk: Talk, rest: str) -> None:
    """Say the messages after those that were said last."""
    if talk.key is None or talk.offered.newest is None:
        await read(talk, rest)
        return
    found = talk.engine.newer(talk.key, talk.offered.newest, _count(rest))
    _say_page(talk, found, "There is nothing newer.")


def _say_page(talk: Talk, said: tuple[Message, ...], nothing: str) -> None:
    if not said:
        talk.say(nothing)
        return
    talk.day = ""
    talk.tell(said, numbered=True)
    remember(talk, said)


async def find(talk: Talk, rest: str) -> None:
    """Look for words in all chats; from:bob, in:kitchen, after:monday and more narrow it down."""
    query = parse(rest, today=talk.clock.today(), zone=talk.clock.zone)
    for hint in query.hints:
        talk.say(hint)
    if query.is_empty:
        talk.say("What for? /find bread from:bob")
        return
    _say_hits(talk, query, None)


async def more(talk: Talk, _rest: str) -> None:
    """Say more of what was found last."""
    if talk.offered.query is None or talk.offered.next_page is None:
        talk.say("There is nothing more.")
        return
    _say_hits(talk, talk.offered.query, talk.offered.next_page)


def _say_hits(talk: Talk, query: SearchQuery, before: int | None) -> None:
    page = talk.engine.search(query, _HITS, before)
    talk.offered.query, talk.offered.next_page = query, page.next
    if not page.hits:
        talk.say("Nothing was found.")
        return
    talk.say(f"{counted(len(page.hits), 'message')}, the newest first. /at and a number goes there:")
    for hit in page.hits:
        voices = Voices.of(talk.engine, hit.message.chat)
        day, hour = talk.clock.day_label(talk.clock.day(hit.message.time)), talk.clock.hour(hit.message.time)
        where = clean_line(talk.title(hit.message.chat))
        name, text = clean_line(voices.name(hit.message)), clean_line(voices.text(hit.message), limit=300)
        talk.say(f"{talk.numbers.of(hit.message)}. {day} {hour}, {where}, {name}: {text}")
    if page.next is not None:
        talk.say("/more says older ones.")


async def at(talk: Talk, rest: str) -> None:
    """Go to the chat of a message, and say what was said around it."""
    found = talk.numbers.id_of(int(rest[:9])) if rest.isdecimal() else None
    message = talk.engine.message(found) if found is not None else None
    if message is None:
        talk.say("Where? Write the number of a message.")
        return
    if message.chat != talk.key:
        await open_chat(talk, message.chat)
    half = LAST // 2
    around = (*talk.engine.older(message.chat, message, half), message, *talk.engine.newer(message.chat, message, half))
    talk.say("Around it:")
    _say_page(talk, around, "")


async def info(talk: Talk, rest: str) -> None:
    """Say when and how a message travelled, and every text that it had."""
    message, _ = talk.which(rest)
    if message is None:
        return
    voices, clock = Voices.of(talk.engine, message.chat), talk.clock
    talk.say(f"From {clean_line(voices.name(message))}, {address_with_warning(message.sender)}")
    moment = clock.local(message.time)
    talk.say(f"Sent {clock.day_label(moment.date())}, {moment:%H:%M:%S}")
    if message.direction is Direction.OUT and message.kind is MessageKind.TEXT:
        why = f": {clean_line(message.error)}" if message.error else ""
        talk.say(f"It {DELIVERY_WORDS[message.delivery]}{why}")
    talk.say(f"It was {travelled(message)}")
    for number, version in enumerate(talk.engine.versions(message.id), 1):
        talk.say(f"Text {number}, {clock.hour(version.time)}: {clean_line(without_keys(version.body))}")


async def whole(talk: Talk, rest: str) -> None:
    """Say all of a long message."""
    message, _ = talk.which(rest)
    if message is not None:
        voices = Voices.of(talk.engine, message.chat)
        talk.say(*message_lines(message, voices, talk.clock, number=talk.numbers.of(message)))


async def links(talk: Talk, rest: str) -> None:
    """Say the links of a message; with a second number, open that one with the desktop's program."""
    message, which = talk.which(rest)
    if message is None:
        return
    found = links_of(message.body)
    if not found:
        talk.say("There is no link in it.")
    elif not which:
        for number, link in enumerate(found, 1):
            talk.say(f"{number}. {clean_line(without_keys(link))}")
    elif which.isdecimal() and 0 < int(which[:4]) <= len(found):
        link = found[int(which[:4]) - 1]
        program = opener()
        if link.lower().startswith("aesgcm:"):
            talk.say("It is an encrypted file: /view opens it, /save saves it.")
        elif program is None or not may_leave(link):
            talk.say("It cannot be opened from here.")
        else:
            talk.say("Opened." if open_outside(program, link) else "It could not be opened.")
    else:
        talk.say(f"There are {len(found)}.")
