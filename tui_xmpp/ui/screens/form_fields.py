"""A data form (XEP-0004) to fill in, field by field; the forms of XEP-0077 §14.1 too."""

from collections.abc import Iterable, Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from tui_xmpp.core.ports import Answers
from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.form import FieldKind, Form, FormField
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.fields import Check, Choice, Field, Line, Lines
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.words import field_label

_NARROW_LABEL = 11
"""Longest label that stands beside its control; longer ones stand above."""

_FEW = 4
"""Most options that are chosen in one line; more become a list."""

_TRUE = {"1", "true"}


class FormFields(Vertical):
    """The fields of a form; `answers` gives them back in the wire's form."""

    DEFAULT_CSS = """
    FormFields { height: auto; }
    FormFields > Plain { margin-bottom: 1; }
    FormFields .form--intro { color: $text-muted; }
    FormFields .form--marks { height: auto; width: 1fr; }
    FormFields .form--repeat { margin-top: 1; }
    FormFields Rows { max-height: 6; margin-bottom: 0; background: $foreground 6%; }
    """

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._asked = [_Asked(field) for field in form.fields if field.kind not in {FieldKind.FIXED, FieldKind.HIDDEN}]

    @property
    def fillable(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self._asked)

    def compose(self) -> ComposeResult:
        """Title and instructions, then each field in the form's order."""
        if self._form.title:
            yield Plain(clean_line(self._form.title), classes="form--title")
        if self._form.instructions:
            yield Plain(self._form.instructions.strip(), classes="form--intro")
        asked = iter(self._asked)
        for field in self._form.fields:
            if field.kind is FieldKind.FIXED:
                yield Plain("\n".join(field.values), classes="form--intro")
            elif field.kind is not FieldKind.HIDDEN:
                yield next(asked)
        if any(field.required for field in self._form.fields):
            yield Plain("* must be filled in", classes="form--intro")

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        if self._asked:
            self._asked[0].focus_control()

    def answers(self) -> Answers | None:
        """What was filled in, with the hidden fields as they came; None after saying what is wrong."""
        found: Answers = {
            field.name: field.values for field in self._form.fields if field.kind is FieldKind.HIDDEN and field.name
        }
        wrong: list[_Asked] = []
        for asked in self._asked:
            problem = asked.check()
            asked.show_problem(problem)
            if problem:
                wrong.append(asked)
            elif asked.field.name:
                found[asked.field.name] = asked.values
        if wrong:
            wrong[0].focus_control()
            return None
        return found


class _Asked(Field):
    """One field with the control that its kind needs."""

    def __init__(self, field: FormField) -> None:
        self.field = field
        label = field_label(field)
        marked = f"{label} *" if field.required else label
        self._again: Line | None = None
        self._marks: list[tuple[str, Check]] = []
        self._control = self._make(marked)
        shown = "" if field.kind is FieldKind.BOOLEAN else marked
        wide = len(marked) > _NARROW_LABEL and bool(shown)
        super().__init__(shown, self._control, note=field.description.strip(), wide=wide)

    def _make(self, label: str) -> Widget:
        field, value = self.field, (self.field.values[0] if self.field.values else "")
        match field.kind:
            case FieldKind.BOOLEAN:
                return Check(label, value=value in _TRUE)
            case FieldKind.LIST_SINGLE:
                return _choice(field, value)
            case FieldKind.LIST_MULTI:
                self._marks = [
                    (option, Check(clean_line(name or option), value=option in field.values))
                    for option, name in field.options
                ]
                return Vertical(*(check for _, check in self._marks), classes="form--marks")
            case FieldKind.TEXT_MULTI | FieldKind.JID_MULTI:
                return Lines("\n".join(field.values))
            case FieldKind.TEXT_PRIVATE:
                self._again = Line(value, password=True, placeholder="once more")
                self._again.add_class("form--repeat")
                return Vertical(Line(value, password=True), self._again, classes="form--marks")
            case _:
                return Line(value)

    def focus_control(self) -> None:
        """Put the cursor into the control."""
        target = self._control if self._control.can_focus else next(iter(self._control.query("Line, Check")), None)
        if target is not None:
            target.focus()

    @property
    def values(self) -> tuple[str, ...]:
        """What is filled in, in the wire's form."""
        control = self._control
        match control:
            case Check():
                return ("1" if control.value else "0",)
            case Choice():
                return (str(control.value),) if control.value else ()
            case _OptionRows():
                return (control.value,) if control.value else ()
            case Lines():
                return tuple(line for line in control.text.splitlines() if line.strip())
            case Line():
                return (control.value,) if control.value else ()
            case _ if self._again is not None:
                typed = control.query(Line).first().value
                return (typed,) if typed else ()
        return tuple(option for option, check in self._marks if check.value)

    def check(self) -> str:
        """What is wrong with what was filled in; empty when nothing is."""
        values = self.values
        if self.field.required and not any(value.strip() for value in values):
            return "This must be filled in."
        if self._again is not None and (self._again.value,) != (values or ("",)):
            return "The two are not the same."
        if self.field.kind in {FieldKind.JID_SINGLE, FieldKind.JID_MULTI}:
            return next(_address_problems(values), "")
        return ""

    def on_input_changed(self) -> None:
        """Take back what was said to be wrong."""
        self.show_problem("")


class _OptionRows(Rows):
    """The options of a list with many of them."""

    def __init__(self, options: tuple[tuple[str, str], ...], value: str) -> None:
        super().__init__()
        self._options_given = options
        self._start = value

    def on_mount(self) -> None:
        """Show the options with the default chosen."""
        rows = [Row(str(index), name or option) for index, (option, name) in enumerate(self._options_given)]
        values = [option for option, _ in self._options_given]
        self.show_rows(rows, chosen=str(values.index(self._start)) if self._start in values else None)

    @property
    def value(self) -> str:
        """The chosen option's value."""
        return self._options_given[int(self.chosen)][0] if self.chosen is not None else ""


def _choice(field: FormField, value: str) -> "Choice[str] | _OptionRows":
    """One of the options; where the form has no default, nothing is chosen until a person does."""
    options = field.options
    if value not in [option for option, _ in options]:
        options = (("", "(nothing chosen)"), *options)
    if len(options) <= _FEW:
        return Choice([(option, clean_line(name or option)) for option, name in options], value)
    return _OptionRows(options, value)


def _address_problems(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        try:
            Address.parse(value)
        except AddressError as error:
            yield error.message
