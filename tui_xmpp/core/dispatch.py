"""Every wish and who fulfils it."""

from typing import assert_never

from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.session import Session
from tui_xmpp.errors import RequestFailed, RoomRefusal, RoomRefused
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import (
    AddContact,
    AnswerRequest,
    AskSubscription,
    ChangeNick,
    CloseChat,
    Command,
    Connect,
    CorrectMessage,
    DeleteHistory,
    DeleteMessage,
    Disconnect,
    EditContact,
    ForgetDevice,
    InviteToRoom,
    JoinRoom,
    Kick,
    LeaveRoom,
    LoadOlder,
    MarkRead,
    MarkUnread,
    Moderate,
    OpenChat,
    React,
    RemoveContact,
    RemoveDevice,
    RenameDevice,
    ResetSession,
    RetractMessage,
    RetryMessage,
    SaveDraft,
    SendMessage,
    SendUnencrypted,
    SetAffiliation,
    SetEncryption,
    SetNotify,
    SetPresence,
    SetRetention,
    SetSubject,
    SetTrust,
    SetTyping,
)
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.files import SaveFile, StopFile
from tui_xmpp.model.message import Message
from tui_xmpp.model.report import ReportSender, Unblock
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.sending import SendFile, SendTextFile
from tui_xmpp.model.text import clean_line

ChatCommand = OpenChat | CloseChat | SaveDraft | MarkRead | SetNotify | SetTyping | LoadOlder
MessageCommand = (
    SendMessage
    | SendFile
    | SendTextFile
    | RetryMessage
    | DeleteMessage
    | CorrectMessage
    | RetractMessage
    | React
    | Moderate
)
FileCommand = SaveFile | StopFile
HistoryCommand = MarkUnread | SetRetention | DeleteHistory
DeviceCommand = SetTrust | ForgetDevice | ResetSession | RemoveDevice | RenameDevice
ContactCommand = AddContact | EditContact | RemoveContact | AskSubscription
RoomCommand = JoinRoom | LeaveRoom | ChangeNick | SetSubject | InviteToRoom | SetAffiliation | Kick


def account_of(command: Command) -> Address | None:
    """The account that a wish is for; None: for all, or for the one that a request came to."""
    match command:
        case AnswerRequest():
            return None
        case (
            SetPresence() | AddContact() | EditContact() | RemoveContact() | AskSubscription() | JoinRoom() | Unblock()
        ):
            return command.account
        case Connect() | Disconnect():
            return command.account
        case SetTrust() | ForgetDevice() | ResetSession() | RemoveDevice() | RenameDevice():
            return command.account
        case _:
            return command.key.account


async def fulfil(session: Session, command: Command) -> None:
    """Do it, or raise a TuiXmppError."""
    match command:
        case OpenChat() | CloseChat() | SaveDraft() | MarkRead() | SetNotify() | SetTyping() | LoadOlder():
            await _in_chat(session, command)
        case SetEncryption() | SendUnencrypted():
            await _encrypt(session, command)
        case SetTrust() | ForgetDevice() | ResetSession() | RemoveDevice() | RenameDevice():
            await _with_device(session, command)
        case (
            SendMessage()
            | SendFile()
            | SendTextFile()
            | RetryMessage()
            | DeleteMessage()
            | CorrectMessage()
            | RetractMessage()
            | React()
            | Moderate()
            | SaveFile()
            | StopFile()
        ):
            await _with_message(session, command)
        case MarkUnread() | SetRetention() | DeleteHistory():
            await _in_history(session, command)
        case AddContact() | EditContact() | RemoveContact() | AskSubscription():
            await _with_contact(session.contacts, command)
        case JoinRoom() | LeaveRoom() | ChangeNick() | SetSubject() | InviteToRoom() | SetAffiliation() | Kick():
            await _in_room(session, command)
        case ReportSender() | Unblock():
            await session.complaints.fulfil(command)
        case AnswerRequest(number, accept):
            await _answer(session, number, accept=accept)
        case SetPresence(_, availability, status):
            await _show(session, availability, status)
        case Connect() | Disconnect():
            await _turn(session, command)
        case _:
            assert_never(command)


