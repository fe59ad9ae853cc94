"""What a dialog asks of the app besides its result: messages that are posted to the app."""

from textual.message import Message

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey


class RoomWanted(Message):
    """A room shall be joined and shown; nothing may be known of it yet."""

    def __init__(self, account: Address, room: Address, nick: str = "") -> None:
        super().__init__()
        self.account = account
        self.room = room
        self.nick = nick


class ChatWanted(Message):
    """A chat shall be opened and shown."""

    def __init__(self, key: ChatKey) -> None:
        super().__init__()
        self.key = key
