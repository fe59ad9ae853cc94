"""The app's edges: what fails, what asks unbidden, and the archive that answers."""

from pathlib import Path

import pytest

from tests.engines import MemoryKeeper
from tests.ui.running import running
from tests.ui.scene import (
    DEV,
    HOME,
    KITCHEN,
    KITCHEN_KEY,
    MARA,
    MARA_KEY,
    WORK,
    Scene,
    address,
    frozen_clock,
    make_scene,
)
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.loaded import Loaded
from tui_xmpp.core.ports import Network
from tui_xmpp.errors import ConnectionFailed, LoginRefused, RoomRefusal, RoomRefused, TuiXmppError
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import JoinRoom
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.stanzas import StreamLost, StreamOpened, SubscriptionAction, SubscriptionReceived
from tui_xmpp.storage.store import Store
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.screens.accounts import AccountsScreen
from tui_xmpp.ui.screens.ask import AskPassword
from tui_xmpp.ui.screens.goto import GoTo
from tui_xmpp.ui.screens.join_room import JoinRoomDialog
from tui_xmpp.ui.screens.requests import RequestsScreen
from tui_xmpp.ui.screens.wishes import ChatWanted, RoomWanted
from tui_xmpp.ui.screens.wizard import Wizard


async def nobody() -> Network:
    """A network that cannot be loaded."""
    raise TuiXmppError("The network libraries are missing.", title="Cannot connect")


async def test_without_an_account_the_wizard_comes_first(tmp_path: Path) -> None:
    engine = Engine(Store.open(tmp_path / "chat.db"), (), nobody, MemoryKeeper())
    app = TuiXmppApp(engine, clock=frozen_clock())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Wizard)


async def test_a_network_that_cannot_be_loaded_is_told_and_the_store_stays_on_the_screen(tmp_path: Path) -> None:
    scene = await make_scene(tmp_path)
    scene.engine._network = Loaded(nobody)
    async with running(scene, settle=False) as shown:
        await shown.until(lambda: "The network libraries are missing." in shown.text)
        assert "who brings bread?" in shown.text


