"""Taking secrets out of everything that is written down: logs and crash reports (SECURITY 8).

Two nets, since each has holes: what the protocol marks as secret is cut by the name of its element or attribute, and
passwords that have passed through this process are cut wherever they turn up.
"""

import base64
import re

GAP = "[redacted]"

_SECRET_ELEMENTS = (
    "auth", "response", "challenge", "success", "initial-response", "additional-data",  # RFC 6120 §6, XEP-0388
    "password", "value", "token", "cred", "header",  # XEP-0077, forms, XEP-0484, XEP-0363
    "body", "html", "p", "span",  # what people write to each other
)  # fmt: skip
_SECRET_ATTRIBUTES = ("password", "token", "secret")

# As texts: Python compiles them when they are first looked for, and keeps that.
_ELEMENT = (
    rf"(?is)(<(?:[\w.-]+:)?(?:{'|'.join(_SECRET_ELEMENTS)})(?:\s[^<>]*)?(?<!/)>)((?:<!\[CDATA\[.*?(?:\]\]>|$)|[^<])+)"
)
_ATTRIBUTE = rf"""(?i)(\b(?:{"|".join(_SECRET_ATTRIBUTES)})\s*=\s*\\?)(["'])(.*?)(\2)"""
_FILE_KEY = r"(?i)(aesgcm://[^\s#]+#)[0-9a-f]+"

_SHORTEST = 4
"""Shorter passwords are cut by the first net only: cutting each `ab` would make the log unreadable and tell it, too."""

_hidden: set[str] = set()


def hide(secret: str) -> None:
    """Never write this text down again, as it is or in the forms that the protocol and Python give it."""
    from html import escape

    if len(secret) >= _SHORTEST:
        plain = secret.encode(errors="surrogatepass")
        _hidden.update(
            (secret, escape(secret, quote=False), escape(secret), repr(secret)[1:-1], repr(plain)[2:-1],
             base64.b64encode(plain).decode("ascii"))
        )  # fmt: skip


def redact(text: str) -> str:
    """Return the text with every secret in it replaced by a gap."""
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, GAP)
    if "<" in text:
        text = re.sub(_ELEMENT, rf"\1{GAP}", text)
    text = re.sub(_ATTRIBUTE, rf"\1\2{GAP}\4", text)
    return re.sub(_FILE_KEY, rf"\1{GAP}", text)