async def _in_chat(session: Session, command: ChatCommand) -> None:
    key = command.key
    match command:
        case OpenChat():
            await _open(session, key)
        case CloseChat():
            if session.chats.kind(key) is ChatKind.ROOM:
                await _leave(session, key.peer)
            await session.chats.close(key)
        case SaveDraft(_, text):
            await session.chats.save_draft(key, text)
        case MarkRead():
            await session.reading.read(key)
        case SetNotify(_, notify):
            await session.chats.set_notify(key, notify)
        case SetTyping(_, writing):
            session.typing.say(key, writing=writing)
            if writing:
                session.omemo.look_ahead(key, session.chats.kind(key))
        case LoadOlder():
            await session.load_older(key)
        case _:
            assert_never(command)


async def _encrypt(session: Session, command: SetEncryption | SendUnencrypted) -> None:
    match command:
        case SetEncryption(key, wish):
            await session.omemo.set_wish(key, session.chats.kind(key), wish)
            session.outbox.retry_held(key)
        case SendUnencrypted(_, message_id):
            message = _with_file(session, message_id)
            if message is None:
                await session.outbox.send_in_clear(message_id)
            else:
                await session.uploads.send_in_clear(message)
        case _:
            assert_never(command)


async def _with_device(session: Session, command: DeviceCommand) -> None:
    devices = session.omemo.devices
    match command:
        case SetTrust(_, address, device, trust):
            await devices.set_trust(address, device, trust)
            session.outbox.retry_all_held()
        case ForgetDevice(_, address, device):
            await devices.forget(address, device)
        case ResetSession(_, address, device):
            await session.omemo.reset(address, device)
        case RemoveDevice(_, device):
            await devices.remove(device)
        case RenameDevice(_, label):
            await devices.rename(clean_line(label, limit=53))
        case _:
            assert_never(command)


async def _in_history(session: Session, command: HistoryCommand) -> None:
    match command:
        case MarkUnread(key, message_id):
            await session.reading.mark_unread(key, message_id)
        case SetRetention(key, days):
            await session.context.keeping.set_days(key, days)
        case DeleteHistory(key):
            await session.context.keeping.delete(key)
        case _:
            assert_never(command)


async def _with_message(session: Session, command: MessageCommand | FileCommand) -> None:
    key = command.key
    match command:
        case SendMessage(_, body, reply_to):
            await session.outbox.send(key, session.chats.kind(key), body, reply_to)
        case SendFile() | SendTextFile():
            await session.uploads.send(session.chats.kind(key), command)
        case RetryMessage(_, message_id):
            message = _with_file(session, message_id)
            if message is None or not session.uploads.is_to_upload(message):
                await session.outbox.retry(message_id)
            else:
                await session.uploads.retry(message)
        case DeleteMessage(_, message_id, only_unsent):
            await session.operations.delete(key, message_id, only_unsent=only_unsent)
        case CorrectMessage(_, message_id, body):
            await session.operations.correct(key, message_id, body)
        case RetractMessage(_, message_id):
            await session.operations.retract(key, message_id)
        case React(_, message_id, emojis):
            await session.operations.react(key, message_id, emojis)
        case Moderate(_, message_id, reason):
            await session.operations.moderate(key, message_id, reason)
        case SaveFile():
            await session.downloads.save(command)
        case StopFile():
            session.downloads.stop(command)
        case _:
            assert_never(command)


def _with_file(session: Session, message_id: int) -> Message | None:
    """The message, if it carries a file of ours."""
    message = session.context.store.messages.get(message_id)
    return None if message is None or message.upload is None else message


async def _open(session: Session, key: ChatKey) -> None:
    kind = session.chats.kind(key)
    await session.chats.open(key, kind)
    if kind is ChatKind.ROOM and not session.rooms.model(key.peer).wanted:
        await _join(session, key.peer, "", "")
    elif session.contacts.get(key.peer) is not None:  # a stranger's server hears of it no sooner than we write
        session.omemo.look_ahead(key, kind)


