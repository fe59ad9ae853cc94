"""Messages, and what happens to them, as lines that can be listened to. Pure: values in, lines out.

`10:02 Bob: hello`. Of a text with several lines, the first says how many there are and each other begins with a bar:
nobody can write something that sounds like the message of another (SECURITY 21).
"""

from collections.abc import Iterator

from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, Quote, is_exposed
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history import own_file
from tui_xmpp.ui.history.grouping import is_action, is_unreadable
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.words import REMOVED, UNSEEN_ORIGINAL, YOU, counted, tombstone_words

_LONG, _FOLDED = 24, 12
"""A text of more lines than the first is cut to the second, until all of it is asked for."""
NEW = "New since here:"
MISSING = "Messages may be missing here."
_BAR = "| "
_DOUBTS = {
    Trust.UNDECIDED: "encrypted by a device that you have not decided on",
    Trust.DISTRUSTED: "encrypted by a device that you have not decided on",
    Trust.UNPROVEN: "encrypted by a device that is not known to be theirs",
}
_BEGINNING = 60
"""Most characters of a message that stand for it in a sentence about it."""


def message_lines(
    message: Message,
    voices: Voices,
    clock: Clock,
    *,
    number: int | None = None,
    where: str = "",
    called: int | None = None,
) -> list[str]:
    """What is to be heard of a message; `where` names the chat if it is not the open one.

    `called` is its number for whom asks for all of a long one; without it, all is said.
    """
    name = clean_line(voices.name(message))
    place = f" in {clean_line(where)}" if where else ""
    lines = clean(_said(message, voices)).split("\n")
    several = counted(len(lines), "line") if len(lines) > 1 else ""
    left = len(lines) - _FOLDED if called is not None and len(lines) > _LONG else 0
    if message.kind is MessageKind.TEXT and message.tombstone is None and not is_action(message):
        first = f"{name}{several and f', {several}'}{place}: {lines[0]}"
    else:  # what is told of somebody begins with the name already
        first = f"{several and f'{several}: '}{lines[0]}{place}"
    before = f"{number}. " if number is not None else ""
    notes = "; ".join(notes_of(message, voices))
    spoken = [
        f"{before}{clock.hour(message.time)} {first}",
        *(f"{_BAR}{line}" for line in lines[1 : len(lines) - left]),
    ]
    if notes:
        spoken[-1] = f"{spoken[-1]} ({notes})"
    if left:  # without a bar, so that nobody else can have written it
        spoken.append(f"{counted(left, 'more line')}; /whole {called} says all.")
    return spoken


def beginning(message: Message, voices: Voices) -> str:
    """The first words of a message, to tell which one is meant."""
    if message.tombstone is not None:
        return REMOVED
    return f"“{clean_line(_said(message, voices), limit=_BEGINNING)}”"


def _said(message: Message, voices: Voices) -> str:
    name = clean_line(voices.name(message))
    if message.tombstone is not None:
        return tombstone_words(message.tombstone, name)
    if message.kind is MessageKind.SUBJECT:
        return (
            f"{name} changed the subject to: {voices.text(message)}" if message.body else f"{name} removed the subject"
        )
    if is_unreadable(message):
        return message.body or "not readable here: it was encrypted for other devices"
    if message.upload is not None:
        return f"{own_file.about(message, message.upload)}: {clean_line(message.upload.name)}"
    return voices.text(message)


def notes_of(message: Message, voices: Voices) -> Iterator[str]:
    """What else is to be known of a message: first what is not as it should be; not what goes without saying."""
    if message.tombstone is not None:
        return
    if is_exposed(message):
        yield "not encrypted, though this chat is"
    if message.encryption is Encryption.OMEMO and message.trust in _DOUBTS:
        yield _DOUBTS[message.trust]
    problem = problem_of(message)
    if problem:
        yield problem
    elif message.waiting:
        yield "what was changed about it waits to be sent"
    if message.reply is not None:
        yield answered(message.reply, voices)
    if message.mentions_us and message.direction is Direction.IN:
        yield "names you"
    if message.edited:
        yield "corrected"
    for reaction in message.reactions:
        names = [YOU] if reaction.own else []
        names += [clean_line(voices.reactor(nick)) for nick in reaction.nicks]
        yield f"{clean_line(reaction.emoji)} by {', '.join(names)}"


def problem_of(message: Message) -> str:
    """Why an own message has not gone out; empty: it has, or there is no reason to worry."""
    if message.direction is not Direction.OUT:
        return ""
    if message.delivery is Delivery.FAILED:
        return f"not sent: {clean_line(message.error)}" if message.error else "not sent"
    if message.delivery is Delivery.PENDING:
        return f"held back: {clean_line(message.error)}" if message.error else ""
    return ""


def answered(quote: Quote, voices: Voices) -> str:
    """`answers Bob, “who brings bread?”`."""
    name = clean_line(voices.quoted(quote)[0])
    text = clean_line(quote.text, limit=_BEGINNING).removeprefix("/me ")
    gone = UNSEEN_ORIGINAL if quote.message_id is None else REMOVED
    what = f"“{text}”" if text else gone
    return f"answers {name}, {what}" if name else f"answers {what}"


def change_lines(
    before: Message | None, now: Message, voices: Voices, clock: Clock, *, number: int | None = None
) -> list[str]:
    """What is new about a message that was heard before; nothing where it is only on its way, or was not heard."""
    if before is None:
        return []
    which = f"{beginning(now, voices)} of {clock.hour(now.time)}"
    call = f"{number}. " if number is not None else ""
    name = clean_line(voices.name(now))
    if now.tombstone is not None:
        return [] if before.tombstone is not None else [f"{call}{_gone(now, name)} of {clock.hour(now.time)}."]
    if is_unreadable(before) and not is_unreadable(now):
        return ["Now readable:", *message_lines(now, voices, clock, number=number)]
    if before.body != now.body and now.direction is Direction.IN:
        return ["Corrected:", *message_lines(now, voices, clock, number=number)]
    lines: list[str] = []
    problem = problem_of(now)
    if problem and problem != problem_of(before):
        lines.append(f"{call}{which} was {problem}")
    elif problem_of(before) and not problem and now.delivery is not Delivery.PENDING:
        lines.append(f"{call}{which} was sent.")
    lines += [f"{call}{words} {which}." for words in _new_reactions(before, now, voices)]
    return lines


def _gone(message: Message, name: str) -> str:
    words = tombstone_words(message.tombstone, name) if message.tombstone is not None else ""
    return words.replace("this message", "the message")


def _new_reactions(before: Message, now: Message, voices: Voices) -> Iterator[str]:
    """`Juno put 👍 under`, of others only: what we do ourselves we know."""
    had = {(reaction.emoji, nick) for reaction in before.reactions for nick in reaction.nicks}
    for reaction in now.reactions:
        new = [nick for nick in reaction.nicks if (reaction.emoji, nick) not in had]
        if new:
            names = ", ".join(clean_line(voices.reactor(nick)) for nick in new)
            yield f"{names} put {clean_line(reaction.emoji)} under"
