"""Lines that are kept: they look as Textual would have painted them, and scrolling takes them as they are."""

from textual.geometry import Region
from textual.widget import Widget

from tests.ui.running import Running, running
from tests.ui.scene import Scene
from tui_xmpp.ui.line_view import LineView


def _views(shown: Running) -> tuple[LineView, ...]:
    return shown.main.chat_list, shown.history, shown.main.people


async def test_every_line_is_what_textual_would_paint(kitchen: Running) -> None:
    for view in _views(kitchen):
        for crop in (view.size.region, Region(3, 1, 9, 4)):
            kept = view.render_lines(crop)
            view._styles_cache.clear()
            assert [list(strip) for strip in kept] == [list(strip) for strip in Widget.render_lines(view, crop)]


async def test_a_line_that_scrolls_is_not_painted_anew(scene: Scene) -> None:
    async with running(scene, (100, 16)) as shown:
        history = shown.history
        history.to_row(3)
        below = history.render_lines(history.size.region)
        history.to_row(2)
        above = history.render_lines(history.size.region)
        assert len(set(map(id, above))) > 1
        assert all(after is before for before, after in zip(below, above[1:], strict=False))
