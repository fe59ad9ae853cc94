"""The main screen: moving about, and what the panes ask for."""

from dataclasses import replace

from textual import events
from textual.geometry import Offset

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import JoinRoom, MarkRead
from tui_xmpp.model.message import Message
from tui_xmpp.model.room import Occupant
from tui_xmpp.ui import panes
from tui_xmpp.ui.attaching import AttachingScreen
from tui_xmpp.ui.bar import Bar
from tui_xmpp.ui.chat_rows import ContactTarget, RequestTarget
from tui_xmpp.ui.chats import ChatList
from tui_xmpp.ui.opening import address_in
from tui_xmpp.ui.panes import Pane
from tui_xmpp.ui.row_list import RowList
from tui_xmpp.ui.sought import Sought
from tui_xmpp.ui.wearing import Wearing
from tui_xmpp.ui.wishes import MenuWanted, XmppLink
from tui_xmpp.ui.words import counted


class MainScreen(AttachingScreen):
    """Every action of the registry that applies outside dialogs has its method here or in a base."""

    _sought = Sought()
    """What was looked for last."""

    # Moving about
    def action_go_to(self) -> None:
        """Go to any chat, contact or room by name."""
        from tui_xmpp.ui.screens.goto import GoTo

        self.app.push_screen(GoTo(self.engine), lambda key: None if key is None else self.open_chat(key))

    def action_find(self) -> None:
        """Find words in all chats, and go to the message that was chosen."""
        from tui_xmpp.ui.screens.find import Find

        find = Find(self.engine, self.conversation.clock, self.open_key, self._sought)

        def found(message: Message | None) -> None:
            self._sought = find.sought
            if message is not None:
                self.open_chat(message.chat)
                self.conversation.show_message(message)

        self.app.push_screen(find, found)

    def action_next_unread(self) -> None:
        """Open the next chat with something unread, mentions first."""
        shown = (self.chat_list.find(chat.key) for chat in self.chat_list.chats)  # as they are now, in the shown order
        waiting = [chat for chat in shown if chat is not None and chat.unread and chat.key != self.open_key]
        waiting.sort(key=lambda chat: (not chat.mentions, chat.muted))
        self.away.hush()
        if waiting:
            self.open_chat(waiting[0].key)
        else:
            self.flash.say("Nothing else is unread.")

    def action_mark_all_read(self) -> None:
        """Take everything in all chats as read."""
        unread = [chat for chat in self.chat_list.chats if chat.unread]
        for chat in unread:
            self.wish(MarkRead(chat.key))
        self.flash.say(f"{counted(len(unread), 'chat')} marked as read." if unread else "Nothing is unread.")

    def action_back(self) -> None:
        """Unmark messages, or leave a reply or a correction; else back to writing, on a narrow screen to the list."""
        if self.conversation.history.unmark():
            return
        composing = self.focused is self.conversation.composer
        if composing and self.conversation.composer.mode is not None:
            self.conversation.composer.leave_mode()
        elif composing and self.size.width < panes.TWO:
            self.want(replace(self._wants, front=Pane.CHATS))
        elif self.open_key is not None:
            self.want(replace(self._wants, front=Pane.CHAT))

    def action_go_back(self) -> None:
        """Go to the chat that one was in before."""
        self._go(-1)

    def action_go_forward(self) -> None:
        """Go to the chat from which one went back."""
        self._go(1)

    def _go(self, step: int) -> None:
        key = self.visited.go(step, {chat.key for chat in self.chat_list.chats})
        if key is not None:
            self.open_chat(key)
        else:
            self.flash.say("There is nothing before." if step < 0 else "There is nothing after.")

    # Several at once
    def action_split(self) -> None:
        """Choose a chat to show beside this one."""
        from tui_xmpp.ui.screens.goto import GoTo

        if not self.split.room_for_more:
            self.flash.say("There is no room for another chat beside this one.")
            return

        async def beside(key: ChatKey | None) -> None:
            if key is not None and self.split.showing(key) is None:
                self.want(replace(self._wants, zoomed=False))
                await self.split.add()
            if key is not None:
                self.open_chat(key)

        self.app.push_screen(GoTo(self.engine), beside)

    async def action_unsplit(self) -> None:
        """Take this chat off from beside the others."""
        await self.split.take_away()
        self._focus_first()

    def action_zoom(self) -> None:
        """Show only the pane that one is in, or all of them again."""
        pane = next((pane for pane, widget in self._panes().items() if widget.has_focus_within), Pane.CHAT)
        self.want(replace(self._wants, front=pane, zoomed=not self._wants.zoomed))

    def action_next_pane(self) -> None:
        """Move to the next pane."""
        self._move_pane(1)

    def action_previous_pane(self) -> None:
        """Move to the pane before."""
        self._move_pane(-1)

    def action_newest(self) -> None:
        """Jump to the newest message."""
        self.conversation.history.show_newest()

    def action_toggle_chats(self) -> None:
        """Show or hide the list of chats."""
        self.want(panes.toggle_chats(self.size.width, self._wants))

    def action_toggle_people(self) -> None:
        """Show or hide the people of the room."""
        self.want(panes.toggle_people(self.size.width, self._wants))

    def action_next_theme(self) -> None:
        """Change to the next theme."""
        if isinstance(self.app, Wearing):
            names = self.app.theme_names
            index = names.index(self.app.theme) + 1 if self.app.theme in names else 0
            name = names[index % len(names)]
            self.app.choose_theme(name)
            self.flash.say(f'{name}; to keep it, write theme = "{name}" below [ui] in the settings.')

    def action_help(self) -> None:
        """Show every key and action."""
        from tui_xmpp.ui.help import HelpScreen

        self.app.push_screen(HelpScreen(self.keymap))

    def action_actions(self) -> None:
        """Find any action by name."""
        from tui_xmpp.ui.palette import Palette, offers

        found = offers(self)

        async def run(action_id: str | None) -> None:
            offer = next((offer for offer in found if offer.action.id == action_id), None)
            if offer is not None:
                await self.app.run_action(offer.action.id, offer.node)

        self.app.push_screen(Palette(found), run)

    # What the panes ask for
    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted while a message or a row is selected where one writes: it is a text, not keys."""
        event.stop()
        if self.open_key is not None:
            self.want(replace(self._wants, front=Pane.CHAT))
            self.conversation.composer.post_message(events.Paste(event.text))

    def on_menu_wanted(self, event: MenuWanted) -> None:
        """Show what can be done with what is selected."""
        from tui_xmpp.ui.palette import offers
        from tui_xmpp.ui.screens.menu import Menu

        event.stop()
        found = [offer for offer in offers(self) if offer.action.where in event.where]

        async def run(action_id: str | None) -> None:
            offer = next((offer for offer in found if offer.action.id == action_id), None)
            if offer is not None:
                await self.app.run_action(offer.action.id, offer.node)

        if found:
            self.app.push_screen(Menu(found, Offset(event.column, event.row), self._marked_words()), run)

    def on_xmpp_link(self, event: XmppLink) -> None:
        """Show the chat that a link leads to; a room is asked about, and nothing is joined or sent (SECURITY 25)."""
        event.stop()
        found = address_in(event.link)
        if found is None:
            self.flash.say("This link has no address that could be written to.")
        elif found[1]:
            self.ask_room(event.account, JoinRoom(event.account, found[0]))
        else:
            self.open_chat(ChatKey(event.account, found[0]))

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """A row was opened in one of the lists."""
        event.stop()
        match event.target:
            case ChatKey() as key:
                self.open_chat(key)
            case ContactTarget() as target:
                self.open_chat(target.key)
            case RequestTarget():
                self.action_requests()
            case Occupant() as occupant if self.open_key is not None:
                from tui_xmpp.ui.screens.person import PersonScreen

                self.app.push_screen(PersonScreen(self.engine, self.open_key, occupant))
            case _:
                pass

    def on_chat_list_edit_contact(self, event: ChatList.EditContact) -> None:
        """A contact is to be renamed or regrouped."""
        event.stop()
        self.edit_contact(event.contact)

    def on_chat_list_remove(self, event: ChatList.Remove) -> None:
        """A chat is to be taken off the list, or a contact removed."""
        event.stop()
        if isinstance(event.target, ChatKey):
            self.ask_to_close(event.target)
        else:
            self.remove_contact(event.target)

    async def on_bar_pressed(self, event: Bar.Pressed) -> None:
        """A word in a bar was clicked: do what it says, as its key would."""
        event.stop()
        for node in (self.focused, self, self.app):
            if node is not None and await self.app.run_action(event.action, node):
                return
        self.flash.say("That cannot be done here and now.")