async def _with_contact(contacts: Contacts, command: ContactCommand) -> None:
    match command:
        case AddContact(_, address, name, groups):
            await contacts.add(address, name, groups)
        case EditContact(_, address, name, groups):
            await contacts.edit(address, name, groups)
        case RemoveContact(_, address):
            await contacts.remove(address)
        case AskSubscription(_, address):
            contacts.ask(address)
        case _:
            assert_never(command)


async def _in_room(session: Session, command: RoomCommand) -> None:
    match command:
        case JoinRoom(_, room, nick, password):
            await _try_room(session, room.bare, nick, password)
            return
        case LeaveRoom(key):
            await _leave(session, key.peer)
            return
        case _:
            pass
    room = command.key.peer
    session.rooms.check_may_talk(command.key, ChatKind.ROOM)
    line = session.context.line()
    match command:
        case ChangeNick(_, nick):
            await line.change_nick(room, nick)
            if session.rooms.model(room).bookmarked:
                await session.bookmarks.keep(room, autojoin=True, nick=nick)
        case SetSubject(_, subject):
            line.set_subject(room, subject)
        case InviteToRoom(_, address, reason):
            line.invite(room, address, reason)
        case SetAffiliation(_, address, affiliation):
            await line.set_affiliation(room, address, affiliation)
        case Kick(_, nick, reason):
            await line.kick(room, nick, reason)
        case _:
            assert_never(command)


_MENDABLE = {RoomRefusal.NICKNAME_TAKEN, RoomRefusal.NICKNAME_INVALID, RoomRefusal.PASSWORD}
"""Refusals after which a person tries again with something else."""


async def _try_room(session: Session, room: Address, nick: str, password: str) -> None:
    """Enter a room that a person has named; one that has no place for them does not stay on the list."""
    key = session.context.key(room)
    was_open, was_room = session.chats.is_open(key), session.rooms.is_room(room)
    try:
        await _join(session, room, nick, password)
    except RoomRefused as refused:
        if refused.refusal is RoomRefusal.NOT_FOUND and not was_room:
            session.rooms.forget(room)
            await session.chats.make_contact(key, open=was_open)
        elif not was_open and refused.refusal not in _MENDABLE:
            await session.chats.close(key)
        raise


async def _join(session: Session, room: Address, nick: str, password: str) -> None:
    """Enter a room and keep its bookmark; without a line, as soon as there is one."""
    key = session.context.key(room)
    await session.chats.open(key, ChatKind.ROOM)
    if session.context.online:
        await session.rooms.enter(room, nick, password)
    else:
        session.rooms.want(room, nick, password)
    await session.bookmarks.keep(room, autojoin=True, nick=nick or None, password=password or None)


async def _leave(session: Session, room: Address) -> None:
    session.rooms.leave(room)
    session.sync.room_left(room)
    if session.rooms.model(room).bookmarked:
        await session.bookmarks.keep(room, autojoin=False)


async def _answer(session: Session, number: int, *, accept: bool) -> None:
    request = session.context.store.requests.get(number)
    if request is None:
        raise RequestFailed("Somebody has answered this already.", title="No longer asked")
    match request.kind:
        case RequestKind.SUBSCRIPTION:
            await session.requests.answer_subscription(request, accept=accept)
        case RequestKind.INVITATION:
            if not accept:
                session.requests.decline_invitation(request)
            await session.requests.remove(request)
            if accept and request.room is not None:
                await _join(session, request.room, "", request.password)
        case RequestKind.DEVICE:
            await session.omemo.answer(request, accept=accept)
            session.outbox.retry_all_held()
        case _:
            assert_never(request.kind)


async def _turn(session: Session, command: Connect | Disconnect) -> None:
    """Connect an account, or take it offline."""
    match command:
        case Connect(_, password, keep):
            session.connector.start(password, keep=keep)
        case Disconnect():
            await session.stop()


async def _show(session: Session, availability: Availability, status: str) -> None:
    """Show another presence; offline is the end of the stream, and anything else the begin of one."""
    if availability is Availability.OFFLINE:
        await session.stop()
        return
    session.presence.set(availability, status)
    if session.connector.state.status is AccountStatus.OFFLINE:
        session.connector.start()
