"""Colours for the words of a program, for code blocks that say their language."""

from collections.abc import Iterator


def token_spans(code: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of the style of each part that has one; nothing for a language that is not known."""
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, Keyword, Name, Number, String
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return
    styles = (
        (Comment, "code-comment"),
        (Keyword, "code-keyword"),
        (String, "code-text"),
        (Number, "code-number"),
        (Name.Function, "code-name"),
        (Name.Class, "code-name"),
    )
    for start, token, value in lexer.get_tokens_unprocessed(code):
        style = next((style for kind, style in styles if token in kind), None)
        if style is not None:
            yield start, start + len(value), style
