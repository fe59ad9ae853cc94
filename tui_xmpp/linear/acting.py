"""What can be done with a message that was said: answer, react, correct, take back, and what failed."""

from tui_xmpp.linear.spoken import beginning
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import (
    CorrectMessage,
    DeleteMessage,
    Moderate,
    React,
    RetractMessage,
    RetryMessage,
    SendMessage,
    SendUnencrypted,
)
from tui_xmpp.model.message import Direction, Message, Operation
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.screens import emojis

_CANNOT = {
    Operation.REPLY: "This message cannot be answered.",
    Operation.REACT: "Nobody can react to this message.",
    Operation.CORRECT: "Only your own messages can be corrected.",
    Operation.RETRACT: "Only your own messages can be taken back for everybody, once they have been sent.",
    Operation.MODERATE: "Only moderators can remove messages of others, in rooms that offer it.",
    Operation.RETRY: "This message has not failed.",
    Operation.SEND_UNENCRYPTED: "This message is not held back.",
    Operation.DELETE: "This message is on its way.",
}


async def send(talk: Talk, key: ChatKey, text: str, reply_to: int | None = None) -> None:
    """Send what was written; what cannot even be stored is not lost but written again."""
    talk.sent_here.append((key, text))
    if not await talk.do(SendMessage(key, text, reply_to)):
        talk.sent_here.remove((key, text))
        talk.draft = text


async def reply(talk: Talk, rest: str) -> None:
    """Answer a message; without a number the last one of somebody else."""
    message, text = talk.which(rest, Direction.IN)
    if message is None or not _may(talk, message, Operation.REPLY):
        return
    if not text:
        talk.say(f"Answers {_meant(talk, message)}.")
        text = await talk.ask("Your answer") or ""
    if text:
        talk.say(f"Answers {_meant(talk, message)}.")
        await send(talk, message.chat, text, message.id)


async def react(talk: Talk, rest: str) -> None:
    """Put an emoji under a message, or take it away; it may be named: /react heart."""
    message, word = talk.which(rest, Direction.IN)
    if message is None or not _may(talk, message, Operation.REACT):
        return
    emoji = _emoji(word)
    if emoji is None:
        usual = ", ".join(emojis.USUAL)
        talk.say(f"Which emoji? Write one, or its name: {usual}, heart, thumbs up.")
        return
    own = [reaction.emoji for reaction in message.reactions if reaction.own]
    had = emoji in own
    now = [each for each in own if each != emoji] if had else [*own, emoji]
    if await talk.do(React(message.chat, message.id, tuple(now))):
        talk.say(f"{'Took' if had else 'Put'} {emoji} {'from' if had else 'under'} {_meant(talk, message)}.")


def _emoji(word: str) -> str | None:
    """An emoji as it was written, or the one that fits a name best."""
    word = word.strip().strip(":").replace("_", " ")
    found = emojis.find(word, emojis.FAMILIAR, 1) if word else ()
    return found[0].text if found else None


async def correct(talk: Talk, rest: str) -> None:
    """Give a message of yours another text; without a number the last one, and without a text it is edited."""
    message, text = talk.which(rest, Direction.OUT)
    if message is None or not _may(talk, message, Operation.CORRECT):
        return
    if not text:
        text = await talk.ask("Its text", text=message.body) or ""
    if not text or text == message.body:
        talk.say("Not changed.")
    elif await talk.do(CorrectMessage(message.chat, message.id, text)):
        talk.say("Corrected.")


async def retract(talk: Talk, rest: str) -> None:
    """Take a message of yours back for everybody; without a number the last one."""
    message, _ = talk.which(rest, Direction.OUT)
    if message is None or not _may(talk, message, Operation.RETRACT):
        return
    if await talk.sure(f"Take {_meant(talk, message)} back, for everybody?"):
        talk.wish(RetractMessage(message.chat, message.id))


async def moderate(talk: Talk, rest: str) -> None:
    """Remove a message of somebody else from the room, for everybody; a reason may follow the number."""
    message, reason = talk.which(rest)
    if message is None or not _may(talk, message, Operation.MODERATE):
        return
    if await talk.sure(f"Remove {_meant(talk, message)}, for everybody?"):
        talk.wish(Moderate(message.chat, message.id, reason))


async def retry(talk: Talk, rest: str) -> None:
    """Send a message that failed once more."""
    message, _ = talk.which(rest, Direction.OUT)
    if message is not None and _may(talk, message, Operation.RETRY):
        await talk.do(RetryMessage(message.chat, message.id))


async def in_clear(talk: Talk, rest: str) -> None:
    """Send a message that is held back unencrypted; everybody on its way can read it."""
    message, _ = talk.which(rest)
    if message is None or not _may(talk, message, Operation.SEND_UNENCRYPTED):
        return
    if await talk.sure(f"Send {_meant(talk, message)} unencrypted? Everybody on its way can read it."):
        talk.wish(SendUnencrypted(message.chat, message.id))


async def delete(talk: Talk, rest: str) -> None:
    """Delete a message on this computer only."""
    message, _ = talk.which(rest)
    if message is None or not _may(talk, message, Operation.DELETE):
        return
    if await talk.sure(f"Delete {_meant(talk, message)} here? The others keep it."):
        talk.wish(DeleteMessage(message.chat, message.id), "Deleted here.")


def _may(talk: Talk, message: Message, operation: Operation) -> bool:
    if operation in talk.engine.operations(message):
        return True
    talk.say(_CANNOT[operation])
    return False


def _meant(talk: Talk, message: Message) -> str:
    """`Bob, “who brings bread?”`, so that a wrong number is noticed."""
    voices = Voices.of(talk.engine, message.chat)
    return f"{clean_line(voices.name(message))}, {beginning(message, voices)}"
