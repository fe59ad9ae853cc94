"""Cleaning of every text that comes from outside (SECURITY 21, 22).

XML lets C1 controls and bidi overrides through, a decrypted body has met no parser at all, and neither Textual nor
the terminal takes anything out. So each text passes here once, at the edge of the model, and is then safe to draw.
"""

import re
import unicodedata

BODY_LIMIT = 64 * 1024
"""Most characters kept of a message."""

LINE_LIMIT = 1024
"""Most characters kept of a name, a status, a subject or any other single line."""

_MARKS_LIMIT = 6
"""Combining marks kept on one character; the densest real orthographies stay below."""

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# What is never drawn: C0 (but tab and newline), DEL, C1; soft hyphen; grapheme joiner; Arabic letter mark; Hangul and
# Khmer fillers; Mongolian vowel separator; zero-width space, LRM, RLM; embeddings and overrides; word joiner, invisible
# operators, isolates and deprecated format characters; surrogates; BOM; interlinear annotation; noncharacters;
# shorthand and musical formats; tags, but those that flags are made of; variation selectors of the supplement.
_NEVER = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e0fff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007f]+")
_FLAG_BASE = "\U0001f3f4"
_ZERO_WIDTH_JOINERS = re.compile("[\u200c\u200d]+")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MARK_RUN = re.compile("[^\x00-\u02ff]+")
_SPACES = re.compile(r"\s+")

_JOINING_SCRIPTS = (
    "ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL",
    "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "THAANA", "MANDAIC", "BALINESE",
)  # fmt: skip


def clean(text: str, *, limit: int = BODY_LIMIT) -> str:
    """Return text fit to be drawn on several lines: no controls, no bidi tricks, nothing invisible.

    Newlines are kept as `\\n`, tabs become four spaces, joiners stay only where a script or an emoji needs them,
    stacked combining marks are capped, and what is longer than `limit` ends in an ellipsis.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    text = _NEWLINES.sub("\n", text).replace("\t", "    ")
    text = _NEVER.sub("", text)
    if text.isascii():
        return text
    text = _TAGS.sub(_keep_flag_tags, text)
    text = _ZERO_WIDTH_JOINERS.sub(_keep_joiner, text)
    text = _PRIVATE.sub("\ufffd", text)
    return _MARK_RUN.sub(_cap_marks, text)


def clean_line(text: str, *, limit: int = LINE_LIMIT) -> str:
    """Return text fit for one line: `clean`, with every run of white space turned into one space."""
    if text.isascii() and text.isprintable() and "  " not in text and len(text) <= limit:
        return text.strip()
    return _SPACES.sub(" ", clean(text, limit=limit)).strip()


def is_look_alike(text: str) -> bool:
    """Whether letters of several scripts stand in one word, as in addresses made to be mistaken for another.

    Latin beside Han, Kana or Hangul is normal writing and does not count.
    """
    if text.isascii():
        return False
    for word in re.split(r"[\s.@/_-]+", text):
        scripts = {unicodedata.name(letter, "?").split(" ")[0] for letter in word if letter.isalpha()}
        scripts -= {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "BOPOMOFO", "MODIFIER"}
        if len(scripts) > 1:
            return True
    return False


def _keep_flag_tags(match: re.Match[str]) -> str:
    start = match.start()
    tags = match.group()
    is_flag = start > 0 and match.string[start - 1] == _FLAG_BASE and tags[-1] == "\U000e007f" and len(tags) <= 8
    return tags if is_flag else ""


def _keep_joiner(match: re.Match[str]) -> str:
    """One joiner, if the characters on both sides can be joined by it."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    if not before or not after:
        return ""
    joiner = match.group()[0]
    if joiner == "\u200d" and _is_emoji(before) and _is_emoji(after):
        return joiner
    return joiner if _joins(before) and _joins(after) else ""


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk"} or character in "\ufe0f\u20e3♂♀⚕⚖✈❤↔"


def _joins(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(_JOINING_SCRIPTS)


def _cap_marks(match: re.Match[str]) -> str:
    run = match.group()
    kept: list[str] = []
    marks = 0
    for character in run:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MARKS_LIMIT:
            kept.append(character)
    return "".join(kept)
