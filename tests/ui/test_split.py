"""Several chats side by side, one pane alone, and going back and forward."""

from tests.ui.running import Running, running
from tests.ui.scene import HOME, KITCHEN_KEY, MARA, MARA_KEY, Scene
from tui_xmpp.model.commands import CloseChat
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route
from tui_xmpp.ui.panes import Pane, Wants, toggle_chats, toggle_people, visible


def panes(shown: Running) -> tuple[bool, bool, bool]:
    """Which panes are on the screen."""
    return shown.main.chat_list.display, shown.main.split.display, shown.main.people.display


async def test_a_chat_is_shown_beside_another_and_both_live(scene: Scene) -> None:
    async with running(scene, (160, 40)) as shown:
        await shown.press("ctrl+p", *"beside", "enter", *"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        assert [each.key for each in shown.main.split.conversations] == [KITCHEN_KEY, MARA_KEY]
        assert "who brings bread?" in shown.text
        assert "see you at seven then" in shown.text
        assert "PEOPLE" not in shown.text
        sender = MARA.with_resource("phone")
        received = MessageReceived(Route.LIVE, sender, sender, HOME, MessageType.CHAT, "new", body="bring salt")
        scene.network.lines[HOME].receiver.receive(received)
        await shown.until(lambda: "bring salt" in shown.text)
        await shown.press(*"to Mara", "shift+tab")
        assert shown.main.open_key == KITCHEN_KEY
        assert "PEOPLE" in shown.text
        await shown.press(*"to all")
        composers = [each.composer.text for each in shown.main.split.conversations]
        assert composers == ["to all", "to Mara"]
        await shown.press("ctrl+p", *"not beside", "enter")
        await shown.until(lambda: len(shown.main.split.conversations) == 1)
        assert shown.main.open_key == MARA_KEY
        await shown.until(lambda: getattr(scene.engine.chat(KITCHEN_KEY), "draft", "") == "to all")


async def test_a_chat_that_is_there_already_gets_the_focus(scene: Scene) -> None:
    async with running(scene, (160, 40)) as shown:
        await shown.press("ctrl+p", *"beside", "enter", *"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        shown.main.open_chat(KITCHEN_KEY)
        await shown.pilot.pause()
        assert [each.key for each in shown.main.split.conversations] == [KITCHEN_KEY, MARA_KEY]
        assert shown.focused() is shown.main.split.conversations[0].composer


async def test_on_a_narrow_screen_only_the_active_one_is_seen(scene: Scene) -> None:
    async with running(scene, (160, 40)) as shown:
        await shown.press("ctrl+p", *"beside", "enter", *"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        await shown.pilot.resize_terminal(80, 24)
        await shown.until(lambda: "who brings bread?" not in shown.text)
        assert "see you at seven then" in shown.text
        await shown.press("ctrl+p", *"beside", "enter")
        await shown.until(lambda: "There is no room for another chat" in shown.text)


async def test_a_chat_that_is_closed_leaves_its_place_empty(scene: Scene) -> None:
    async with running(scene, (160, 40)) as shown:
        await shown.press("ctrl+p", *"beside", "enter", *"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        await scene.engine.do(CloseChat(KITCHEN_KEY))
        await shown.until(lambda: shown.main.split.conversations[0].key is None)
        assert shown.main.open_key == MARA_KEY


async def test_one_goes_back_and_forward_through_chats(scene: Scene) -> None:
    async with running(scene) as shown:
        shown.main.open_chat(MARA_KEY)
        await shown.press("f11")
        assert shown.main.open_key == KITCHEN_KEY
        await shown.press("f11")
        assert "There is nothing before." in shown.text
        await shown.press("alt+right")
        assert shown.main.open_key == MARA_KEY


async def test_the_pane_that_one_is_in_fills_the_screen_and_makes_room_again(scene: Scene) -> None:
    async with running(scene) as shown:
        await shown.press("ctrl+t")
        assert panes(shown) == (False, True, False)
        await shown.press("ctrl+t")
        assert panes(shown) == (True, True, True)
        shown.main.chat_list.focus()
        await shown.press("ctrl+t")
        assert panes(shown) == (True, False, False)
        await shown.press("ctrl+t")
        assert panes(shown) == (True, True, True)


async def test_of_several_chats_the_one_that_one_is_in_fills_the_screen(scene: Scene) -> None:
    async with running(scene, (160, 40)) as shown:
        await shown.press("ctrl+p", *"beside", "enter", *"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        await shown.press("ctrl+t")
        await shown.until(lambda: "see you at seven then" in shown.text and "who brings bread?" not in shown.text)
        await shown.press("ctrl+t")
        await shown.until(lambda: "see you at seven then" in shown.text and "who brings bread?" in shown.text)
        await shown.press("ctrl+t", "ctrl+k", *"kitchen", "enter")
        await shown.until(lambda: "who brings bread?" in shown.text and "see you at seven then" not in shown.text)


async def test_a_chat_beside_another_ends_the_zoom(scene: Scene) -> None:
    async with running(scene, (160, 40)) as shown:
        await shown.press("ctrl+t", "ctrl+p", *"beside", "enter", *"mara", "enter")
        await shown.until(lambda: shown.main.open_key == MARA_KEY)
        assert panes(shown) == (True, True, False)
        assert "who brings bread?" in shown.text


def test_asking_for_a_side_pane_ends_the_zoom() -> None:
    zoomed = Wants(zoomed=True)
    assert visible(160, zoomed, has_chat=True, is_room=True) == (Pane.CHAT,)
    assert not toggle_chats(160, zoomed).zoomed
    assert not toggle_people(160, zoomed).zoomed
