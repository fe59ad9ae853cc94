"""The registry of actions, and the keys in the settings."""

import importlib
import pkgutil
import re
from collections.abc import Mapping, Sequence

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

import tui_xmpp.ui
from tests.ui.running import Running, settled
from tests.ui.scene import KITCHEN, Scene, frozen_clock
from tui_xmpp.ui import keys
from tui_xmpp.ui.action import Action
from tui_xmpp.ui.actions import ACTIONS, BY_ID, VIM, bindings
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.chats import ChatList
from tui_xmpp.ui.composer import Composer
from tui_xmpp.ui.editing import editing_bindings
from tui_xmpp.ui.help import help_lines
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.history.view import HistoryView
from tui_xmpp.ui.keymap import check_keymap, keys_of
from tui_xmpp.ui.main import MainScreen
from tui_xmpp.ui.people import PeopleList
from tui_xmpp.ui.row_list import RowList
from tui_xmpp.ui.screens.accounts import AccountsScreen
from tui_xmpp.ui.screens.advanced import Fold
from tui_xmpp.ui.screens.attach import PathLine
from tui_xmpp.ui.screens.code import CodeScreen
from tui_xmpp.ui.screens.devices import DevicesScreen
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.edit_contact import EditContactDialog
from tui_xmpp.ui.screens.fields import Check, Choice
from tui_xmpp.ui.screens.find import Find
from tui_xmpp.ui.screens.goto import GoTo
from tui_xmpp.ui.screens.join_room import JoinRoomDialog
from tui_xmpp.ui.screens.menu import Menu
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.pick_reaction import PickReaction
from tui_xmpp.ui.screens.requests import RequestDetails, RequestsScreen
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.spelling import SpellingDialog
from tui_xmpp.ui.screens.wizard import Wizard
from tui_xmpp.ui.slash import action_of
from tui_xmpp.ui.unlock.app import UnlockApp
from tui_xmpp.ui.unlock.screen import UnlockScreen

NODES: Mapping[Where, Sequence[type[DOMNode]]] = {
    Where.APP: (TuiXmppApp, UnlockApp),
    Where.MAIN: (MainScreen,),
    Where.LIST: (RowList, Rows),
    Where.CHATS: (ChatList,),
    Where.PEOPLE: (PeopleList,),
    Where.HISTORY: (HistoryView,),
    Where.COMPOSER: (Composer,),
    Where.DIALOG: (Dialog, Wizard, UnlockScreen),
    Where.BUTTON: (Hint, Fold),
    Where.CHECK: (Check,),
    Where.CHOICE: (Choice,),
    Where.PATH: (PathLine,),
    Where.ACCOUNTS: (AccountsScreen,),
    Where.CODE: (CodeScreen,),
    Where.CONTACT: (EditContactDialog,),
    Where.DEVICES: (DevicesScreen,),
    Where.FIND: (Find,),
    Where.INFO: (MessageInfo,),
    Where.MENU: (Menu,),
    Where.REACTIONS: (PickReaction,),
    Where.REQUESTS: (RequestsScreen, RequestDetails),
    Where.ROOM: (JoinRoomDialog,),
    Where.SPELLING: (SpellingDialog,),
    Where.UNLOCK: (UnlockScreen,),
}
_HELP = help_lines({}, 400)
every_action = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)


@every_action
def test_every_action_has_its_method_on_the_node_of_its_context(action: Action) -> None:
    assert all(callable(getattr(node, f"action_{action.id}", None)) for node in NODES[action.where])


@every_action
def test_every_action_is_bound_by_its_id_on_that_node(action: Action) -> None:
    bound = {binding.id for binding in bindings(action.where)}

    assert action.id in bound


def nodes_with_keys() -> list[type[DOMNode]]:
    """Every node of the program that has keys of its own."""
    for module in pkgutil.walk_packages(tui_xmpp.ui.__path__, "tui_xmpp.ui."):
        importlib.import_module(module.name)
    found, todo = set[type[DOMNode]](), [DOMNode]
    while todo:
        others = [node for node in todo.pop().__subclasses__() if node not in found]
        todo += others
        found.update(others)
    ours = [node for node in found if node.__module__.startswith("tui_xmpp.") and node.__dict__.get("BINDINGS")]
    return sorted(ours, key=lambda node: node.__name__)


@pytest.mark.parametrize("node", nodes_with_keys(), ids=lambda node: node.__name__)
def test_no_key_stands_outside_the_registry(node: type[DOMNode]) -> None:
    """But those of editing, which are Textual's, and ^C, which quits other programs."""
    editing = {*Input.BINDINGS, *editing_bindings()} if issubclass(node, Input | TextArea) else set()
    keys_of_editing = {each.key for each in Binding.make_bindings(editing)}
    unknown = [each for each in Binding.make_bindings(node.BINDINGS) if each.id not in BY_ID]

    assert [each.key for each in unknown if each.key not in {"ctrl+c", *keys_of_editing}] == []


@every_action
def test_every_action_says_what_it_does_in_a_sentence(action: Action) -> None:
    assert re.fullmatch(r"[A-Z/].*\.", action.help)
    assert action.title == action.title.strip()
    assert action.title


@every_action
def test_no_key_needs_alt_or_is_swallowed_by_tmux_or_screen(action: Action) -> None:
    safe = [key for key in action.keys if "alt+" not in key and key not in {"ctrl+a", "ctrl+b"}]

    assert safe or not action.keys