async def test_a_problem_of_the_engine_is_told_with_both_its_texts_as_they_are(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.app._listen([ProblemRaised(None, "Not stored", "the disk [b]is[/b] full [/x]")])
        await shown.until(lambda: "✗ Not stored: the disk [b]is[/b] full [/x]" in shown.text)


async def test_a_lost_line_counts_down_to_the_next_try(scene: Scene) -> None:
    async with running(scene) as shown:
        line = scene.network.lines[WORK]

        async def fail(_password: str) -> None:
            raise ConnectionFailed("The server does not answer.")

        line.connect = fail  # type: ignore[assignment,method-assign]  # the line breaks
        line.receiver.receive(StreamLost("cut"))
        await shown.until(lambda: "alice@work.example reconnecting in" in shown.text)
        assert "● alice@home.example" in shown.text


async def test_an_account_that_waits_for_its_password_asks_once_if_nobody_is_writing(scene: Scene) -> None:
    scene.keeper.passwords.pop(WORK)
    async with running(scene, settle=False) as shown:
        await shown.until(lambda: isinstance(shown.screen(), AskPassword))
        assert "alice@work.example" in shown.text
        await shown.press(*"secret", "enter")
        await shown.until(
            lambda: all(state.status is AccountStatus.ONLINE for state in scene.engine.accounts()), "both are online"
        )


async def test_passwords_are_asked_for_one_after_the_other(scene: Scene) -> None:
    scene.keeper.passwords.clear()
    async with running(scene, settle=False) as shown:
        for account, keys in ((HOME, ["escape"]), (WORK, [*"secret", "enter"])):
            await shown.until(lambda account=account: f"The password of {account}" in shown.text)  # type: ignore[misc]  # of a default
            assert len(shown.app.screen_stack) == 2
            await shown.press(*keys)
        states = scene.engine.accounts
        await shown.until(lambda: [state.status for state in states()][1] is AccountStatus.ONLINE, "one is online")
        assert shown.screen() is shown.main
        assert states()[0].status is AccountStatus.NEEDS_PASSWORD


async def test_a_password_that_was_refused_is_asked_for_again(scene: Scene) -> None:
    scene.keeper.passwords.pop(WORK)
    async with running(scene, settle=False) as shown:
        await shown.until(lambda: isinstance(shown.screen(), AskPassword))
        line = scene.network.lines[WORK]
        connect = line.connect

        async def once(_password: str) -> StreamOpened:
            line.connect = connect  # type: ignore[method-assign]  # the next one is right
            raise LoginRefused("The password is not right.")

        line.connect = once  # type: ignore[assignment,method-assign]  # the server refuses
        await shown.press(*"wrong", "tab", "space", "enter")
        await shown.until(lambda: "Another password for alice@work.example?" in shown.text, shown.text)
        assert "The password is not right." in shown.text
        assert WORK not in scene.keeper.passwords
        assert "[x] Keep the password" in shown.text, "what does not fit any more is replaced"
        await shown.press(*"right", "enter")
        await shown.until(lambda: all(state.status is AccountStatus.ONLINE for state in scene.engine.accounts()))
        await shown.until(lambda: scene.keeper.passwords.get(WORK) == "right", "the right one is kept")


async def test_nobody_who_writes_is_interrupted_by_a_password(scene: Scene) -> None:
    scene.keeper.passwords.pop(WORK)
    await scene.store.write(lambda writes: writes.set_draft(KITCHEN_KEY, "I am writing"))
    async with running(scene, settle=False) as shown:
        await shown.until(lambda: "alice@work.example needs its password" in shown.text)
        assert shown.screen() is shown.main
        await shown.press("f9")
        assert isinstance(shown.screen(), AccountsScreen)


async def test_a_request_stands_in_the_list_and_nothing_pops_up(scene: Scene) -> None:
    async with running(scene) as shown:
        stranger = address("guest@far.example")
        asked = SubscriptionReceived(stranger, SubscriptionAction.SUBSCRIBE, "[b]hello[/b]", "Your bank")
        scene.network.lines[HOME].receiver.receive(asked)
        await shown.until(lambda: "guest@far.example asks" in shown.text)
        assert "REQUESTS 2" in shown.text
        assert shown.screen() is shown.main
        await shown.press("ctrl+r")
        assert isinstance(shown.screen(), RequestsScreen)


async def test_a_room_that_refuses_is_asked_again_with_the_reason(scene: Scene) -> None:
    room = address("cellar@rooms.home.example")
    async with running(scene) as shown:
        scene.network.standing.refusal = RoomRefused("It needs a password.", refusal=RoomRefusal.PASSWORD)
        shown.main.join(JoinRoom(HOME, room, "Alice"))
        await shown.until(lambda: isinstance(shown.screen(), JoinRoomDialog))
        assert "The room asks for a password" in shown.text
        assert "It needs a password." not in shown.text
        await shown.press("escape")
        shown.main.join(JoinRoom(HOME, room, "Alice", "sesame"))
        await shown.until(lambda: isinstance(shown.screen(), JoinRoomDialog))
        assert "It needs a password." in shown.text
        scene.network.standing.refusal = None
        await shown.press("escape")
        shown.main.join(JoinRoom(HOME, room, "Alice", "open sesame"))
        await shown.until(lambda: shown.main.open_key == ChatKey(HOME, room))
        await shown.until(lambda: scene.engine.room(ChatKey(HOME, room)).status is RoomStatus.JOINED)


async def test_f5_enters_a_room_again_that_one_is_not_in(scene: Scene) -> None:
    async with running(scene, open_at=DEV) as shown:
        assert "You are not in this room." in shown.text
        await shown.press("f5")
        assert isinstance(shown.screen(), JoinRoomDialog)
        assert str(DEV) in shown.text


async def test_go_to_opens_what_is_chosen(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("ctrl+k")
        assert isinstance(shown.screen(), GoTo)
        await shown.press(*"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)


async def test_dialogs_may_ask_for_a_chat_or_a_room(scene: Scene) -> None:
    room = address("cellar@rooms.home.example")
    async with running(scene) as shown:
        shown.app.post_message(ChatWanted(MARA_KEY))
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        shown.app.post_message(RoomWanted(HOME, room))
        await shown.until(lambda: shown.main.open_key == ChatKey(HOME, room))


async def test_the_archive_is_asked_once_at_the_top_and_says_where_it_begins(tmp_path: Path) -> None:
    scene = await make_scene(tmp_path)
    scene.network.standing.archive = True
    async with running(scene, open_at=MARA) as shown:
        await shown.until(lambda: "The archive begins here" in shown.text)
        await shown.press("pageup", "pageup", "pageup")
        assert [query.peer for query in scene.network.standing.asked].count(MARA) <= 1


async def test_a_room_that_was_closed_elsewhere_goes_off_the_screen(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("ctrl+p", *"close chat", "enter", "enter")  # the second answers what becomes of the history
        await shown.until(lambda: shown.main.open_key is None)
        assert "No chat is open." in shown.text
        assert shown.focused() is shown.main.chat_list
        assert KITCHEN not in [chat.key.peer for chat in shown.main.chat_list.chats]


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "terminal"])
async def test_every_theme_can_be_begun_with(scene: Scene, theme: str) -> None:
    app = TuiXmppApp(scene.engine, clock=frozen_clock(), theme=theme)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert app.theme == theme
        assert app.main.conversation.history.painter.styles


async def test_without_grounds_of_its_own_a_theme_reverses_the_selected_row(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.app.theme = "terminal"
        shown.main.chat_list.focus()
        await shown.press("home")
        strips = [shown.main.chat_list.render_line(row) for row in range(shown.main.chat_list.size.height)]
        reversed_rows = [all(segment.style and segment.style.reverse for segment in strip) for strip in strips]
        assert sum(reversed_rows) == 2, reversed_rows


async def test_where_all_grounds_are_black_dialogs_have_an_edge(scene: Scene) -> None:
    async with running(scene) as shown:
        for theme, edge in (("dark", False), ("contrast", True), ("terminal", True)):
            shown.app.theme = theme
            await shown.press("f9")
            assert ("╭" in shown.text.split("Accounts")[0]) is edge, theme
            await shown.press("escape")
