"""Where each chat begins in the stretches of an archive below which something is still missing.

What is missing has to stand below that. Catching up knows it from the pages that it has read; an interrupted one leaves
it here for the next, so that a line that is lost again and again does not begin from the newest page each time. After
a restart of the program such a stretch is read once more.
"""

from dataclasses import dataclass, field

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.values import Above

FirstOf = dict[ChatKey, str]
"""Archive ids of what came first of each chat."""


@dataclass(slots=True)
class _Seam:
    above: Above
    first_of: FirstOf
    """What came live, which may be in chats that no page has shown."""


@dataclass(slots=True)
class Seams:
    """The stretches of one account's archives, by the archive and the id with which each begins."""

    _seams: dict[tuple[Address, str], _Seam] = field(default_factory=dict)

    def keep(self, archive: Address, oldest_id: str, above: Above, first_of: FirstOf) -> None:
        """A stretch may begin with this id from now on, and what `above` holds is all that is known to be in it."""
        self._seams[archive, oldest_id] = _Seam(above, first_of)

    def pass_over(self, archive: Address, oldest_id: str, above: Above, own: Address, reader: ArchiveReader) -> bool:
        """Let `above` take in a stretch that is not read again; false: it has to be, for nothing is known of it."""
        seam = self._seams.get((archive, oldest_id))
        if seam is None:
            return False
        if seam.above is above:
            return True
        for key, position in seam.above.limits.items():
            above.bound(key, position)
        for key, passed in seam.above.passed.items():
            above.passed.setdefault(key, {}).update(passed)
        for key, name in seam.first_of.items():
            place = reader.position_of(own, archive, name)
            if key not in seam.above.limits and place is not None:
                above.bound(key, place)
        return True

    def forget(self, archive: Address) -> None:
        """Nothing is missing any more."""
        for place in tuple(self._seams):
            if place[0] == archive:
                del self._seams[place]
