"""Keys that arrive together act as if they had been typed one after the other."""

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Input

from tests.waiting import until
from tui_xmpp.ui.key_order import OrderedKeys


class Question(ModalScreen[str]):
    def compose(self) -> ComposeResult:
        yield Input(id="answer")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Fields(OrderedKeys):
    BINDINGS = [("f2", "ask", "Ask")]  # noqa: RUF012
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
        BINDINGS = [Binding("enter", "take", "Take", priority=True)]  # noqa: RUF012

        def action_take(self) -> None:
            self.answer = self.value("first")

    app = Hasty()
    async with app.run_test():
        app.type_at_once(*"hello", "enter", *"more")
        await until(lambda: app.value("first").endswith("more"), what="the last key")
        assert (app.answer, app.value("first")) == ("hello", "hellomore")
