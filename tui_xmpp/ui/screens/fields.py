"""What a person fills in: a line, several lines, a mark, a choice; each with its label and what is wrong with it."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Static, TextArea

from tui_xmpp.model.text import clean
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.plain import Plain, plain

T = TypeVar("T", bound=Hashable)


class Line(Input, inherit_bindings=False):
    """One line to type into; what is pasted is cleaned before it is drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in Binding.make_bindings(Input.BINDINGS) if binding.action != "submit"),
        replace(actions.BY_ID["confirm"].binding, action="submit"),
    ]

    DEFAULT_CSS = """
    Line, Line:focus {
        border: none;
        height: 1;
        padding: 0 1;
        background: $foreground 6%;
        background-tint: $foreground 0%;
    }
    Line:focus { background: $foreground 11%; }
    Line:ansi, Line:ansi:focus { text-style: underline; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        id: str | None = None,  # noqa: A002 (Textual's name)
        max_length: int = 3071,
    ) -> None:
        super().__init__(
            placeholder=clean(placeholder),
            password=password,
            id=id,
            max_length=max_length,
            select_on_focus=False,
        )
        self.cursor_blink = False
        self._given = value

    def on_mount(self) -> None:
        """Take the first value here: `Input` can only be given one where an app is active."""
        if self._given:
            with self.prevent(Input.Changed):
                self.value = self._given

    def validate_value(self, value: str) -> str:
        """Take out what must never be drawn; a password is not drawn and stays as it is."""
        return value if self.password else clean(value).replace("\n", " ")


class Lines(TextArea):
    """Several lines to type into; Tab leaves it."""

    DEFAULT_CSS = """
    Lines, Lines:focus {
        border: none;
        height: 3;
        padding: 0 1;
        background: $foreground 6%;
        background-tint: $foreground 0%;
    }
    Lines:focus { background: $foreground 11%; }
    """

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(
            clean(value), id=id, tab_behavior="focus", show_line_numbers=False, highlight_cursor_line=False
        )
        self.cursor_blink = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert(clean(event.text))


class Check(Checkbox, inherit_bindings=False):
    """A mark to set with Space; Enter is left to the screen, where it confirms."""

    BUTTON_LEFT = "["
    BUTTON_INNER = "x"
    BUTTON_RIGHT = "]"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.CHECK)]

    DEFAULT_CSS = """
    Check, Check:focus { border: none; padding: 0; background: transparent; background-tint: $foreground 0%; }
    """

    def __init__(self, label: str, value: bool = False, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(plain(label), value, id=id)

    def action_tick(self) -> None:
        """Set the mark, or take it away."""
        self.toggle()

    @property
    def _button(self) -> Content:
        """`[x]` or `[ ]`, which needs no colour to be told apart."""
        return Content.assemble("[", ("x" if self.value else " ", "bold $accent"), "]")


class Choice(Static, Generic[T], can_focus=True):
    """One of a few values, changed with the left and right arrows or a click."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.CHOICE)]

    DEFAULT_CSS = """
    Choice {
        width: 1fr; height: 1; padding: 0 1; background: $foreground 6%;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Choice:focus { background: $foreground 11%; }
    """

    index: reactive[int] = reactive(0)

    class Changed(Message):
        """Another value was chosen."""

    def __init__(
        self,
        choices: Sequence[tuple[T, str]],
        value: T | None = None,
        *,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        super().__init__(id=id, markup=False)
        self._choices = tuple(choices)
        values = [choice for choice, _ in self._choices]
        self.set_reactive(Choice.index, values.index(value) if value in values else 0)

    @property
    def value(self) -> T:
        """What is chosen."""
        return self._choices[self.index][0]

    def render(self) -> Content:
        """The label between two arrows, which show that there is more to choose from."""
        label = plain(self._choices[self.index][1])
        if len(self._choices) == 1:
            return label
        style = "bold $accent" if self.has_focus else "$foreground-muted"
        return Content.assemble(("‹ ", style), label, (" ›", style))

    def action_next_value(self) -> None:
        """Choose the next value; after the last, the first."""
        self.turn(1)

    def action_previous_value(self) -> None:
        """Choose the value before."""
        self.turn(-1)

    def turn(self, step: int) -> None:
        """Choose the value so many after this one."""
        self.index = (self.index + step) % len(self._choices)
        self.post_message(self.Changed())

    def on_click(self) -> None:
        """Choose the next value."""
        self.turn(1)


class Field(Vertical):
    """A control with its label before it, and below it a line that says what is wrong."""

    DEFAULT_CSS = """
    Field { height: auto; margin-bottom: 1; }
    Field > Horizontal { height: auto; }
    Field .field--label { width: 13; color: $text-muted; padding-right: 1; }
    Field .field--note { margin-left: 13; color: $text-muted; }
    Field .field--problem { margin-left: 13; color: $text-error; display: none; }
    Field.-wide .field--label { width: 100%; }
    Field.-wide .field--note, Field.-wide .field--problem { margin-left: 0; }
    Field.-wide > Horizontal { layout: vertical; }
    """

    def __init__(self, label: str, control: Widget, *, note: str = "", wide: bool = False) -> None:
        super().__init__(classes="-wide" if wide else "")
        self._label = label
        self._note = note
        self.control = control

    def compose(self) -> ComposeResult:
        """Label and control in a row; note and problem below."""
        with Horizontal():
            yield Plain(self._label, classes="field--label")
            yield self.control
        if self._note:
            yield Plain(self._note, classes="field--note")
        yield Plain("", classes="field--problem")

    def show_problem(self, text: str) -> None:
        """Say what is wrong with what was filled in; an empty text takes it back."""
        self.query_one(".field--problem", Plain).show(text)

    @property
    def problem(self) -> str:
        """What is said to be wrong."""
        return str(self.query_one(".field--problem", Plain).content)


class LineField(Field):
    """A labelled line; its problem goes away as soon as something is typed."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        note: str = "",
        wide: bool = False,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        self.line = Line(value, placeholder=placeholder, password=password, id=id)
        super().__init__(label, self.line, note=note, wide=wide)

    @property
    def text(self) -> str:
        """What was typed, without spaces around it (a password: as it is)."""
        return self.line.value if self.line.password else self.line.value.strip()

    def on_input_changed(self) -> None:
        """Take back the problem."""
        self.show_problem("")

    def refuse(self, text: str) -> None:
        """Say what is wrong and put the cursor there."""
        self.show_problem(text)
        self.line.focus()
