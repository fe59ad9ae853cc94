"""What the cast says unasked: greetings, a request, an invitation, a slip of the fingers; and what was said before."""

from tui_xmpp.demo.script.people import INES, JUNO, KOFI, MARA, THEO, Person
from tui_xmpp.model.frozen import frozen

WELCOME = (
    "Hello, and welcome! 👋 This is a real XMPP server on your own computer, and six of us live on it until you quit.",
    "Write me something: I answer, and you can watch me type. Ctrl+K goes to any chat, F1 shows the keys.",
    "Up from an empty line points at a message. Then r answers it, + puts an emoji under it, and i says more about it.",
)
"""From Mara, once the guest is there."""

SLIP = (
    "I found the old projetcor in the attic! Flim night on Friday?",
    "I found the old projector in the attic! Film night on Friday?",
)
"""From Juno: first as typed, then as corrected (XEP-0308)."""

REQUEST = "Hello! Mara gave me your address. May I add you?"
"""Noor's subscription request."""

REQUEST_ACCEPTED = (
    "Thank you for letting me in! Mara says you are trying out a new chat program.",
    "Ask me anything. I am new here as well, so we can be lost together.",
)
"""From Noor, when the guest has said yes."""

INVITATION = "We are one player short on Thursday. Come along?"
"""Juno's invitation into Games night."""

GAMES_WELCOME = "{nick} is here! That makes four of us, or five with the cat."
"""From Juno, when the guest enters Games night."""

COMMONS_NEWS = (
    ("Theo", "From the train window: two herons, one very surprised dog."),
    ("Ines", "Does anybody have a spare bicycle pump near the harbour? Mine has retired."),
    ("Mara", "There are six loaves too many on my table. First come, first served."),
    ("Noor", "Hello everybody, I am new here. What is this place about?"),
    ("Ines", "Pump found, tyre fixed, faith in neighbours restored."),
)
"""Said now and then in the public channel."""


@frozen
class PastLine:
    """A message from before: `minutes` ago, by `author` (None: the guest) in the chat with `peer`."""

    minutes: int
    peer: Person
    author: Person | None
    text: str


PAST = (
    PastLine(4330, KOFI, KOFI, "Off to the mountains until Sunday. No signal, no regrets."),
    PastLine(4327, KOFI, None, "Have fun! I will water the basil."),
    PastLine(4326, KOFI, KOFI, "It prefers to be sung to. Low notes."),
    PastLine(2960, INES, INES, "The draft is in your inbox. Be merciless, but be quick."),
    PastLine(2931, INES, None, "Page three made me laugh out loud. Keep it."),
    PastLine(2930, INES, INES, "That was the serious part 🙈"),
    PastLine(1561, THEO, THEO, "I have two tickets for the lighthouse tour on Saturday."),
    PastLine(1558, THEO, None, "I am in. Does one bring a lamp?"),
    PastLine(1557, THEO, THEO, "They have one. It is rather large."),
    PastLine(1502, JUNO, JUNO, "Which one was the song from the café yesterday?"),
    PastLine(1499, JUNO, None, "The one with the clarinet? No idea, but I am still humming it."),
    PastLine(193, MARA, MARA, "First loaf of the new flour: dense as a brick, but a friendly brick."),
    PastLine(190, MARA, None, "Keep it for the doorstop competition."),
    PastLine(188, MARA, MARA, "Second one is in the oven. I will report."),
)
"""The guest's own archive (XEP-0313): what other devices of theirs would have seen."""
