"""A contact is as reachable as the best of their clients."""

import pytest

from tui_xmpp.core.presences import Presences
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability, Presence
from tui_xmpp.model.stanzas import PresenceReceived

BOB = Address.parse("bob@chat.test")


def here(resource: str, availability: Availability = Availability.ONLINE, **more: object) -> PresenceReceived:
    sender = BOB.with_resource(resource) if resource else BOB
    status, priority = more.get("status", ""), more.get("priority", 0)
    assert isinstance(status, str)
    assert isinstance(priority, int)
    return PresenceReceived(sender, availability, status, priority)


@pytest.mark.parametrize(
    ("presences", "best"),
    [
        ([], Presence()),
        ([here("a", Availability.AWAY, status="lunch")], Presence(Availability.AWAY, "lunch")),
        ([here("a", Availability.DND), here("b", Availability.ONLINE)], Presence(Availability.ONLINE)),
        ([here("a", Availability.CHAT), here("b", Availability.ONLINE)], Presence(Availability.CHAT)),
        (
            [here("a", status="low", priority=1), here("b", status="high", priority=5)],
            Presence(Availability.ONLINE, "high"),
        ),
        ([here("a"), here("a", Availability.OFFLINE)], Presence()),
        ([here("a"), here("b", Availability.AWAY), here("a", Availability.OFFLINE)], Presence(Availability.AWAY)),
        ([here("a"), here("b"), here("", Availability.OFFLINE)], Presence()),
        ([here("", Availability.ONLINE)], Presence(Availability.ONLINE)),
    ],
)
def test_the_best_presence_is_shown(presences: list[PresenceReceived], best: Presence) -> None:
    book = Presences()
    for presence in presences:
        book.take(presence)
    assert book.best(BOB) == best


def test_only_a_change_of_the_best_presence_is_told() -> None:
    book = Presences()
    assert book.take(here("a"))
    assert not book.take(here("a"))
    assert not book.take(here("b", Availability.AWAY))
    assert book.take(here("a", Availability.OFFLINE))


def test_when_the_stream_is_lost_everybody_is_forgotten() -> None:
    book = Presences()
    book.take(here("a"))
    assert book.clear() == (BOB,)
    assert book.best(BOB) == Presence()


def test_a_contact_cannot_fill_the_memory_with_resources() -> None:
    book = Presences()
    for number in range(1000):
        book.take(here(f"r{number}"))
    book.take(here("r0", Availability.AWAY))
    for number in range(1000):
        book.take(here(f"r{number}", Availability.OFFLINE))
    assert book.best(BOB) == Presence()
