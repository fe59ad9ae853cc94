"""The colours and weights of what is painted in the history, by name."""

INKS = {
    "quiet": "color: $quiet;",
    "rule": "color: $rule;",
    "day": "color: $quiet;",
    "new": "color: $warning;",
    "own": "color: $primary; text-style: bold;",
    "body": "color: $foreground;",
    "action": "color: $foreground; text-style: italic;",
    "seen": "color: $success; text-style: bold;",
    "error": "color: $error;",
    "mention": "color: $warning; text-style: bold;",
    "gone": "color: $quiet; text-style: italic;",
    "more": "color: $quiet; text-style: italic;",
    "strong": "text-style: bold;",
    "emphasis": "text-style: italic;",
    "struck": "text-style: strike;",
    "mono": "color: $secondary;",
    "link": "color: $secondary; text-style: underline;",
    "quote": "color: $quiet;",
    "code": "background: $surface;",
    "code-comment": "color: $quiet; text-style: italic;",
    "code-keyword": "color: $primary;",
    "code-text": "color: $success;",
    "code-number": "color: $warning;",
    "code-name": "color: $secondary; text-style: bold;",
    "chip": "color: $foreground; background: $chip;",
    "chip-own": "color: $primary; background: $chip; text-style: bold;",
}
"""What texts are drawn with."""

_GROUNDS = {
    "selected": "background: $panel;",
    "bar": "color: $primary; background: $panel;",
}
"""What is laid under and beside the selected message."""

CLASSES = tuple(f"history--{name}" for name in (*INKS, *_GROUNDS))


def css(widget: str) -> str:
    """The rules of all of them within a widget."""
    return "\n".join(f"{widget} .history--{name} {{ {rule} }}" for name, rule in (INKS | _GROUNDS).items())
