"""The actions that ask a person something first: each opens a dialog and hands down what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tui_xmpp.errors import RoomRefusal, RoomRefused, TuiXmppError
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.commands import (
    AddContact,
    AskSubscription,
    ChangeNick,
    CloseChat,
    Command,
    Connect,
    DeleteHistory,
    EditContact,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    RemoveContact,
    SetEncryption,
    SetPresence,
    SetSubject,
)
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.notifying import Notify
from tui_xmpp.model.omemo import EncryptionWish, Security
from tui_xmpp.model.report import Unblock
from tui_xmpp.ui.chat_screen import ChatScreen
from tui_xmpp.ui.notify.rules import rule_of
from tui_xmpp.ui.wishes import Say, Tone, Wish
from tui_xmpp.ui.words import chat_title


class AskingScreen(ChatScreen):
    """Dialogs are imported when they are first needed, which keeps them out of the start."""

    # Chats and contacts
    def action_requests(self) -> None:
        """Answer who asks for something."""
        from tui_xmpp.ui.screens.requests import RequestsScreen

        self.app.push_screen(RequestsScreen(self.engine, self.conversation.clock))

    def action_add_contact(self) -> None:
        """Put an address into the contact list."""
        self.add_contact("")

    def action_add_this_contact(self) -> None:
        """Put the open chat's address into the contact list."""
        if self.open_key is not None:
            self.add_contact(str(self.open_key.peer.bare))

    def add_contact(self, address: str) -> None:
        """Ask whom to add and how to call them."""
        from tui_xmpp.ui.screens.add_contact import AddContactDialog

        def added(command: AddContact | None) -> None:
            if command is not None:
                self.wish(command, lambda: self.open_chat(ChatKey(command.account, command.address)))

        self.app.push_screen(AddContactDialog(self.engine, self._account(), address), added)

    def action_edit_contact(self) -> None:
        """Rename, regroup or remove the open chat's contact."""
        key = self.open_key
        contact = self.engine.contact(key.account, key.peer) if key is not None else None
        if contact is not None:
            self.edit_contact(contact)

    def edit_contact(self, contact: Contact) -> None:
        """Ask how to call a contact, and in which groups."""
        from tui_xmpp.ui.screens.edit_contact import EditContactDialog

        def edited(command: EditContact | RemoveContact | None) -> None:
            self.wish(command)

        self.app.push_screen(EditContactDialog(self.engine, contact), edited)

    def remove_contact(self, contact: Contact) -> None:
        """Remove a contact if the person is sure."""
        from tui_xmpp.ui.screens.put_away import PutAway

        text = f"{contact.title} ({contact.address.shown}) will no longer see when you are here."
        key = ChatKey(contact.account, contact.address)

        def answered(delete: bool | None) -> None:
            self._put_away(RemoveContact(contact.account, contact.address), key, delete=delete)

        self.app.push_screen(PutAway(f"Remove {contact.title}?", text, "Remove"), answered)

    def _put_away(self, command: CloseChat | RemoveContact, key: ChatKey, *, delete: bool | None) -> None:
        """Do it, and delete the history where that is wanted; None: the person changed their mind."""
        if delete is None:
            return
        self.wish(command)
        if delete:
            self.wish(DeleteHistory(key), lambda: self.flash.say("The history was deleted."))

    def action_ask_presence(self) -> None:
        """Ask the contact once more to show when they are here."""
        key = self.open_key
        if key is not None:
            self.wish(AskSubscription(key.account, key.peer), lambda: self.flash.say("Asked."))

    def action_set_notify(self) -> None:
        """Choose what of the open chat makes notifications."""
        from tui_xmpp.ui.screens.set_notify import SetNotifyDialog

        key = self.open_key
        chat = self.engine.chat(key) if key is not None else None
        if chat is not None:
            self.app.push_screen(SetNotifyDialog(chat, self.usual_rule(chat)), self.wish)

    def usual_rule(self, chat: Chat) -> Notify:
        """What the settings say for a chat of this kind."""
        private = chat.kind is ChatKind.ROOM and self.engine.room(chat.key).private
        return rule_of(replace(chat, notify=None), self.notifications, private_group=private)

    def action_unblock(self) -> None:
        """Choose who may write again."""
        from tui_xmpp.ui.screens.report import Blocked

        account = self._account()
        if account is None:
            return

        def chosen(command: Unblock | None) -> None:
            if command is not None:
                self.wish(command, lambda: self.flash.say(f"{command.address.shown} can write to you again."))

        self.app.push_screen(Blocked(self.engine, account), chosen)

    def action_close_chat(self) -> None:
        """Take the open chat off the list."""
        if self.open_key is not None:
            self.ask_to_close(self.open_key)

    def ask_to_close(self, key: ChatKey) -> None:
        """Take a chat off the list, and ask what is to become of its history where it has one."""
        from tui_xmpp.ui.screens.put_away import PutAway

        if not self.engine.newest(key, 1):
            self.wish(CloseChat(key))
            return
        chat = self.engine.chat(key)
        title = key.peer.shown if chat is None else chat_title(chat)
        text = "It leaves the list until something is said in it."
        if chat is not None and chat.kind is ChatKind.ROOM:
            text = "You leave the room, and it leaves the list."

        def answered(delete: bool | None) -> None:
            self._put_away(CloseChat(key), key, delete=delete)

        self.app.push_screen(PutAway(f"Close {title}?", text, "Close"), answered)

    def action_keep_messages(self) -> None:
        """Choose for how long the open chat's messages are kept."""
        from tui_xmpp.ui.screens.keep_messages import KeepMessagesDialog

        if self.open_key is not None:
            self.app.push_screen(KeepMessagesDialog(self.engine, self.open_key), self.wish)

    def action_delete_history(self) -> None:
        """Delete the open chat's messages here, if the person is sure."""
        from tui_xmpp.ui.screens.ask import Confirm

        key = self.open_key
        if key is None:
            return
        text = (
            "All its messages are deleted from this computer, for good; scrolling up does not bring them back. "
            "The others, the server and your other devices keep theirs. New messages still come."
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self.wish(DeleteHistory(key), lambda: self.flash.say("The history was deleted."))

        self.app.push_screen(Confirm("Delete this chat's history?", text, "Delete", "Keep"), answered)

    # Encryption
    def action_devices(self) -> None:
        """Show and verify the devices of the open chat's people."""
        key = self.open_key
        if key is not None:
            chat = self.engine.chat(key)
            title = chat_title(chat) if chat is not None else key.peer.shown
            people = self.engine.people(key) or (key.account,)
            is_room = chat is not None and chat.kind is ChatKind.ROOM
            self._show_devices(key.account, people, f"Devices of {title}", room=key if is_room else None)

    def action_own_devices(self) -> None:
        """Show, rename and remove the devices of one's own account."""
        account = self._account()
        if account is not None:
            self._show_devices(account, (account,), f"Your devices, {account.shown}")

    def _show_devices(
        self, account: Address, people: Sequence[Address], title: str, *, room: ChatKey | None = None
    ) -> None:
        from tui_xmpp.ui.screens.devices import DevicesScreen

        self.app.push_screen(DevicesScreen(self.engine, account, people, title, self.conversation.clock, room=room))

    def action_encryption(self) -> None:
        """Choose when messages of the open chat are encrypted."""
        from tui_xmpp.ui.screens.encryption import EncryptionDialog

        key = self.open_key
        if key is None:
            return

        def chosen(command: SetEncryption | None) -> None:
            is_on = self.engine.security(key).state in {Security.ON, Security.BLOCKED}
            if command is not None and command.wish is EncryptionWish.NEVER and is_on:
                self._switch_encryption_off(key)
            else:
                self.wish(command)

        self.app.push_screen(EncryptionDialog(self.engine, key), chosen)

    def action_toggle_encryption(self) -> None:
        """Switch encryption of the open chat off, if the person is sure, or on again."""
        key = self.open_key
        if key is None:
            return
        if self.engine.security(key).wish is EncryptionWish.NEVER:
            self.wish(SetEncryption(key, None), lambda: self.flash.say("Encrypted again, as soon as that is possible."))
        else:
            self._switch_encryption_off(key)

    def _switch_encryption_off(self, key: ChatKey) -> None:
        from tui_xmpp.ui.screens.ask import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self.wish(SetEncryption(key, EncryptionWish.NEVER))

        words = (
            "From now on everything that is written here goes out in clear, and so does what was held back. "
            "All servers on the way can read it."
        )
        self.app.push_screen(Confirm("Switch encryption off in this chat?", words, "Switch off", "Keep"), answered)

    def action_set_presence(self) -> None:
        """Tell others that one is here, away or busy."""
        from tui_xmpp.ui.screens.set_presence import SetPresenceDialog

        def chosen(command: SetPresence | None) -> None:
            self.wish(command, self.top.update)

        self.app.push_screen(SetPresenceDialog(self.engine), chosen)

    # Accounts
    def action_accounts(self) -> None:
        """Add, connect or remove accounts."""
        from tui_xmpp.ui.screens.accounts import AccountsScreen

        self.app.push_screen(AccountsScreen(self.engine))

    def action_sign_in(self) -> None:
        """Enter the password of the first account that waits for one."""
        waiting = [state.address for state in self.engine.accounts() if state.status is AccountStatus.NEEDS_PASSWORD]
        if waiting:
            self.ask_password(waiting[0])
        else:
            self.flash.say("No account waits for a password.")

    def ask_password(self, account: Address, answered: Callable[[bool], None] | None = None) -> None:
        """Ask for an account's password and connect it; `answered` hears whether there was one."""
        from tui_xmpp.ui.screens.ask import AskPassword

        def entered(command: Connect | None) -> None:
            if command is not None:
                self.wish(command)
            if answered is not None:
                answered(command is not None)

        self.app.push_screen(AskPassword(self.engine, account), entered)

    # Rooms
    def action_join_room(self) -> None:
        """Enter a room by its address."""
        self.ask_room(self._account())

    def action_rejoin(self) -> None:
        """Enter the open room again."""
        if self.open_key is not None:
            room = self.engine.room(self.open_key)
            self.ask_room(self.open_key.account, JoinRoom(self.open_key.account, self.open_key.peer, room.nick))

    def ask_room(self, account: Address | None, tried: JoinRoom | None = None, why: RoomRefused | None = None) -> None:
        """Ask which room to enter; after a refusal once more, with the reason."""
        from tui_xmpp.ui.screens.join_room import JoinRoomDialog

        problem = why.message if why is not None else ""
        if why is not None and why.refusal is RoomRefusal.PASSWORD and (tried is None or not tried.password):
            problem = ""  # the title says it, and nothing was wrong yet
        dialog = JoinRoomDialog(
            self.engine,
            account,
            room=str(tried.room) if tried is not None else "",
            problem=problem,
            refusal=why.refusal if why is not None else None,
            nick=tried.nick if tried is not None else "",
        )

        def chosen(command: JoinRoom | None) -> None:
            if command is not None:
                self.join(command)

        self.app.push_screen(dialog, chosen)

    def join(self, command: JoinRoom) -> None:
        """Enter a room and open it, or say why not and ask again."""
        self.flash.say("Entering the room…")

        def joined(problem: TuiXmppError | None) -> None:
            if isinstance(problem, RoomRefused):
                self.flash.hush()
                self.ask_room(command.account, command, problem)
            elif problem is not None:
                self.say_problem(problem)
            else:
                self.flash.hush()
                self.open_chat(ChatKey(command.account, command.room))

        self.post_message(Wish(command, joined))

    def action_leave_room(self) -> None:
        """Leave the open room."""
        if self.open_key is not None:
            self.wish(LeaveRoom(self.open_key))

    def action_change_nick(self) -> None:
        """Take another nickname in the open room."""
        key = self.open_key
        if key is not None:
            nick = self.engine.room(key).nick
            self._ask_text("Change nickname", "Nickname", nick, lambda text: ChangeNick(key, text))

    def action_set_subject(self) -> None:
        """Set what the open room is about."""
        key = self.open_key
        if key is not None:
            subject = self.engine.room(key).subject
            self._ask_text("Change subject", "Subject", subject, lambda text: SetSubject(key, text))

    def _ask_text(self, title: str, label: str, value: str, command: Callable[[str], Command]) -> None:
        from tui_xmpp.ui.screens.ask import AskText

        def entered(text: str | None) -> None:
            if text is not None and text != value:
                self.wish(command(text))

        self.app.push_screen(AskText(title, label, value, yes="Change"), entered)

    def action_invite(self) -> None:
        """Invite somebody into the open room."""
        from tui_xmpp.ui.screens.invite import InviteDialog

        def chosen(command: InviteToRoom | None) -> None:
            self.wish(command, lambda: self.flash.say("Invited."))

        if self.open_key is not None:
            self.app.push_screen(InviteDialog(self.engine, self.open_key), chosen)

    # Wishes
    def wish(self, command: Command | None, done: Callable[[], None] | None = None) -> None:
        """Have a command fulfilled and say what went wrong; None: the person changed their mind."""
        if command is None:
            return

        def then(problem: TuiXmppError | None) -> None:
            if problem is not None:
                self.say_problem(problem)
            elif done is not None:
                done()

        self.post_message(Wish(command, then))

    def say_problem(self, problem: TuiXmppError) -> None:
        """Show an error's two texts."""
        self.post_message(Say(f"{problem.title}: {problem.message}", Tone.ERROR))

    def _account(self) -> Address | None:
        """The account that a new contact or room most likely belongs to: that of the open chat, else the first."""
        if self.open_key is not None:
            return self.open_key.account
        states = self.engine.accounts()
        return states[0].address if states else None
