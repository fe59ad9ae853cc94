"""The one registry of everything a person can do: it feeds key bindings, footer, help and palette.

An action's id is the name of its method (`action_<id>`) on the node of its context, and the name by which the
settings rebind it. No default needs Alt, and none is a key that tmux or screen keep for themselves (Ctrl+B, Ctrl+A).
"""

from collections.abc import Mapping

from textual.binding import Binding

from tui_xmpp.model.message import Operation
from tui_xmpp.ui import here
from tui_xmpp.ui.action import Action, Group
from tui_xmpp.ui.dialog_actions import DIALOG_ACTIONS
from tui_xmpp.ui.here import Here, Where

STAYING = frozenset({"history_up", "history_down"})
"""Actions of the composer that leave the focus where it is, so that keys behind theirs need not wait."""

MOVES = ("row_up", "row_down", "row_page_up", "row_page_down", "row_first", "row_last")
"""What moves in a list; a text that scrolls has them too."""

VIM: Mapping[str, str] = {
    "row_up": "up,k",
    "row_down": "down,j",
    "row_first": "home,g",
    "row_last": "end,G",
    "message_up": "up,k",
    "message_down": "down,j",
    "message_last": "end,G",
}
"""Keys of the preset `vim`, besides those in the composer; one's own go before them."""

