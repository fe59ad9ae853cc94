"""A message as it is in the archive: the XML that travelled, for who wants to look at it."""

from tui_xmpp.core.chat_list import ChatList
from tui_xmpp.core.context import Context
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Message


async def raw_stanza(context: Context, chats: ChatList, message: Message) -> str:
    """Ask the archive that has a message for its XML. Raises RequestFailed, Unavailable."""
    in_room = chats.kind(message.chat) is ChatKind.ROOM
    archive = message.chat.peer if in_room else context.own
    name = context.store.messages.archive_id(message.id, archive, context.own)
    if not name:
        raise RequestFailed("No archive has told that it has this message.", title="No XML")
    found = await context.line().archived_xml(archive if in_room else None, name, message.time)
    if not found:
        raise RequestFailed("The archive does not have it any more.", title="No XML")
    return found
