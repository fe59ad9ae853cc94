"""Keys that arrive together act as if they had been typed one after the other."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from tests.waiting import until
from tui_xmpp.ui.key_order import OrderedKeys


class Question(ModalScreen[str]):
    def compose(self) -> ComposeResult:
        yield Input(id="answer")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Fields(OrderedKeys):
    BINDINGS: ClassVar[list[BindingType]] = [("f2", "ask", "Ask")]
    answer = ""

    def compose(self) -> ComposeResult:
        yield Input(id="first", select_on_focus=False)
        yield Input(id="second")

    def action_ask(self) -> None:
        self.push_screen(Question(), self._answered)

    def _answered(self, answer: str | None) -> None:
        self.answer = answer or ""

    def type_at_once(self, *keys: str) -> None:
        for key in keys:
            self.post_message(events.Key(key, key if len(key) == 1 else None))

    def value(self, name: str) -> str:
        return self.screen_stack[0].query_one(f"#{name}", Input).value


async def test_a_word_behind_tab_goes_to_the_next_field() -> None:
    app = Fields()
    async with app.run_test():
        app.type_at_once("a", "b", "tab", "c", "d", "shift+tab", "e")
        await until(lambda: app.value("first").endswith("e"), what="the last key")
        assert (app.value("first"), app.value("second")) == ("abe", "cd")


async def test_a_word_behind_the_key_that_opens_a_dialog_goes_into_the_dialog_and_the_rest_behind_it() -> None:
    app = Fields()
    async with app.run_test():
        app.type_at_once("x", "f2", "y", "e", "s", "enter", "z")
        await until(lambda: app.value("first").endswith("z"), what="the last key")
        assert (app.answer, app.value("first")) == ("yes", "xz")


async def test_a_paste_waits_its_turn() -> None:
    app = Fields()
    async with app.run_test():
        app.type_at_once("tab")
        app.post_message(events.Paste("pasted"))
        app.type_at_once("!")
        await until(lambda: app.value("second").endswith("!"), what="the last key")
        assert (app.value("first"), app.value("second")) == ("", "pasted!")


async def test_what_was_typed_is_in_the_field_before_a_priority_key_acts() -> None:
    class Hasty(Fields):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", "Take", priority=True)]

        def action_take(self) -> None:
            self.answer = self.value("first")

    app = Hasty()
    async with app.run_test():
        app.type_at_once(*"hello", "enter", *"more")
        await until(lambda: app.value("first").endswith("more"), what="the last key")
        assert (app.answer, app.value("first")) == ("hello", "hellomore")


async def test_keys_that_only_scroll_do_not_hold_back_those_behind_them() -> None:
    class Scrolling(Fields):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("pageup", "scroll_back", "Back", priority=True)]
        STAYING = frozenset({"scroll_back"})
        pages = settled = 0

        def action_scroll_back(self) -> None:
            self.pages += 1

        def _settle(self, target: Widget) -> None:
            self.settled += 1
            super()._settle(target)

    app = Scrolling()
    async with app.run_test():
        app.type_at_once(*["pageup"] * 50)
        await until(lambda: app.pages == 50, what="the last key")
        assert app.settled == 0
        app.type_at_once("pageup", "tab", "pageup", "x")
        await until(lambda: app.value("second").endswith("x"), what="the last key")
        assert (app.pages, app.value("first"), app.value("second")) == (52, "", "x")
        assert app.settled == 1
