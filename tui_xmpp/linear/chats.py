"""Which chats there are, and going to one of them."""

from tui_xmpp.errors import RoomRefused
from tui_xmpp.linear.spoken import NEW
from tui_xmpp.linear.talk import Talk, problem_words
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.commands import JoinRoom, MarkRead, OpenChat
from tui_xmpp.model.message import Message
from tui_xmpp.model.omemo import Security
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.fuzzy import match
from tui_xmpp.ui.screens.places import Join, Place, Rank, places, ranked, typed_address
from tui_xmpp.ui.screens.words import LOOK_ALIKE_WARNING, account_sentence, address_with_warning
from tui_xmpp.ui.words import PRESENCE_WORDS, counted, room_problem, unread_words

LAST = 10
"""Messages that are said where nothing is unread."""
_MOST_UNREAD = 50
"""Most unread messages that are said at once; /read says others."""
_OFFERED = 20
"""Most places in one list."""


async def say_chats(talk: Talk, rest: str) -> None:
    """Say all chats, those with something unread first; a word narrows them down."""
    chats = {chat.key: chat for chat in talk.engine.chats()}
    found = [place for place, _ in ranked(rest, places(talk.engine), _OFFERED) if place.key in chats]
    more = len(chats) - len(found)
    words = unread_words(tuple(chats.values()))
    talk.say(f"{counted(len(chats), 'chat')}{f', {words}' if words else ''}:" if chats else "There are no chats yet.")
    _offer(talk, found)
    if more > 0 and not rest:
        talk.say(f"And {more} more; a word after /chats narrows them down.")


def _offer(talk: Talk, found: list[Place]) -> None:
    """Say places with numbers that /go takes."""
    talk.offered.places = tuple(place.key for place in found)
    for number, place in enumerate(found, 1):
        chat = talk.engine.chat(place.key)
        unread = f", {chat.unread} unread" if chat is not None and chat.unread else ""
        mentions = f", {counted(chat.mentions, 'mention')}" if chat is not None and chat.mentions else ""
        kind = ", room" if place.rank is Rank.BOOKMARK or (chat is not None and chat.kind is ChatKind.ROOM) else ""
        beside = f", {place.beside}" if place.beside else ""
        account = talk.whose(place.key.account)
        talk.say(f"{number}. {clean_line(place.title)}{beside}{kind}{unread}{mentions}{account}")


async def go(talk: Talk, rest: str) -> None:
    """Go to a chat, a contact or a kept room by a part of its name, by its number in the last list, or by address."""
    if not rest:
        talk.say("Where to? Write a part of the name: /go bob. /chats says all chats.")
        return
    if rest.isdecimal() and 0 < int(rest[:9]) <= len(talk.offered.places):
        await _to(talk, talk.offered.places[int(rest[:9]) - 1])
        return
    candidates = places(talk.engine)
    exact = [place for place in candidates if rest.casefold() in {place.title.casefold(), place.address.casefold()}]
    # Letters scattered over a name are a guess, which is only made where nothing fits as it was written.
    written = [place for place in candidates if _fits(rest, place)]
    found = exact or written[:_OFFERED] or [place for place, _ in ranked(rest, candidates, _OFFERED)]
    if len(found) == 1:
        await _to(talk, found[0].key)
        return
    if found:
        talk.say(f"{counted(len(found), 'chat')} may be meant. /go and a number chooses:")
        _offer(talk, found)
        return
    await _to_stranger(talk, rest)


def _fits(word: str, place: Place) -> bool:
    return any(match(word, text, scattered=False) is not None for text in (place.title, place.address))


async def _to_stranger(talk: Talk, rest: str) -> None:
    """An address that nothing is known of: a person to write to; a room is entered with /join."""
    address, account = typed_address(rest), talk.account()
    if address is None or account is None:
        talk.say(
            f"Nothing is called “{clean_line(rest, limit=80)}”. An address in full, like name@server, is taken, too."
        )
        return
    talk.say(f"{address_with_warning(address)} is not a contact. If it is a room, enter it: /join {address.shown}")
    await _to(talk, ChatKey(account, address))


async def _to(talk: Talk, target: ChatKey | Join) -> None:
    if isinstance(target, Join):
        join(talk, JoinRoom(target.account, target.room))
        return
    is_bookmark = any(target.peer == each.room for each in talk.engine.bookmarks(target.account))
    if is_bookmark and talk.engine.room(target).status is not RoomStatus.JOINED:
        join(talk, JoinRoom(target.account, target.peer))
        return
    await open_chat(talk, target)


def join(talk: Talk, command: JoinRoom) -> None:
    """Enter a room beside everything else, and open it; or say why not, and what helps."""
    talk.say("Entering the room…")

    async def work() -> None:
        try:
            await talk.engine.do(command)
        except RoomRefused as problem:
            talk.say(f"{problem_words(problem)} /join room nickname tries another name.")
            return
        key = ChatKey(command.account, command.room)
        if talk.written.strip() or talk.asking:
            # What is being written goes to whom it was begun for.
            talk.say(f"You are in {clean_line(talk.title(key))}. /go 1 takes you there.")
            talk.offered.places = (key,)
        else:
            await open_chat(talk, key)
            talk.show_prompt()

    talk.tasks.spawn(work(), "join")


