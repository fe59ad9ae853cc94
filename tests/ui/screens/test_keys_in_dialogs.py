"""Every key of every dialog, pressed for real: the one that it has by itself, and another from the settings."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial, wraps
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.ui.scene import HOME, KITCHEN_KEY, MARA, MARA_KEY, Scene, frozen_clock
from tests.ui.screens.host import Host, showing
from tests.ui.unlock.test_screen import ToldVault
from tui_xmpp.core.facade import Facade
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.ui import keys
from tui_xmpp.ui.action import Action
from tui_xmpp.ui.actions import ACTIONS, BY_ID, MOVES, VIM
from tui_xmpp.ui.dialog_actions import DIALOG_ACTIONS
from tui_xmpp.ui.help import HelpScreen
from tui_xmpp.ui.here import SCREENS, Where, meet
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.palette import Offer
from tui_xmpp.ui.screens.accounts import AccountsScreen
from tui_xmpp.ui.screens.advanced import AdvancedFields, Fold
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.attach import AttachDialog, PathLine
from tui_xmpp.ui.screens.code import CodeScreen
from tui_xmpp.ui.screens.devices import DevicesScreen
from tui_xmpp.ui.screens.dialog import Dialog, Hint, Page
from tui_xmpp.ui.screens.edit_contact import EditContactDialog
from tui_xmpp.ui.screens.fields import Check, Choice
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.find import Find
from tui_xmpp.ui.screens.goto import GoTo
from tui_xmpp.ui.screens.join_room import JoinRoomDialog
from tui_xmpp.ui.screens.menu import Menu
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.pick_reaction import PickReaction
from tui_xmpp.ui.screens.put_away import PutAway
from tui_xmpp.ui.screens.requests import RequestDetails, RequestsScreen
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.spelling import SpellingDialog
from tui_xmpp.ui.screens.wizard import Wizard
from tui_xmpp.ui.unlock.screen import UnlockScreen

OTHER = "f11"
"""A key that nothing in a dialog has by itself."""

Make = Callable[[Facade], Screen[Any]]


def devices(engine: Facade) -> DevicesScreen:
    return DevicesScreen(engine, HOME, (MARA,), "Devices of Mara", frozen_clock())


def contact(engine: Facade) -> EditContactDialog:
    known = engine.contact(HOME, MARA)
    assert known is not None
    return EditContactDialog(engine, known)


def info(engine: Facade) -> MessageInfo:
    return MessageInfo(engine, frozen_clock(), engine.newest(MARA_KEY, 1)[0], Voices.of(engine, MARA_KEY))


def request(engine: Facade) -> RequestDetails:
    return RequestDetails(engine.requests()[0], "", frozen_clock())


def menu(_engine: Facade) -> Menu:
    return Menu((Offer(BY_ID["reply"], DOMNode(), ("r",)), Offer(BY_ID["quote"], DOMNode(), ("q",))), Offset(3, 3))


def locked(_engine: Facade) -> UnlockScreen:
    return UnlockScreen(ToldVault(Condition.LOCKED, KeyPlace.PASSPHRASE))


OPENED: Mapping[Where, tuple[Make, ...]] = {
    Where.ACCOUNTS: (AccountsScreen,),
    Where.CODE: (lambda _engine: CodeScreen(HOME, {7: "ef" * 32}, 7),),
    Where.CONTACT: (contact,),
    Where.DEVICES: (devices,),
    Where.FIND: (lambda engine: Find(engine, frozen_clock(), KITCHEN_KEY),),
    Where.INFO: (info,),
    Where.MENU: (menu,),
    Where.REACTIONS: (lambda _engine: PickReaction((), ()),),
    Where.REQUESTS: (lambda engine: RequestsScreen(engine, frozen_clock()), request),
    Where.ROOM: (lambda engine: JoinRoomDialog(engine, HOME),),
    Where.SPELLING: (lambda _engine: SpellingDialog("teh", ("the", "tea")),),
    Where.UNLOCK: (locked,),
}
"""Every dialog with keys of its own."""


class Advanced(Dialog[None]):
    """What the wizard has folded away."""

    AUTO_FOCUS = "Fold"

    def body(self) -> Iterable[Widget]:
        yield AdvancedFields()


def question(_engine: Facade) -> Confirm:
    return Confirm("Sure?", "Is it?", "Yes", "No")


ANY: tuple[Make, ...] = (question, Wizard, GoTo, *(make for each in OPENED.values() for make in each))
WITHIN: Mapping[Where, tuple[tuple[Make, type[Widget]], ...]] = {
    Where.BUTTON: ((question, Hint), (lambda _engine: Advanced("Advanced"), Fold)),
    Where.CHECK: ((lambda _engine: PutAway("Close?", "It leaves the list.", "Close"), Check),),
    Where.CHOICE: ((lambda engine: JoinRoomDialog(engine, HOME), Choice),),
    Where.PATH: ((lambda engine: AttachDialog(engine, KITCHEN_KEY), PathLine),),
    Where.LIST: (
        (devices, Rows),
        (GoTo, FilteredRows),
        (lambda _engine: HelpScreen({}), Page),
    ),
}
"""What has keys of its own within dialogs, and a dialog that has it."""


class Pressed:
    """The screen with some keys from the settings, and which of an action's methods a key has reached."""

    def __init__(self, app: Host[Any], pilot: Pilot[None], patch: pytest.MonkeyPatch) -> None:
        self.app = app
        self._pilot = pilot
        self._patch = patch

    async def reaches(self, key: str, action: Action) -> bool:
        """Whether the key does the action; it is really done."""
        done: list[str] = []
        nodes = self.app.focused.ancestors_with_self if self.app.focused is not None else [self.app.screen]
        node = next(type(node) for node in nodes if hasattr(node, f"action_{action.id}"))
        whole = getattr(node, f"action_{action.id}")

        @wraps(whole)
        def noted(*args: object) -> object:
            done.append(action.id)
            return whole(*args)

        with self._patch.context() as patch:
            patch.setattr(node, f"action_{action.id}", noted)
            await self._pilot.press(key)
            await self._pilot.pause()
        return bool(done)


