"""What is painted first when the program starts, and what comes right after it."""

from textual.screen import Screen

from tests.ui.scene import HOME, KITCHEN_KEY, MARA, Scene, address, at, said
from tests.waiting import until
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.main import MainScreen

MANY = 40


def watch(app: TuiXmppApp) -> list[tuple[str, int]]:
    """What the main screen shows each time that it is painted, with how many rows the list has then."""
    display = app._display
    shown: list[tuple[str, int]] = []

    def note(screen: Screen[object], update: object) -> None:
        display(screen, update)  # type: ignore[arg-type]  # as it came
        if isinstance(screen, MainScreen) and update is not None:
            strips = screen._compositor.render_strips()
            shown.append(("\n".join(strip.text for strip in strips), len(screen.chat_list.rows)))

    app._display = note  # type: ignore[method-assign, assignment]  # to look on
    return shown


async def test_the_first_picture_has_the_messages_of_the_last_chat_and_the_keys_in_it(scene: Scene) -> None:
    app = scene.app(open_at=MARA)
    pictures = watch(app)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        first, _ = pictures[0]
        assert "are you there?" in first  # the list has only what was said last
        assert "Oma" in first
        assert "^P" in first


async def test_where_chats_fill_the_screen_the_first_picture_is_made_without_what_is_below(scene: Scene) -> None:
    def fill(writes: Writes) -> None:
        for number in range(MANY):
            key = ChatKey(HOME, address(f"friend{number:02}@far.example"))
            writes.ensure_chat(key, ChatKind.CONTACT, open=True, now=at(3, 9, 0))
        writes.add_message(said("Juno", "who brings bread?", at(0, 10, 42, 50)))

    await scene.store.write(fill)
    app = scene.app(open_at=None)
    pictures = watch(app)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        chats = app.main.chat_list
        await until(lambda: any(row.id == "heading contacts" for row in chats.rows))
        first, rows = pictures[0]
        assert app.main.open_key == KITCHEN_KEY
        assert "Kitchen" in first
        assert rows < MANY
        names = [row.id for row in chats.rows]
        assert sum(name.startswith("chat ") for name in names) == len(scene.engine.chats()) > MANY
        assert sum(name.startswith("contact ") for name in names) == len(scene.engine.contacts())
