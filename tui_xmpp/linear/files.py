"""Files that messages link to, line by line: saving one, opening it, stopping what is on its way."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.linear.looking import off_loop
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.commands import DeleteMessage
from tui_xmpp.model.files import MOST_UNTOLD, FileFacts, FileState, SaveFile, Stage, StopFile
from tui_xmpp.model.message import Message, Operation
from tui_xmpp.ui.opening import does_something, open_file, opener
from tui_xmpp.ui.saving import place_for
from tui_xmpp.ui.words import file_words, place_words, size_words

_PAUSE = 10.0
"""Seconds between two lines that say how far a file is."""


async def save(talk: Talk, rest: str) -> None:
    """Save a file of a message; where it goes may be written behind."""
    message, facts, where = _which(talk, rest)
    if message is not None and facts is not None:

        async def tell(place: Path) -> None:
            talk.say(f"Saved as {place_words(place)}")

        await _fetch(talk, message, facts, where, tell)


async def view(talk: Talk, rest: str) -> None:
    """Open a file of a message with the desktop's program, and save it before if need be."""
    message, facts, where = _which(talk, rest)
    if message is None or facts is None:
        return
    state = talk.engine.file_state(message, facts.link)
    if state is not None and state.place is not None and await off_loop(state.place.is_file):
        await _open(talk, state.place)
    else:
        await _fetch(talk, message, facts, where, lambda place: _open_unless_program(talk, message, place))


async def stop(talk: Talk, rest: str) -> None:
    """Fetch a message's files no further, or send them no further."""
    message, _ = talk.which(rest)
    if message is None:
        return
    if Operation.CANCEL in talk.engine.operations(message):
        talk.wish(DeleteMessage(message.chat, message.id, only_unsent=True), "Stopped; nothing was sent.")
        return
    coming = [facts for facts in talk.engine.files(message) if _is_coming(talk, message, facts)]
    for facts in coming:
        await talk.do(StopFile(message.chat, message.id, facts.link))
    if not coming:
        talk.say("No file of it is on its way.")


def _which(talk: Talk, rest: str) -> tuple[Message | None, FileFacts | None, str]:
    """The message, the file of it that is meant, and the other words; None after saying why there is none."""
    message, words = talk.which(rest)
    if message is None:
        return None, None, ""
    files = talk.engine.files(message)
    first, _, after = words.partition(" ")
    if not files:
        talk.say("There is no file in it.")
    elif len(files) == 1:
        return message, files[0], words
    elif first.isdecimal() and 0 < int(first[:4]) <= len(files):
        return message, files[int(first[:4]) - 1], after.strip()
    else:
        talk.say("Which file? Write its number behind that of the message.")
        talk.say(*(f"{number}. {_about(facts)}" for number, facts in enumerate(files, 1)))
    return None, None, ""


def _about(facts: FileFacts) -> str:
    return f"{facts.name}, {'encrypted' if facts.encrypted else 'not encrypted'}, on {facts.host}"


async def _fetch(
    talk: Talk, message: Message, facts: FileFacts, where: str, then: Callable[[Path], Awaitable[None]]
) -> None:
    """Have a file fetched beside everything else, and say how that goes."""
    if _is_coming(talk, message, facts):
        talk.say("It is on its way.")
        return
    question = f"Whoever runs {facts.host} learns your network address. Fetch {facts.name}?"
    if facts.foreign and not await talk.sure(question):
        talk.say("Not fetched.")
        return
    place = await off_loop(place_for, where, talk.engine.download_folder, facts.name)
    talk.tasks.spawn(_fetch_to(talk, message, facts, place, then), "fetch a file")


async def _fetch_to(
    talk: Talk, message: Message, facts: FileFacts, place: Path, then: Callable[[Path], Awaitable[None]]
) -> None:
    size: int | None = None
    try:
        if not facts.foreign:
            size = await talk.engine.size_of_file(message, facts.link)
    except TuiXmppError:
        size = None  # fetching it says why, if that fails too
    talk.say(f"Fetching {_about(facts)}, {'size not told' if not size else size_words(size)}.")
    telling = talk.tasks.spawn(_tell(talk, message, facts), "say how far a file is")
    try:
        done = await talk.do(SaveFile(message.chat, message.id, facts.link, place, size or MOST_UNTOLD))
    finally:
        telling.cancel()
    state = talk.engine.file_state(message, facts.link)
    if done and state is not None and state.place is not None:
        await then(state.place)
    elif done:
        talk.say("Stopped; nothing of the file was kept.")


async def _tell(talk: Talk, message: Message, facts: FileFacts) -> None:
    """Say now and then how far a file is."""
    while True:
        await asyncio.sleep(_PAUSE)
        state = talk.engine.file_state(message, facts.link)
        if state is not None and state.stage is Stage.COMING:
            talk.say(f"{facts.name}: {file_words(state)}")


async def _open(talk: Talk, place: Path) -> None:
    """Hand a file over, if the person is sure where it is one that does something."""
    question = f"{place_words(place)} is a program, and may do something on this computer. Open it?"
    if await off_loop(does_something, place) and not await talk.sure(question):
        talk.say("Not opened.")
    else:
        _hand_over(talk, place)


async def _open_unless_program(talk: Talk, message: Message, place: Path) -> None:
    """The same beside everything else, where nothing can be asked."""
    if await off_loop(does_something, place):
        number = talk.numbers.of(message)
        talk.say(f"Saved as {place_words(place)}. It is a program: /view {number} asks, and opens it.")
    else:
        _hand_over(talk, place)


def _hand_over(talk: Talk, place: Path) -> None:
    program = opener()
    if program is None:
        talk.say(f"Nothing here can open it; it is saved as {place_words(place)}")
    else:
        words = "Opened" if open_file(program, place) else "It could not be opened; it is saved as"
        talk.say(f"{words} {place_words(place)}")


def _is_coming(talk: Talk, message: Message, facts: FileFacts) -> bool:
    state: FileState | None = talk.engine.file_state(message, facts.link)
    return state is not None and state.stage is Stage.COMING