async def open_chat(talk: Talk, key: ChatKey) -> None:
    """Open a chat: say what it is, what is unread or else the last messages, and begin with its draft."""
    engine = talk.engine
    if (engine.chat(key) is None or all(chat.key != key for chat in engine.chats())) and not await talk.do(
        OpenChat(key)
    ):
        return
    talk.key, talk.day = key, ""
    talk.unheard, talk.secured = False, security_sentence(talk, key)
    chat = engine.chat(key)
    talk.say("", heading(talk, key))
    _say_begin(talk, key, chat.unread if chat is not None else 0)
    if chat is not None and chat.unread:
        talk.wish(MarkRead(key))
    talk.draft = chat.draft if chat is not None else ""


def _say_begin(talk: Talk, key: ChatKey, unread: int) -> None:
    """A few messages that were read, and all that were not."""
    newest = talk.engine.newest(key, LAST + min(unread, _MOST_UNREAD))
    first = talk.engine.first_unread(key) if unread else None
    at = next((index for index, message in enumerate(newest) if message.id == first), None)
    if unread and at is None:
        at = 0
    if unread > _MOST_UNREAD:
        talk.say(f"{unread} are unread; these are the last {len(newest)}, /read says those before.")
    before, new = (newest, ()) if at is None else (newest[max(0, at - LAST // 2) : at], newest[at:])
    talk.tell(before, numbered=True)
    if new:
        talk.say(NEW)
        talk.tell(new, numbered=True)
    if not newest:
        talk.say("Nothing was said here yet.")
    remember(talk, newest)


def remember(talk: Talk, said: tuple[Message, ...]) -> None:
    """From where reading back goes on."""
    talk.offered.oldest, talk.offered.newest = (said[0], said[-1]) if said else (None, None)


def heading(talk: Talk, key: ChatKey) -> str:
    """`Bob, bob@example.org, online: at home. Encrypted.`, so that nobody writes to somebody else by mistake."""
    engine, chat = talk.engine, talk.engine.chat(key)
    title, address = clean_line(talk.title(key)), address_with_warning(key.peer)
    name = title if title == address else f"{title}, {address}"
    account = talk.whose(key.account)
    words = f"{name}{account}."
    if chat is not None and chat.kind is ChatKind.ROOM:
        room = engine.room(key)
        subject = f" Subject: {clean_line(room.subject)}." if room.subject else ""
        state = room_problem(room) or f"{counted(room.people, 'person', 'people')}."
        words = f"Room {name}{account}. {clean_line(state)}{subject}"
    elif chat is None or chat.kind is ChatKind.CONTACT:
        presence = engine.presence(key.account, key.peer)
        status = f" ({clean_line(presence.status)})" if presence.status else ""
        stranger = "" if chat is not None and chat.in_contacts else " Not in your contacts: /add puts them there."
        words = f"{name}{account}, {PRESENCE_WORDS[presence.availability]}{status}.{stranger}"
    warning = f" {LOOK_ALIKE_WARNING}" if key.peer.is_look_alike else ""
    return f"{words}{warning} {security_sentence(talk, key)}".strip()


def security_sentence(talk: Talk, key: ChatKey) -> str:
    """How what is written in a chat goes out; nothing for public rooms, which never can be encrypted."""
    security, chat = talk.engine.security(key), talk.engine.chat(key)
    match security.state:
        case Security.BLOCKED:
            return "It cannot be encrypted now: what you write is held back."
        case Security.OFF:
            return "Encryption is switched off."
        case Security.NONE:
            is_public = chat is not None and chat.kind is ChatKind.ROOM and not security.possible
            return "" if is_public else "Not encrypted."
        case Security.ON if security.undecided:
            devices = counted(security.undecided, "new device waits", "new devices wait")
            return f"Encrypted. {devices} for your decision: /devices."
        case Security.ON if security.verified:
            return "Encrypted, all devices verified."
        case Security.ON:
            return "Encrypted."


def where_words(talk: Talk, chat: Chat) -> str:
    """What stands for a chat beside a message that came while another was open."""
    if chat.kind is ChatKind.CONTACT:
        address = "" if chat.in_contacts else f", {talk.title(chat.key)}"
        return f"another chat{address}"
    if chat.kind is ChatKind.PRIVATE:
        return f"a private chat from {clean_line(chat.key.peer.local or chat.key.peer.domain)}"
    return talk.title(chat.key)


async def next_unread(talk: Talk, _rest: str) -> None:
    """Go to the next chat with something unread, mentions first."""
    waiting = [chat for chat in talk.engine.chats() if chat.unread and chat.key != talk.key]
    waiting.sort(key=lambda chat: (not chat.mentions, chat.muted))
    if waiting:
        await open_chat(talk, waiting[0].key)
    else:
        talk.say("Nothing else is unread.")


async def mark_all(talk: Talk, _rest: str) -> None:
    """Take everything in all chats as read."""
    unread = [chat for chat in talk.engine.chats() if chat.unread]
    for chat in unread:
        await talk.do(MarkRead(chat.key))
    talk.say(f"{counted(len(unread), 'chat')} marked as read." if unread else "Nothing is unread.")


async def where(talk: Talk, _rest: str) -> None:
    """Say which chat is open, how it goes out, and how the accounts are doing."""
    talk.say(heading(talk, talk.key) if talk.key is not None else "No chat is open.")
    if talk.key is not None:
        names = talk.engine.typing(talk.key)
        if names:
            talk.say(f"Writing now: {', '.join(map(clean_line, names))}.")
    for state in talk.engine.accounts():
        talk.say(clean_line(f"{state.address.shown}: {account_sentence(state)}"))
