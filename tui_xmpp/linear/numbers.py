"""Numbers by which messages are called: each keeps its own as long as the program runs."""

from collections import OrderedDict

from tui_xmpp.model.message import Message

_KEPT = 1_000
"""Messages whose last known state is kept, to hear what is new about them."""


class Numbers:
    """Gives out numbers in the order in which messages were said, and remembers how they were."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        self._heard: OrderedDict[int, Message] = OrderedDict()

    def of(self, message: Message) -> int:
        """The number of a message, a new one if it has none; its state is remembered as heard."""
        number = self._numbers.get(message.id)
        if number is None:
            number = self._numbers[message.id] = len(self._numbers) + 1
            self._ids[number] = message.id
        self.hear(message)
        return number

    def hear(self, message: Message) -> Message | None:
        """Remember a message as it is now; returns how it was when it was heard last, None: never, or long ago."""
        before = self._heard.pop(message.id, None)
        self._heard[message.id] = message
        if len(self._heard) > _KEPT:
            self._heard.popitem(last=False)
        return before

    def was_heard(self, message: Message) -> bool:
        """Whether a message has been said."""
        return message.id in self._numbers

    def id_of(self, number: int) -> int | None:
        """The local id of the message with this number."""
        return self._ids.get(number)
