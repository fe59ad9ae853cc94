"""A letter is on the terminal before whatever else there is to paint."""

from textual import events
from textual._compositor import ChopsUpdate
from textual.screen import Screen

from tests.ui.running import Running, running
from tests.ui.scene import MARA, Scene


def watched(shown: Running) -> list[set[int]]:
    """The rows of each picture that is sent to the terminal from now on."""
    pictures: list[set[int]] = []
    display = shown.app._display

    def note(screen: Screen[object], update: object) -> None:
        if isinstance(update, ChopsUpdate):
            pictures.append({y for y, _, _ in update.spans})
        display(screen, update)  # type: ignore[arg-type]  # as it came

    shown.app._display = note  # type: ignore[method-assign, assignment]  # to look on
    return pictures


async def test_only_the_composer_is_in_the_first_picture_after_a_letter(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press("a", "backspace")  # the first letter takes the hint away
        await shown.pilot.pause()
        pictures = watched(shown)
        composer = shown.composer.region
        shown.composer.post_message(events.Key("b", "b"))
        shown.history.refresh()
        shown.main.chat_list.refresh()
        await shown.until(lambda: len(pictures) > 1)
        assert pictures[0] <= set(range(composer.y, composer.bottom))
        assert set().union(*pictures[1:]) > pictures[0]
        assert "b" in shown.text


async def test_a_letter_that_takes_a_new_line_waits_for_the_layout(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"x" * (shown.composer.size.width - 2))
        height = shown.composer.region.height
        await shown.press(*"yyyy")
        await shown.until(lambda: shown.composer.region.height > height)
        assert "yy" in shown.text
