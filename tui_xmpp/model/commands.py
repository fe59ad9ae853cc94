"""Wishes that the screen hands down: imperative, frozen. `Engine.do` fulfils one or raises a `TuiXmppError`."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.files import SaveFile, StopFile
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.notifying import Notify
from tui_xmpp.model.omemo import EncryptionWish, Trust
from tui_xmpp.model.report import ReportSender, Unblock
from tui_xmpp.model.room import Affiliation
from tui_xmpp.model.sending import SendFile, SendTextFile


@frozen
class OpenChat:
    """Put a chat on the list (a contact's or an occupant's; rooms are joined)."""

    key: ChatKey


@frozen
class CloseChat:
    """Take a chat off the list; a room is left and its bookmark no longer joins by itself."""

    key: ChatKey


@frozen
class SendMessage:
    """Store a message as pending and send it as soon as there is a line."""

    key: ChatKey
    body: str
    reply_to: int | None = None
    """Local id of the message that this one answers (XEP-0461)."""


@frozen
class CorrectMessage:
    """Replace the text of any own message (XEP-0308); shown at once, sent as soon as there is a line."""

    key: ChatKey
    message_id: int
    body: str


@frozen
class RetractMessage:
    """Take an own message back for everybody (XEP-0424)."""

    key: ChatKey
    message_id: int


@frozen
class React:
    """Make these our reactions to a message, in place of those before (XEP-0444); none takes all back."""

    key: ChatKey
    message_id: int
    emojis: tuple[str, ...]


@frozen
class Moderate:
    """Take a message back for everybody in a room where we are a moderator (XEP-0425)."""

    key: ChatKey
    message_id: int
    reason: str = ""


@frozen
class RetryMessage:
    """Send a failed message once more."""

    key: ChatKey
    message_id: int


@frozen
class SendUnencrypted:
    """Send a message in clear that is held because it cannot be encrypted; it alone."""

    key: ChatKey
    message_id: int


@frozen
class SetEncryption:
    """Set when messages of a chat are encrypted; None: as for the account."""

    key: ChatKey
    wish: EncryptionWish | None


@frozen
class SetTrust:
    """Verify, trust or distrust an OMEMO device, ours or somebody's."""

    account: Address
    address: Address
    device: int
    trust: Trust


@frozen
class ForgetDevice:
    """Forget a device and what was thought of it; if it is still in use it comes back as a new one."""

    account: Address
    address: Address
    device: int


@frozen
class ResetSession:
    """Begin a new session with a device, where messages from or to it cannot be read."""

    account: Address
    address: Address
    device: int


@frozen
class RemoveDevice:
    """Take another device of our own off the lists: nobody encrypts to it any more."""

    account: Address
    device: int


@frozen
class RenameDevice:
    """Give this device another name, which others see."""

    account: Address
    label: str


@frozen
class DeleteMessage:
    """Delete a message from this store only; one that is on its way just now is refused."""

    key: ChatKey
    message_id: int
    only_unsent: bool = False
    """Stop the file that it carries; refused where that has been sent by now."""


@frozen
class SaveDraft:
    """Keep what was typed but not sent; empty text removes it."""

    key: ChatKey
    text: str


@frozen
class MarkRead:
    """Everything in the chat up to the newest message has been seen."""

    key: ChatKey


@frozen
class SetNotify:
    """Choose what of a chat makes notifications; None: as the settings say."""

    key: ChatKey
    notify: Notify | None


@frozen
class MarkUnread:
    """A message and all after it count as not seen, on this device."""

    key: ChatKey
    message_id: int


@frozen
class SetRetention:
    """Keep messages of a chat for so many days; None: as the settings say, 0: for ever."""

    key: ChatKey
    days: int | None


@frozen
class DeleteHistory:
    """Delete all stored messages of a chat here; they are not fetched again from the archive."""

    key: ChatKey


@frozen
class SetTyping:
    """The person is (or is no longer) writing in this chat (XEP-0085); sent only where it may be known."""

    key: ChatKey
    typing: bool


@frozen
class LoadOlder:
    """Fetch one page before the oldest stored message from the archive, if there is more."""

    key: ChatKey


@frozen
class AddContact:
    """Put an address into the contact list and ask to see its presence."""

    account: Address
    address: Address
    name: str = ""
    groups: tuple[str, ...] = ()


@frozen
class EditContact:
    """Set the name and the groups of a contact."""

    account: Address
    address: Address
    name: str
    groups: tuple[str, ...]


@frozen
class RemoveContact:
    """Remove a contact, which also ends both subscriptions."""

    account: Address
    address: Address


@frozen
class AskSubscription:
    """Ask once more to see a contact's presence."""

    account: Address
    address: Address


@frozen
class AnswerRequest:
    """Accept or decline a request; accepting an invitation joins the room."""

    request_id: int
    accept: bool


@frozen
class SetPresence:
    """Our own availability and status text, for one account or (None) for all."""

    account: Address | None
    availability: Availability
    status: str = ""


@frozen
class JoinRoom:
    """Enter a room and keep a bookmark; creates the room with default configuration where it does not exist."""

    account: Address
    room: Address
    nick: str = ""
    password: str = ""


@frozen
class LeaveRoom:
    """Leave a room; its history and its bookmark stay, but it is not joined at the next start."""

    key: ChatKey


@frozen
class ChangeNick:
    """Take another nickname in a room."""

    key: ChatKey
    nick: str


@frozen
class SetSubject:
    """Set a room's subject."""

    key: ChatKey
    subject: str


@frozen
class InviteToRoom:
    """Invite somebody into a room, mediated by the room (XEP-0045 §7.8.2)."""

    key: ChatKey
    address: Address
    reason: str = ""


@frozen
class SetAffiliation:
    """Change somebody's standing in a room by real address (XEP-0045 §9, §10)."""

    key: ChatKey
    address: Address
    affiliation: Affiliation


@frozen
class Kick:
    """Remove an occupant from a room by nickname (XEP-0045 §8.2)."""

    key: ChatKey
    nick: str
    reason: str = ""


@frozen
class Connect:
    """Connect an account now, without waiting for the next try; `password` when it was asked for."""

    account: Address
    password: str | None = None
    keep: bool = False
    """Put the password into the keyring when the server has taken it."""

    def __repr__(self) -> str:
        return f"Connect(account={self.account!s})"


@frozen
class Disconnect:
    """Take an account offline until it is connected again."""

    account: Address


Command = (
    OpenChat
    | CloseChat
    | SendMessage
    | SendFile
    | SendTextFile
    | CorrectMessage
    | RetractMessage
    | React
    | Moderate
    | RetryMessage
    | DeleteMessage
    | SendUnencrypted
    | SetEncryption
    | SetTrust
    | ForgetDevice
    | ResetSession
    | RemoveDevice
    | RenameDevice
    | SaveFile
    | StopFile
    | SaveDraft
    | MarkRead
    | SetNotify
    | MarkUnread
    | SetRetention
    | DeleteHistory
    | SetTyping
    | LoadOlder
    | AddContact
    | EditContact
    | RemoveContact
    | AskSubscription
    | ReportSender
    | Unblock
    | AnswerRequest
    | SetPresence
    | JoinRoom
    | LeaveRoom
    | ChangeNick
    | SetSubject
    | InviteToRoom
    | SetAffiliation
    | Kick
    | Connect
    | Disconnect
)
