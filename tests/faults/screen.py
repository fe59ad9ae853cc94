"""What a person who scrolls through a whole chat gets to see."""

from tests.engines import Client, MemoryKeeper
from tests.faults.person import Person
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Message
from tui_xmpp.ui.history.window import Window


async def scrolled_through(person: Person, chat: Address) -> list[Message]:
    """Every message that comes by on the way from the newest to the oldest and back, as the history widget goes.

    The person's client must not run. Raises AssertionError if the way back shows anything else.
    """
    client = Client([person.settings], person.store_path, MemoryKeeper())
    try:
        window = Window(client.engine, client.key(chat))
        window.open()
        seen = list(window.messages)
        while not window.at_start:
            count = window.load_older()
            seen[:0] = window.messages[:count]
        back = list(window.messages)
        while not window.at_end:
            count = window.load_newer()
            back += window.messages[len(window.messages) - count :]
        assert [message.id for message in back] == [message.id for message in seen]
        return seen
    finally:
        await client.close()
