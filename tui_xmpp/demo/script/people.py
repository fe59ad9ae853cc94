"""The cast: who they are, how they look in the contact list, and how they chat."""

from dataclasses import field

from tui_xmpp.model.frozen import frozen

DOMAIN = "demo.example"
"""A name that can belong to nobody (RFC 2606 §3)."""

ROOM_SERVICE = f"rooms.{DOMAIN}"

GUEST = "guest"
"""The local part and the nickname of the person who tries the program."""

GUEST_ADDRESS = f"{GUEST}@{DOMAIN}"


@frozen
class Manner:
    """How somebody chats."""

    answers: bool = True
    reading: float = 0.8
    """Seconds before they begin to type."""
    receipts: bool = True
    """Delivery receipts (XEP-0184)."""
    displayed: bool = False
    """Markers that they have read it (XEP-0333)."""
    likes: tuple[str, ...] = ()
    """Put in turn under every other message of the guest (XEP-0444)."""
    slips: int = 0
    """Every how many answers a letter goes astray and is corrected (XEP-0308); 0: never."""
    opening: str = ""
    """Said before the first answer."""


@frozen
class Person:
    """One member of the cast."""

    name: str
    groups: tuple[str, ...] = ()
    show: str = ""
    """`show` of their presence (RFC 6121 §4.7.2.1): empty, away, dnd, xa or chat."""
    status: str = ""
    online: bool = True
    stranger: bool = False
    """Not in the guest's contact list, until they ask."""
    manner: Manner = field(default_factory=Manner)

    @property
    def local(self) -> str:
        """The local part of the address."""
        return self.name.lower()

    @property
    def address(self) -> str:
        """The bare address."""
        return f"{self.local}@{DOMAIN}"


MARA = Person("Mara", ("Friends",), "chat", "Baking. Talk to me!", manner=Manner(reading=0.6, likes=("❤️", "👍", "😄")))
JUNO = Person(
    "Juno",
    ("Friends",),
    status="Typing faster than I can spell",
    manner=Manner(displayed=True, slips=2),
)
THEO = Person(
    "Theo",
    ("Friends",),
    "away",
    "On the train until six",
    manner=Manner(reading=2.5, opening="Sorry, tunnel. There we are."),
)
INES = Person(
    "Ines",
    ("Work",),
    "dnd",
    "Deadline today, cake tomorrow",
    manner=Manner(reading=1.5, displayed=True, opening="Two minutes, then I must write on."),
)
KOFI = Person("Kofi", ("Work",), online=False)
NOOR = Person("Noor", stranger=True, manner=Manner(reading=1.0))

CAST = (MARA, JUNO, THEO, INES, KOFI, NOOR)

ON_STAGE = tuple(person for person in CAST if person.online)
"""Those who are played by a bot."""

CONTACTS = tuple(person for person in CAST if not person.stranger)
"""The guest's contact list."""

BY_NAME = {person.name: person for person in CAST}

PASSERS_BY = ("Lena", "Omar", "Aiko", "Tomas", "Elif", "Ravi", "Nadia", "Pim")
"""Names in the archive of the public channel whose owners are not here now."""
