"""Texts that break screens which trust them (SECURITY 21, 22)."""

HOSTILE = (
    "[/foo]",
    "[@click=app.quit]x[/]",
    "[link=x",
    "\\[bold]",
    "$accent",
    "esc \x1b]0;owned\x07 \x1b[2J",
    "c1 \x9b31m \x85",
    "bidi \u202e\u2066evil",
    "zero\u200b\ufeff\u2060width",
    "n" * 300,
    "wide 👩‍👩‍👧 🇩🇪 王小明 ｆｕｌｌ",
    "marks e" + "\u0301" * 40,
    "two\nlines\r\nthree",
    "\x00",
)
"""Each goes through every screen."""

HOSTILE_PAIRS = (*(f"{one} {other}" for one, other in zip(HOSTILE[:7], HOSTILE[7:], strict=True)), HOSTILE[-1])
"""Two at once, for walks through whole screens: one that is read as something else and one that is drawn as it is not
meant; and one of which nothing is left."""

FORBIDDEN = frozenset(
    [
        *(chr(code) for code in (*range(32), 127, *range(0x80, 0xA0))),
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\u2060",
    ]
)
"""Characters that never belong in a line of the screen."""
