"""The history widget on a real store, scrolled, filled and used by keys."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from textual import events

from tests.ui.running import Running, running
from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, at, ours, said
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.events import HistoryExtended, MessageAdded, MessageChanged
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes

MANY = 400


def talk(count: int = MANY) -> tuple[NewMessage, ...]:
    """Enough to scroll; every third message takes several lines."""
    return tuple(
        said(f"Nick{number % 5}", f"message {number} " + "and so on " * (number % 3 * 12), at(0, 10, 42, 30) + number)
        for number in range(count)
    )


@pytest.fixture
async def full(scene: Scene) -> AsyncIterator[Running]:
    """The kitchen with many messages, all read."""

    def fill(writes: Writes) -> None:
        for message in talk():
            writes.add_message(message)
        writes.mark_read(KITCHEN_KEY)

    await scene.store.write(fill)
    async with running(scene, (100, 30)) as shown:
        yield shown


def bodies(shown: Running) -> list[str]:
    return [block.message.body.split(" and")[0].strip() for block in shown.history.blocks.blocks]


def rows_on_screen(shown: Running) -> list[str]:
    """The rows of the history, without the panes beside it and the scrollbar."""
    region = shown.history.region
    return [line[region.x : region.right - 1] for line in shown.lines[region.y : region.bottom]]


def first_row(shown: Running) -> str:
    return rows_on_screen(shown)[0]


def last_row(shown: Running) -> str:
    return " ".join(rows_on_screen(shown)[-1].split())


async def hear(shown: Running, nick: str, body: str) -> None:
    """Somebody in the kitchen says something; wait until the screen knows."""
    before = len(shown.scene.engine.newest(KITCHEN_KEY, 100_000))
    line = shown.scene.network.lines[HOME]
    sender = KITCHEN.with_resource(nick)
    line.receiver.receive(
        MessageReceived(
            Route.LIVE, sender, sender, HOME, MessageType.GROUPCHAT, id=f"{nick}-{body}", body=body,
            stanza_ids=(StanzaId(KITCHEN, f"{nick}-{body}"),),
        )
    )  # fmt: skip
    await shown.until(lambda: len(shown.scene.engine.newest(KITCHEN_KEY, 100_000)) > before)
    await shown.until(lambda: not shown.app._pending)


async def test_it_opens_at_the_newest_message_and_follows_it(full: Running) -> None:
    assert full.history.at_newest
    assert "message 399" in last_row(full)
    await hear(full, "Juno", "one more")
    assert "Juno one more" in last_row(full)
    assert full.history.at_newest


async def test_a_reader_who_has_scrolled_up_is_not_moved_and_is_told_how_many_came(full: Running) -> None:
    await full.press("pageup")
    place = first_row(full)
    for number in range(3):
        await hear(full, "Juno", f"late {number}")

    assert first_row(full) == place
    assert "↓ newest (3)" in full.text
    assert "Ctrl+End newest" in full.lines[-1]
    await full.press("ctrl+end")
    assert "late 2" in last_row(full)
    assert "↓ newest" not in full.text


async def test_what_comes_below_a_reader_stays_unread_until_they_get_there(full: Running) -> None:
    await full.press("pageup")
    await hear(full, "Juno", "unseen")
    chat = full.scene.engine.chat(KITCHEN_KEY)
    assert chat is not None
    assert chat.unread == 1
    await full.press("pagedown", "pagedown")
    await full.until(lambda: not getattr(full.scene.engine.chat(KITCHEN_KEY), "unread", 1))


async def test_paging_up_reads_the_whole_story_and_keeps_every_row_in_order(full: Running) -> None:
    seen: list[str] = []
    while full.history.scroll_offset.y > 0 or not (full.history.window and full.history.window.at_start):
        await full.press("pageup")
        seen += [row.split("message ")[1].split()[0] for row in rows_on_screen(full) if "message " in row]
    numbers = sorted({int(number) for number in seen})

    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert numbers[0] == 0
    assert "The oven is fixed" in full.text


async def test_older_messages_from_the_store_do_not_move_the_reader(full: Running) -> None:
    history = full.history
    assert history.window is not None
    history.to_row(history.page + 2)
    await full.pilot.pause()
    place = first_row(full)
    before = len(history.window.messages)
    history.window.load_older()
    where = history.place()
    history._sync(where)
    await full.pilot.pause()

    assert len(history.window.messages) > before
    assert first_row(full) == place


@pytest.mark.parametrize("width", [70, 160])
async def test_wrapping_for_another_width_keeps_the_message_that_was_read(full: Running, width: int) -> None:
    await full.press("pageup", "pageup")
    place = full.history.place()
    assert place is not None
    await full.pilot.resize_terminal(width, 30)
    await full.pilot.pause()
    after = full.history.place()

    assert after is not None
    assert after.message_id == place.message_id


async def test_wrapping_at_the_end_stays_at_the_end(full: Running) -> None:
    for size in ((60, 20), (160, 50), (90, 24)):
        await full.pilot.resize_terminal(*size)
        await full.pilot.pause()
        assert full.history.at_newest
        assert "message 399" in " ".join(rows_on_screen(full)[-3:])


async def test_a_growing_composer_does_not_hide_the_newest_message(full: Running) -> None:
    full.composer.insert("one\ntwo\nthree\nfour\nfive")
    await full.pilot.pause()
    await full.pilot.pause()

    assert full.composer.size.height == 5
    assert "message 399" in last_row(full)
    full.composer.insert("\n" * 40)
    await full.pilot.pause()
    assert full.composer.outer_size.height <= 10


async def test_few_messages_stand_at_the_bottom(scene: Scene) -> None:
    async with running(scene) as shown:
        assert "closed on Sundays" in last_row(shown)
        assert first_row(shown).strip() == ""


async def test_unread_messages_begin_under_a_line_and_many_of_them_at_it(scene: Scene) -> None:
    await scene.store.write(lambda writes: [writes.add_message(message) for message in talk(100)])
    async with running(scene, (100, 30)) as shown:
        assert any("─ new ─" in row for row in rows_on_screen(shown)[:4])
        assert not shown.history.at_newest
        assert "↓ newest (102)" in shown.text
        assert getattr(scene.engine.chat(KITCHEN_KEY), "unread", 0) == 102
        await shown.press("ctrl+end")
        await shown.until(lambda: not getattr(scene.engine.chat(KITCHEN_KEY), "unread", 1))


async def test_the_line_over_the_new_ones_goes_when_the_person_answers(scene: Scene) -> None:
    async with running(scene) as shown:
        assert any("─ new ─" in row for row in rows_on_screen(shown))
        shown.composer.insert("I do")
        await shown.press("enter")
        await shown.until(lambda: "I do" in last_row(shown))
        assert not any("─ new ─" in row for row in rows_on_screen(shown))


async def test_what_comes_while_nobody_looks_stands_under_a_new_line_and_is_unread(full: Running) -> None:
    full.app.app_focus = False
    await hear(full, "Juno", "anybody there?")
    assert " new " in " ".join(full.lines[-10:])
    assert getattr(full.scene.engine.chat(KITCHEN_KEY), "unread", 0) == 1
    full.app.app_focus = True
    full.app.on_app_focus()
    await full.until(lambda: not getattr(full.scene.engine.chat(KITCHEN_KEY), "unread", 1))


async def test_a_flood_is_shown_at_its_end_and_the_window_stays_small(full: Running) -> None:
    newest = full.scene.engine.newest(KITCHEN_KEY, 1)[0]

    def flooded(number: int) -> Message:
        return replace(newest, id=10**6 + number, position=newest.position + 1 + number, body=f"flood {number}")

    for start in range(0, 5_000, 50):
        full.app._listen([MessageAdded(flooded(number), live=True) for number in range(start, start + 50)])
    await full.until(lambda: not full.app._pending)
    await full.until(lambda: "flood 4999" in last_row(full))

    assert full.history.window is not None
    assert len(full.history.window.messages) <= 700
    assert bodies(full)[-3:] == ["flood 4997", "flood 4998", "flood 4999"]


async def test_history_from_the_archive_is_read_again_around_the_reader(full: Running) -> None:
    await full.press("pageup", "pageup")
    place = first_row(full)
    last = full.scene.engine.newest(KITCHEN_KEY, 1)[0]
    late = replace(said("Mara", "from the archive", last.time + 5), from_archive=True)
    await full.scene.store.write(lambda writes: writes.add_message(late))
    full.app._listen([HistoryExtended(KITCHEN_KEY, 1)])
    await full.pilot.pause()

    assert first_row(full) == place
    await full.press("ctrl+end")
    assert "from the archive" in last_row(full)


async def test_a_message_changes_on_the_screen_as_it_travels(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("I do")
        await shown.press("enter")
        await shown.until(lambda: "I do ✓" in last_row(shown))
        message = scene.engine.newest(MARA_KEY, 1)[0]
        assert message.delivery is Delivery.SENT
        shown.app._listen([MessageChanged(replace(message, delivery=Delivery.FAILED, error="too long"))])
        await shown.until(lambda: "✗ not sent: too long" in shown.text)


async def test_the_mark_of_doubt_goes_from_a_message_on_the_screen_when_its_key_is_proven(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        message = replace(scene.engine.newest(MARA_KEY, 1)[0], encryption=Encryption.OMEMO)
        shown.app._listen([MessageChanged(replace(message, trust=Trust.UNPROVEN))])
        await shown.until(lambda: "🔒?" in last_row(shown))
        shown.app._listen([MessageChanged(replace(message, trust=Trust.TRUSTED))])
        await shown.until(lambda: "🔒" in last_row(shown) and "🔒?" not in shown.text)


async def test_the_cursor_goes_up_from_the_empty_composer_and_back_below_the_last_message(full: Running) -> None:
    await full.press("up")
    assert full.focused() is full.history
    assert full.history.selected is not None
    assert full.history.selected.body.startswith("message 399")
    await full.press("up", "up")
    assert full.history.selected.body.startswith("message 397")
    assert "▌" in full.text
    await full.press("end", "down")
    assert full.focused() is full.composer
    assert full.history.selected is None


async def test_the_cursor_takes_the_screen_along_and_older_messages_are_read(full: Running) -> None:
    await full.press("up", "home")
    assert full.history.selected is not None
    for _ in range(80):
        await full.press("pageup")
        if full.history.selected.body.startswith("The oven"):
            break
    assert full.history.selected.body.startswith("The oven")
    assert full.history.scroll_offset.y <= full.history.head


async def test_the_arrows_stay_in_a_text_that_is_not_empty(full: Running) -> None:
    full.composer.insert("a\nb")
    await full.press("up")
    assert full.focused() is full.composer
    assert full.composer.cursor_location[0] == 0


async def test_y_copies_the_selected_text_as_it_is(full: Running) -> None:
    await full.press("up", "y")
    assert full.history.selected is not None
    assert full.app.clipboard == full.history.selected.body
    assert "Copied." in full.text


async def test_a_message_that_failed_is_retried_with_one_key_and_deleted_with_another(scene: Scene) -> None:
    def fail(writes: Writes) -> None:
        for number, body in enumerate(("first", "second")):
            stored = writes.add_message(ours(MARA_KEY, ChatKind.CONTACT, body, at(0, 10, 42, 40 + number)))
            writes.set_delivery(stored.message.id, Delivery.FAILED, "no such address")

    await scene.store.write(fail)
    async with running(scene, open_at=MARA_KEY.peer) as shown:
        await shown.press("up", "up", "up")
        assert "retry" not in shown.lines[-1]
        await shown.press("end")
        assert "R retry" in shown.lines[-1]
        assert "x delete" in shown.lines[-1]
        await shown.press("x")
        await shown.until(lambda: [m.body for m in scene.engine.newest(MARA_KEY, 1)] == ["first"])
        assert "second" not in " ".join(shown.lines[:-3])
        await shown.press("R")
        await shown.until(lambda: scene.engine.newest(MARA_KEY, 1)[0].delivery is Delivery.SENT)
        await shown.until(lambda: "not sent" not in " ".join(shown.lines[3:-4]))


async def test_a_click_selects_a_message(full: Running) -> None:
    row = next(index for index, line in enumerate(rows_on_screen(full)) if "message 399" in line)
    await full.pilot.click(full.history, offset=(30, row))
    await full.pilot.pause()
    assert full.history.selected is not None
    assert full.history.selected.body.startswith("message 399")


async def test_the_wheel_scrolls_and_reaching_the_end_follows_again(full: Running) -> None:
    end = full.history.scroll_offset.y
    full.history.scroll_up(animate=False)
    await full.pilot.pause()
    assert full.history.scroll_offset.y < end
    assert not full.history.at_newest
    for _ in range(5):
        full.history.scroll_down(animate=False)
        await full.pilot.pause()
    assert full.history.at_newest


async def test_another_chat_is_shown_by_the_same_widget_at_its_own_end(full: Running) -> None:
    widget = full.history
    full.main.open_chat(MARA_KEY)
    await full.pilot.pause()
    assert full.history is widget
    assert "see you at seven then" in last_row(full)
    full.main.open_chat(KITCHEN_KEY)
    await full.pilot.pause()
    assert "message 399" in last_row(full)


async def test_a_name_that_needs_more_room_widens_the_column_for_all(scene: Scene) -> None:
    async with running(scene) as shown:
        assert "Theo 日本" in last_row(shown)
        await hear(shown, "Bartholomew", "good morning")
        assert "Bartholomew good morning" in last_row(shown)
        assert any("Theo         日本" in line for line in shown.lines)


async def test_own_messages_are_told_from_others_by_the_word_you(scene: Scene) -> None:
    async with running(scene) as shown:
        own = [block.message for block in shown.history.blocks.blocks if block.message.direction is Direction.OUT]
        assert len(own) == 1
        assert "10:38  you   Then it is decided. I bring wine.  ✓" in "\n".join(shown.lines)


async def test_a_sender_can_have_a_text_shown_as_it_is(full: Running) -> None:
    line = full.scene.network.lines[HOME]
    sender = KITCHEN.with_resource("Juno")
    line.receiver.receive(
        MessageReceived(
            Route.LIVE, sender, sender, HOME, MessageType.GROUPCHAT, id="plain", body="2 *3* 4", unstyled=True
        )
    )  # fmt: skip
    await full.until(lambda: full.scene.engine.newest(KITCHEN_KEY, 1)[0].body == "2 *3* 4")
    assert full.scene.engine.newest(KITCHEN_KEY, 1)[0].unstyled
    await full.until(lambda: "2 *3* 4" in last_row(full))


async def test_many_pages_up_at_once_get_as_far_as_they_mean(full: Running) -> None:
    full.composer.focus()
    await full.pilot.pause()
    for _ in range(160):
        full.app.post_message(events.Key("pageup", None))

    def is_at_the_top() -> bool:
        window = full.history.window
        return window is not None and window.at_start and full.history.scroll_offset.y < full.history.page

    await full.until(is_at_the_top)
    assert "message 0" in bodies(full)
