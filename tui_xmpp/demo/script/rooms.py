"""The rooms of the demonstration."""

from tui_xmpp.demo.script.people import INES, JUNO, MARA, NOOR, ROOM_SERVICE, THEO, Person
from tui_xmpp.model.frozen import frozen


@frozen
class RoomPlan:
    """One room: who is there, and whether the guest is from the start."""

    local: str
    name: str
    subject: str
    owner: Person
    people: tuple[Person, ...]
    private: bool = False
    """A private group: members-only and everybody's address known; else a public channel."""
    bookmarked: bool = False
    """In the guest's bookmarks, hence joined at the start; a member of it where it is private."""

    @property
    def address(self) -> str:
        """The room's address."""
        return f"{self.local}@{ROOM_SERVICE}"


KITCHEN = RoomPlan("kitchen", "Kitchen", "weekend plans", MARA, (MARA, JUNO, THEO, INES), private=True, bookmarked=True)
COMMONS = RoomPlan(
    "commons", "Commons", "everything and nothing · be kind", INES, (INES, MARA, THEO, NOOR), bookmarked=True
)
GAMES = RoomPlan("games", "Games night", "Thursdays at eight", JUNO, (JUNO, THEO, MARA), private=True)

ROOMS = (KITCHEN, COMMONS, GAMES)
