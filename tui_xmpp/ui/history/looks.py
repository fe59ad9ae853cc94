"""The colours and weights of what is painted in the history, by name."""

INKS = {
    "quiet": "$quiet",
    "rule": "$rule",
    "day": "$quiet",
    "new": "$warning",
    "own": "bold $primary",
    "body": "$foreground",
    "action": "italic $foreground",
    "seen": "bold $success",
    "error": "$error",
    "mention": "bold $warning",
    "gone": "italic $quiet",
    "more": "italic $quiet",
    "strong": "bold",
    "emphasis": "italic",
    "struck": "strike",
    "mono": "$secondary",
    "link": "underline $secondary",
    "quote": "$quiet",
    "code": "on $surface",
    "code-comment": "italic $quiet",
    "code-keyword": "$primary",
    "code-text": "$success",
    "code-number": "$warning",
    "code-name": "bold $secondary",
    "chip": "$foreground on $chip",
    "chip-own": "bold $primary on $chip",
}
"""What texts are drawn with: styles of Textual's, which are read where they are wanted; a rule for each is dear."""

_GROUNDS = {
    "selected": "background: $panel;",
    "bar": "color: $primary; background: $panel;",
    "marked": "background: $surface;",
    "dragged": "text-style: reverse;",
}
"""What is laid under and beside selected and marked messages, and over text that the mouse went over."""

CLASSES = tuple(f"history--{name}" for name in _GROUNDS)


def css(widget: str) -> str:
    """The rules of all of them within a widget."""
    return "\n".join(f"{widget} .history--{name} {{ {rule} }}" for name, rule in _GROUNDS.items())
