"""The echo of a key, on the terminal before all else that is to be painted."""

from textual.widget import Widget


def echo(widget: Widget) -> None:
    """Paint now what a key has changed in a widget, unless it has changed the layout.

    Textual paints at most once a frame, and then everything that has changed: while messages pour in, a letter would
    wait for the history and the lists, which take as long as a frame.
    """
    app, screen = widget.app, widget.screen
    if app._batch_count or not screen.is_current or widget._layout_required or screen._layout_required:  # noqa: SLF001
        return
    compositor = screen._compositor  # noqa: SLF001 - Textual has no way of its own to paint one widget
    compositor.update_widgets({widget})
    app._display(screen, compositor.render_update(screen_stack=app._background_screens))  # noqa: SLF001