@every_action
def test_every_default_key_is_a_known_key(action: Action) -> None:
    assert all(keys.known(key) for key in action.keys)


@every_action
def test_every_action_is_in_the_help_with_its_sentence(action: Action) -> None:
    assert any(action.help[:-1] in line.plain and action.id in line.plain for line in _HELP)


@every_action
def test_every_action_has_a_key_or_is_a_command_word(action: Action) -> None:
    """And what has neither could only be reached with the mouse."""
    assert action.keys or action_of(action.id) == action.id


@every_action
def test_every_action_can_be_given_another_key(action: Action) -> None:
    assert check_keymap({action.id: "ctrl+f24"}) == ()
    assert keys_of(action, {action.id: "ctrl+f24"}) == ("ctrl+f24",)


@every_action
def test_every_action_is_bound_where_it_is_done(action: Action) -> None:
    for node in NODES[action.where]:
        assert action.id in {binding.id for _, binding in node._merged_bindings or ()}, node


async def test_keys_from_the_settings_act_on_every_node(scene: Scene) -> None:
    mine = {action.id: f"ctrl+f{13 + number % 12},alt+{chr(0x3B1 + number)}" for number, action in enumerate(ACTIONS)}
    app = TuiXmppApp(scene.engine, clock=frozen_clock(), open_at=KITCHEN, keymap={"go_to": mine["go_to"]})
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        app.set_keymap(mine)
        for focus in (shown.composer, shown.history, shown.main.chat_list, shown.main.people):
            focus.focus()
            await pilot.pause()
            bound = {active.binding.id: key for key, active in app.screen.active_bindings.items()}
            for action in ACTIONS:
                if action.id in bound:
                    assert bound[action.id] in mine[action.id].split(","), action.id
        await shown.press(mine["go_to"].split(",")[0])
        assert isinstance(shown.screen(), GoTo)


def test_the_keys_of_the_preset_vim_do_not_clash() -> None:
    assert check_keymap(VIM) == ()


def test_ids_are_unique_and_no_two_defaults_clash() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert check_keymap({}) == ()


@pytest.mark.parametrize(
    ("keymap", "problem"),
    [
        ({"fly": "f10"}, "There is no action “fly”."),
        ({"help": "crtl+x"}, "“crtl+x” for “help” is not a key."),
        ({"help": ""}, "“” for “help” is not a key."),
        ({"go_to": "ctrl+p"}, "“ctrl+p” is the key of both “go_to” and “actions”."),
        ({"copy_message": "r"}, "“r” is the key of both “reply” and “copy_message”."),
        ({"copy_message": "+"}, "“+” is the key of both “react” and “copy_message”."),
        ({"copy_message": "ctrl+k"}, "“ctrl+k” is the key of both “copy_message” and “go_to”."),
        ({"row_down": "e"}, "“e” is the key of both “row_down” and “edit_row”."),
        ({"verify_device": "x"}, "“x” is the key of both “verify_device” and “distrust_device”."),
        ({"verify_device": "escape"}, "“escape” is the key of both “cancel” and “verify_device”."),
        ({"verify_device": "enter"}, "“enter” is the key of both “confirm” and “verify_device”."),
        ({"row_down": "v"}, "“v” is the key of both “row_down” and “verify_device”."),
        ({"decline": "ctrl+q"}, "“ctrl+q” is the key of both “quit” and “decline”."),
        ({"browse_rooms": "space"}, "“space” is the key of both “next_value” and “browse_rooms”."),
        ({"tick": "enter"}, "“enter” is the key of both “confirm” and “tick”."),
    ],
)
def test_what_is_wrong_with_the_keys_is_said(keymap: dict[str, str], problem: str) -> None:
    assert problem in check_keymap(keymap)


@pytest.mark.parametrize(
    "keymap",
    [
        {"go_to": "ctrl+p", "actions": "ctrl+k"},
        {"row_down": "down,j", "row_up": "up,k"},
        {"message_down": "j", "row_down": "j"},
        {"react": "+"},
        {"react": "at", "reply": "underscore"},
        {"leave_room": "f13"},
        {"help": "question_mark, f1"},
        {"accept": "v", "decline": "t"},
        {"verify_device": "r", "reset_session": "v"},
        {"show_xml": "ctrl+k"},
        {"browse_rooms": "f8", "begin_anew": "f8"},
    ],
)
def test_keys_that_do_not_meet_may_be_chosen_freely(keymap: dict[str, str]) -> None:
    assert check_keymap(keymap) == ()


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("ctrl+k", "^K"), ("f1", "F1"), ("escape", "Esc"), ("shift+tab", "Shift+Tab"), ("up", "↑"), ("y", "y"),
        ("ctrl+end", "Ctrl+End"), ("question_mark", "?"), ("alt+enter", "Alt+Enter"), ("ctrl+shift+p", "Ctrl+Shift+P"),
        ("+", "+"), ("plus", "+"), ("ctrl+up", "Ctrl+↑"), ("R", "R"), ("slash", "/"), ("pagedown", "PgDn"),
    ],
)  # fmt: skip
def test_keys_are_written_as_people_do(key: str, shown: str) -> None:
    assert keys.shown(key) == shown