@asynccontextmanager
async def opened(
    make: Make, scene: Scene, patch: pytest.MonkeyPatch, keymap: Mapping[str, str], focus: type[Widget] | None = None
) -> AsyncIterator[Pressed]:
    async with showing(partial(make, scene.engine), keymap=keymap) as (app, pilot):
        if focus is not None:
            found = app.screen.query(focus).first()
            (found.line if isinstance(found, FilteredRows) else found).focus()
            await pilot.pause()
        yield Pressed(app, pilot, patch)


def cases() -> Iterator[object]:
    """Each action of the registry that is done in a dialog, with a dialog that has it."""
    for action in ACTIONS:
        if action.where in OPENED:
            for make in OPENED[action.where]:
                yield pytest.param(action, make, None, id=f"{action.id}-{make.__name__.strip('<>')}")
        elif action.where in WITHIN:
            for make, focus in WITHIN[action.where]:
                if action.id in {binding.id for _, binding in focus._merged_bindings or ()}:
                    yield pytest.param(action, make, focus, id=f"{action.id}-{focus.__name__}")


every_case = pytest.mark.parametrize(("action", "make", "focus"), list(cases()))


@every_case
async def test_every_key_in_a_dialog_does_its_action(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, action: Action, make: Make, focus: type[Widget] | None
) -> None:
    for key in action.keys:
        async with opened(make, scene, monkeypatch, {}, focus) as dialog:
            assert await dialog.reaches(key, action), key


@every_case
async def test_every_action_in_a_dialog_is_done_by_another_key_and_no_longer_by_its_first(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, action: Action, make: Make, focus: type[Widget] | None
) -> None:
    async with opened(make, scene, monkeypatch, {action.id: OTHER}, focus) as dialog:
        hints = [hint for hint in dialog.app.screen.query(Hint) if hint.action == action.id and hint.display]
        assert all(f"{keys.shown(OTHER)} {hint.word}" in dialog.app.text for hint in hints)
        assert await dialog.reaches(OTHER, action)
    async with opened(make, scene, monkeypatch, {action.id: OTHER}, focus) as dialog:
        assert not await dialog.reaches(action.keys[0], action)


@pytest.mark.parametrize("make", [make for make in ANY if make is not menu])
async def test_every_dialog_is_confirmed_left_and_walked_through_by_other_keys(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    everywhere = [action for action in ACTIONS if action.where is Where.DIALOG]
    # The last ones close it.
    order = sorted(everywhere, key=lambda action: action.id in {"confirm", "cancel"})
    keymap = {action.id: f"f{13 + number}" for number, action in enumerate(order)}
    for last in ("confirm", "cancel"):
        async with opened(make, scene, monkeypatch, keymap) as dialog:
            for action in order:
                if action.id == last or action.id not in {"confirm", "cancel"}:
                    assert await dialog.reaches(keymap[action.id], action), action.id


async def test_a_menu_is_left_by_another_key(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(menu, scene, monkeypatch, {"cancel": OTHER}) as dialog:
        assert not await dialog.reaches("escape", BY_ID["cancel"])
        assert await dialog.reaches(OTHER, BY_ID["cancel"])


@pytest.mark.parametrize("make", ANY)
async def test_what_a_dialog_holds_is_known_to_be_together_with_its_own_keys(scene: Scene, make: Make) -> None:
    """A clash in the settings could not be told otherwise."""
    async with showing(partial(make, scene.engine)) as (app, _):
        ids = {b.id for node in app.screen.query(Widget) if node.focusable for _, b in node._bindings}
        ids |= {b.id for node in (app.screen, *app.screen.query(FilteredRows)) for _, b in node._bindings}
        found = {BY_ID[each].where for each in ids if each is not None}
    for one in found & SCREENS:
        assert [other for other in found if not meet(one, other)] == []


def test_no_dialog_with_keys_of_its_own_is_forgotten() -> None:
    assert set(OPENED) == SCREENS
    known = {*SCREENS, *WITHIN, Where.DIALOG}
    assert [action.id for action in DIALOG_ACTIONS if action.where not in known] == []


async def test_the_keys_of_vi_move_in_lists_and_pages_of_dialogs_and_write_in_lines(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for make, focus in WITHIN[Where.LIST]:
        async with opened(make, scene, monkeypatch, VIM, focus) as dialog:
            assert await dialog.reaches("j", BY_ID["row_down"]) is (focus is not FilteredRows)


@pytest.mark.parametrize("action", [BY_ID[each] for each in MOVES], ids=MOVES)
def test_what_moves_in_a_list_moves_in_a_page(action: Action) -> None:
    assert action.id in {binding.id for _, binding in Page._merged_bindings or ()}
