"""What the server does against somebody for us: keeps them away, takes a report, lets them come again."""

from tui_xmpp.core.chat_list import ChatList
from tui_xmpp.core.context import Context
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction
from tui_xmpp.model.report import Remedies, Report, ReportSender, Unblock
from tui_xmpp.model.text import clean

_BLOCKING = "urn:xmpp:blocking"
_REPORTING = "urn:xmpp:reporting:1"


class Complaints:
    """Of one account."""

    def __init__(self, context: Context, chats: ChatList) -> None:
        self._context = context
        self._chats = chats

    @property
    def remedies(self) -> Remedies:
        """What our server says it can do; nothing while there is no line."""
        if not self._context.online:
            return Remedies()
        features = self._context.server_features
        return Remedies(blocks=_BLOCKING in features, takes_reports=_REPORTING in features)

    async def fulfil(self, command: ReportSender | Unblock) -> None:
        """Do it, or raise RequestFailed or Unavailable."""
        match command:
            case ReportSender():
                await self._report(command)
            case Unblock(_, address):
                await self._context.line().unblock(address)

    async def _report(self, command: ReportSender) -> None:
        """Keep the sender of messages away, and tell the operators where they want to know."""
        line, remedies = self._context.line(), self.remedies
        if not remedies.blocks:
            raise RequestFailed("Your server can keep nobody away.", title="Not reported")
        address = self._sender(command.key)
        report = None
        if remedies.takes_reports:
            report = Report(command.complaint, clean(command.text), self._archive_ids(command), self._context.own)
        await line.block(address, report)

    async def blocked(self) -> tuple[Address, ...]:
        """Who is kept away now."""
        return await self._context.line().blocked()

    def _sender(self, key: ChatKey) -> Address:
        if self._chats.kind(key) is ChatKind.ROOM:
            raise RequestFailed("Who speaks in a room is for its moderators.", title="Not reported")
        return key.peer

    def _archive_ids(self, command: ReportSender) -> tuple[str, ...]:
        messages = self._context.store.messages
        own = self._context.own
        found = (messages.get(message_id) for message_id in command.message_ids)
        theirs = (
            message
            for message in found
            if message is not None and message.chat == command.key and message.direction is Direction.IN
        )
        return tuple(filter(None, (messages.archive_id(message.id, own, own) for message in theirs)))