# fmt: off
ACTIONS: tuple[Action, ...] = (
    # Writing
    Action("send", "send", "Send what is written.", ("enter",), Where.COMPOSER, Group.WRITING,
           when=here.filled),
    Action("newline", "new line", "Begin a new line.", ("ctrl+j", "shift+enter", "alt+enter"), Where.COMPOSER,
           Group.WRITING, footer=True, when=here.filled),
    Action("select_message", "select message", "Select the newest message, to answer, react, correct and more.",
           ("up",), Where.COMPOSER, Group.MESSAGES, footer=True, when=here.empty),
    Action("history_up", "scroll up", "Scroll the history up, without leaving what you write.", ("pageup",),
           Where.COMPOSER, Group.MESSAGES),
    Action("history_down", "scroll down", "Scroll the history down.", ("pagedown",), Where.COMPOSER, Group.MESSAGES),
    Action("correct_last", "correct last", "Correct the message that you sent last.", ("ctrl+up",), Where.COMPOSER,
           Group.WRITING),
    Action("complete", "complete", "Complete a nickname, a command or :an emoji:; once more, take the next one.",
           ("tab",), Where.COMPOSER, Group.WRITING, when=here.completes),
    Action("complete_back", "complete back", "Take the one before.", ("shift+tab",), Where.COMPOSER, Group.WRITING,
           when=here.completes),
    Action("undo", "undo", "Undo the last change of what you write.", ("ctrl+z", "ctrl+underscore"), Where.COMPOSER,
           Group.WRITING),
    Action("redo", "redo", "Do again what was undone.", ("ctrl+g", "ctrl+shift+z"), Where.COMPOSER, Group.WRITING),
    Action("yank", "put in", "Put in again what was taken out last, by ^W, ^U or Alt+D.", ("ctrl+y",), Where.COMPOSER,
           Group.WRITING),
    Action("earlier", "sent before", "Write what you sent before, once more.", ("ctrl+pageup", "alt+up"),
           Where.COMPOSER, Group.WRITING),
    Action("later", "sent after", "Write what you sent after it, in the end what you were writing.",
           ("ctrl+pagedown", "alt+down"), Where.COMPOSER, Group.WRITING),
    Action("spell", "spelling", "Offer other words for one that is in no dictionary, or add it.", ("ctrl+s",),
           Where.COMPOSER, Group.WRITING, footer=True, when=here.misspelt),
    Action("attach", "send a file", "Send a file, or what you have just pasted as one.",
           ("f10", "ctrl+right_square_bracket"), Where.MAIN, Group.WRITING, when=here.chat),
    Action("open_editor", "open editor", "Write on in your own editor ($VISUAL or $EDITOR).", ("ctrl+o",),
           Where.COMPOSER, Group.WRITING),
    # Messages
    Action("reply", "reply", "Answer the message.", ("r",), Where.HISTORY, Group.MESSAGES, footer=True,
           when=here.may(Operation.REPLY)),
    Action("react", "react", "Put an emoji under the message, or take it away.", ("plus",), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.may(Operation.REACT)),
    Action("correct", "correct", "Correct your message.", ("e",), Where.HISTORY, Group.MESSAGES, footer=True,
           when=here.may(Operation.CORRECT)),
    Action("take_back", "take back", "Take your message back, for everybody.", ("d",), Where.HISTORY, Group.MESSAGES,
           footer=True, when=here.may(Operation.RETRACT)),
    Action("moderate", "remove", "Remove somebody's message from the room, for everybody.", ("m",), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.may(Operation.MODERATE)),
    Action("retry_message", "retry", "Send a message that failed once more.", ("R",), Where.HISTORY, Group.MESSAGES,
           footer=True, when=here.may(Operation.RETRY)),
    Action("send_unencrypted", "send in clear", "Send a message that is held back unencrypted.", ("U",), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.may(Operation.SEND_UNENCRYPTED)),
    Action("copy_message", "copy", "Copy the text of the message, or of all marked ones, to the clipboard.", ("y",),
           Where.HISTORY, Group.MESSAGES, footer=True, when=here.with_text),
    Action("copy_talk", "copy with names", "Copy the message, or all marked ones, with names and times.", ("Y",),
           Where.HISTORY, Group.MESSAGES, when=here.with_text),
    Action("quote", "quote", "Put the text of the message, or of all marked ones, as a quote into what you write.",
           ("q",), Where.HISTORY, Group.MESSAGES, when=here.with_text),
    Action("open_link", "open link", "Open a link of the message; where there are several, choose by number.", ("o",),
           Where.HISTORY, Group.MESSAGES, footer=True, when=here.links),
    Action("save_file", "save file", "Save a file of the message; where there are several, choose by number.", ("s",),
           Where.HISTORY, Group.MESSAGES, footer=True, when=here.files),
    Action("open_file", "open file", "Save a file of the message, and open it with the desktop's program for it.",
           ("O",), Where.HISTORY, Group.MESSAGES, footer=True, when=here.files),
    Action("stop_file", "stop file", "Fetch the message's file no further, or send it no further.", ("c",),
           Where.HISTORY, Group.MESSAGES, footer=True, when=here.coming),
    Action("unfold", "unfold", "Show all of a long message, or fold it again.", ("space",), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.long),
    Action("original", "original", "Go to the message that this one answers.", ("enter", "g"), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.answer),
    Action("answer", "answer", "Go back to the answer from which you came.", ("b", "backspace"), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.left),
    Action("message_info", "info", "Show when and how the message travelled, and every text that it had.", ("i",),
           Where.HISTORY, Group.MESSAGES, footer=True, when=here.one),
    Action("menu", "menu", "Show all that can be done with the message, as a click of the right button does.",
           ("a", "shift+f10"), Where.HISTORY, Group.MESSAGES, footer=True, when=here.selected),
    Action("mark_unread", "mark unread", "Take this message and all after it as not read.", ("u",), Where.HISTORY,
           Group.MESSAGES, when=here.one),
    Action("delete_message", "delete", "Delete the message on this computer only.", ("x", "delete"), Where.HISTORY,
           Group.MESSAGES, footer=True, when=here.may(Operation.DELETE)),
    Action("report", "report", "Report who wrote the message, or the marked ones, as spam or abuse, and block them.",
           ("exclamation_mark",), Where.HISTORY, Group.MESSAGES, when=here.theirs),
    Action("mark_message", "mark", "Mark the message, or no longer; what is done then is done with all marked ones.",
           ("v",), Where.HISTORY, Group.MESSAGES, when=here.selected),
    Action("mark_up", "mark up", "Mark the message and the one before.", ("shift+up", "K"), Where.HISTORY,
           Group.MESSAGES),
    Action("mark_down", "mark down", "Mark the message and the one after.", ("shift+down", "J"), Where.HISTORY,
           Group.MESSAGES),
    Action("message_up", "message before", "Select the message before.", ("up",), Where.HISTORY, Group.MESSAGES),
    Action("message_down", "message after", "Select the message after; below the last, go back to writing.",
           ("down",), Where.HISTORY, Group.MESSAGES),
    Action("message_page_up", "page up", "Select a message one page up.", ("pageup",), Where.HISTORY, Group.MESSAGES),
    Action("message_page_down", "page down", "Select a message one page down.", ("pagedown",), Where.HISTORY,
           Group.MESSAGES),
    Action("message_first", "first", "Select the oldest message that is loaded.", ("home",), Where.HISTORY,
           Group.MESSAGES),
    Action("message_last", "last", "Select the newest message.", ("end",), Where.HISTORY, Group.MESSAGES),
    Action("newest", "newest", "Jump to the newest message.", ("ctrl+end", "f12"), Where.MAIN, Group.MESSAGES,
           footer=True, when=here.not_newest),
    # Lists
    Action("open_row", "open", "Open or take what is selected; fold or unfold a group.", ("enter",), Where.LIST,
           Group.LISTS, footer=True),
    Action("row_up", "up", "Select the row above; scroll a text up.", ("up",), Where.LIST, Group.LISTS),
    Action("row_down", "down", "Select the row below; scroll a text down.", ("down",), Where.LIST, Group.LISTS),
    Action("row_page_up", "page up", "Select a row one page up; scroll a text by a page.", ("pageup",), Where.LIST,
           Group.LISTS),
    Action("row_page_down", "page down", "Select a row one page down; scroll a text by a page.", ("pagedown",),
           Where.LIST, Group.LISTS),
    Action("row_first", "first row", "Select the first row; go to the beginning of a text.", ("home",), Where.LIST,
           Group.LISTS),
    Action("row_last", "last row", "Select the last row; go to the end of a text.", ("end",), Where.LIST,
           Group.LISTS),
    Action("fold_group", "fold", "Fold or unfold a group of contacts.", ("space", "left", "right"), Where.CHATS,
           Group.LISTS),
    Action("edit_row", "edit", "Rename or regroup the selected contact.", ("e",), Where.CHATS, Group.CHATS,
           footer=True),
    Action("remove_row", "close", "Take the selected chat off the list, or remove the contact.", ("delete",),
           Where.CHATS, Group.CHATS, footer=True),
    # General
    Action("back", "back", "Leave a reply or a correction, go back to writing, on a narrow screen to the list.",
           ("escape",), Where.MAIN, Group.GENERAL, footer=True, when=here.away),
    Action("go_to", "go to", "Go to any chat, contact or room by name.", ("ctrl+k",), Where.MAIN, Group.GENERAL,
           footer=True),
    Action("find", "find", "Find words in all chats; once more, only in the open one.", ("ctrl+f",), Where.MAIN,
           Group.GENERAL, footer=True),
    Action("actions", "actions", "Find any action by name.", ("ctrl+p",), Where.MAIN, Group.GENERAL, footer=True),
    Action("help", "help", "Show every key and action.", ("f1",), Where.MAIN, Group.GENERAL, footer=True),
    Action("next_unread", "next unread", "Open the next chat with something unread, mentions first.", ("ctrl+n",),
           Where.MAIN, Group.GENERAL),
    Action("go_back", "chat before", "Go back to the chat that you were in before.", ("f11", "alt+left"), Where.MAIN,
           Group.GENERAL),
    Action("go_forward", "chat after", "Go forward again to the chat from which you came back.",
           ("shift+f11", "alt+right"), Where.MAIN, Group.GENERAL),
    Action("split", "beside", "Show another chat beside this one.", (), Where.MAIN, Group.LOOKS, when=here.chat),
    Action("unsplit", "not beside", "Take this chat off from beside the others.", (), Where.MAIN, Group.LOOKS,
           when=here.split),
    Action("zoom", "zoom", "Show only the pane that you are in, or all of them again.", ("ctrl+t",), Where.MAIN,
           Group.LOOKS),
    Action("next_pane", "next pane", "Move to the next pane.", ("f6", "tab"), Where.MAIN, Group.GENERAL),
    Action("previous_pane", "pane before", "Move to the pane before.", ("shift+f6", "shift+tab"), Where.MAIN,
           Group.GENERAL),
    Action("requests", "requests", "Answer who asks for something.", ("ctrl+r",), Where.MAIN, Group.CHATS),
    Action("quit", "quit", "Sign out and quit.", ("ctrl+q",), Where.APP, Group.GENERAL),
    # Chats and contacts
    Action("add_contact", "add contact", "Put an address into the contact list.", ("f2",), Where.MAIN, Group.CHATS),
    Action("add_this_contact", "add to contacts", "Put the open chat's address into the contact list.", (),
           Where.MAIN, Group.CHATS, when=here.stranger),
    Action("edit_contact", "edit contact", "Rename, regroup or remove the open chat's contact.", (), Where.MAIN,
           Group.CHATS, when=here.contact),
    Action("ask_presence", "ask to see presence", "Ask the contact once more to show you when they are here.", (),
           Where.MAIN, Group.CHATS, when=here.contact),
    Action("unblock", "unblock", "Let somebody write to you again whom your server keeps away.", (), Where.MAIN,
           Group.CHATS),
    Action("close_chat", "close chat", "Take the open chat off the list, with its history or without.", (), Where.MAIN,
           Group.CHATS, when=here.chat),
    Action("mark_all_read", "mark all as read", "Take everything in all chats as read.", (), Where.MAIN, Group.CHATS),
    Action("keep_messages", "keep messages for…", "Choose for how long the open chat's messages are kept here.", (),
           Where.MAIN, Group.CHATS, when=here.chat),
    Action("delete_history", "delete history", "Delete all messages of the open chat on this computer.", (),
           Where.MAIN, Group.CHATS, when=here.chat),
    Action("set_notify", "notifications", "Choose what of the open chat you are told of.", (), Where.MAIN,
           Group.CHATS, when=here.chat),
    Action("devices", "devices", "Show and verify the devices that messages of the open chat are encrypted to.",
           ("ctrl+l",), Where.MAIN, Group.CHATS, when=here.chat),
    Action("own_devices", "my devices", "Show, rename and remove the devices of your own account.", (), Where.MAIN,
           Group.CHATS),
    Action("toggle_encryption", "encryption on or off", "Switch encryption of the open chat off, or on again.", (),
           Where.MAIN, Group.CHATS, when=here.chat),
    Action("encryption", "encryption…", "Choose when messages of the open chat are encrypted.", (), Where.MAIN,
           Group.CHATS, when=here.chat),
    Action("set_presence", "set presence", "Tell others that you are here, away or busy.", ("f4",), Where.MAIN,
           Group.CHATS),
    Action("accounts", "accounts", "Add, connect or remove accounts.", ("f9",), Where.MAIN, Group.GENERAL),
    Action("sign_in", "enter password", "Enter the password of an account that waits for one.", (), Where.MAIN,
           Group.GENERAL),
    # Rooms
    Action("join_room", "join room", "Enter a room by its address.", ("f3",), Where.MAIN, Group.ROOMS),
    Action("rejoin", "enter again", "Enter the open room, with another nickname or a password if needed.", ("f5",),
           Where.MAIN, Group.ROOMS, footer=True, when=here.outside),
    Action("leave_room", "leave room", "Leave the open room.", (), Where.MAIN, Group.ROOMS, when=here.joined),
    Action("change_nick", "change nickname", "Take another nickname in the open room.", (), Where.MAIN, Group.ROOMS,
           when=here.joined),
    Action("set_subject", "change subject", "Set what the open room is about.", (), Where.MAIN, Group.ROOMS,
           when=here.joined),
    Action("invite", "invite", "Invite somebody into the open room.", (), Where.MAIN, Group.ROOMS, when=here.joined),
    # Looks
    Action("toggle_chats", "chats pane", "Show or hide the list of chats.", ("f7",), Where.MAIN, Group.LOOKS),
    Action("toggle_people", "people pane", "Show or hide the people of the room.", ("f8",), Where.MAIN, Group.LOOKS,
           when=here.room),
    Action("next_theme", "next theme", "Change to the next theme, your own ones too.", (),
           Where.MAIN, Group.LOOKS),
    *DIALOG_ACTIONS,
)
# fmt: on

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}


def bindings(*where: Where) -> list[Binding]:
    """The bindings of a node: those of every context that it carries."""
    return [action.binding for action in ACTIONS if action.where in where]


def bindings_of(*ids: str) -> list[Binding]:
    """The bindings of a node that carries only some actions of a context."""
    return [BY_ID[each].binding for each in ids]


def applies(action_id: str, now: Here) -> bool:
    """Whether an action can be done here and now; what the registry does not know always can."""
    action = BY_ID.get(action_id)
    return action is None or action.when(now)
