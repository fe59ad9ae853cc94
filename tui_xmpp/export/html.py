"""A chat as one HTML file that needs nothing else: no scripts, no pictures, nothing loaded from anywhere.

All that others wrote is escaped, and the document forbids itself everything but its own style, should that ever fail.
"""

from collections.abc import Iterable, Iterator

from tui_xmpp.export.calendar import Calendar, iso
from tui_xmpp.export.spoken import about, links, spoken, title
from tui_xmpp.model.chat import Chat
from tui_xmpp.model.record import Record, Version
from tui_xmpp.model.text import clean

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --text: #1b1d21; --quiet: #5a6069; --ground: #fff; --line: #d9dce1; --own: #0b5394; --other: #7a3b00; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --text: #e4e6ea; --quiet: #a3a9b4; --ground: #15171b; --line: #33373f; --own: #8ab8ef; --other: #e5b076; }}
}}
body {{ margin: 0 auto; padding: 1rem; max-width: 60rem; font: 1rem/1.45 system-ui, sans-serif; color: var(--text);
  background: var(--ground); overflow-wrap: anywhere; }}
h1 {{ margin-bottom: 0; }}
h2 {{ font-size: 1rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }}
article {{ margin: .5rem 0; }}
a {{ color: inherit; }}
header p, small, time {{ color: var(--quiet); }}
bdi {{ font-weight: 600; color: var(--other); }}
.own bdi {{ color: var(--own); }}
.text {{ margin: 0; white-space: pre-wrap; unicode-bidi: plaintext; }}
.event {{ font-style: italic; }}
summary {{ color: var(--quiet); font-size: .85rem; }}
</style>
</head>
<body>
<header>
<h1 dir="auto">{title}</h1>
<p>{about}</p>
</header>
<main>
"""

_FOOT = "</main>\n</body>\n</html>\n"


def pieces(chat: Chat, records: Iterable[Record], calendar: Calendar) -> Iterator[str]:
    """The document, in pieces as long as a message."""
    yield _HEAD.format(title=_escape(title(chat)), about=_escape(about(chat)))
    day = ""
    for record in records:
        message = record.message
        if (today := calendar.day(message.time)) != day:
            day = today
            yield f"<h2>{day}</h2>\n"
        said = spoken(chat, message)
        notes = f" <small>{_escape(' · '.join(said.notes))}</small>" if said.notes else ""
        yield (
            f'<article class="{"own" if said.own else "other"}">\n'
            f"<bdi>{_escape(said.name)}</bdi> "
            f'<time datetime="{iso(message.time)}">{calendar.minute(message.time)}</time>{notes}\n'
            f'<p class="text{" event" if said.event else ""}" dir="auto">{_text(said.body)}</p>\n'
            f"{_earlier(record.versions, calendar)}</article>\n"
        )
    yield _FOOT


def _earlier(versions: tuple[Version, ...], calendar: Calendar) -> str:
    """Every text that a message had, folded away."""
    if not versions:
        return ""
    texts = "".join(
        f'<p class="text" dir="auto"><time datetime="{iso(version.time)}">{calendar.minute(version.time)}</time> '
        f"{_text(clean(version.body))}</p>\n"
        for version in versions
    )
    return f"<details>\n<summary>All texts</summary>\n{texts}</details>\n"


def _text(text: str) -> str:
    return "".join(
        f'<a href="{_escape(piece)}" rel="noopener noreferrer nofollow">{_escape(piece)}</a>'
        if is_link
        else _escape(piece)
        for piece, is_link in links(text)
    )


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)
