"""What tui-xmpp.doap says about the protocol, held against the code."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import tui_xmpp

ROOT = Path(__file__).parents[1]
LAYERS = ("model", "storage", "core", "xmpp", "web", "ui")
DOAP = "{http://usefulinc.com/ns/doap#}"
XMPP = "{https://linkmauve.fr/ns/xmpp-doap#}"
RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


def listed() -> dict[str, ET.Element]:
    """Number to entry, of every extension in the file."""
    project = ET.parse(ROOT / "tui-xmpp.doap").getroot().find(f"{DOAP}Project")
    assert project is not None
    found: dict[str, ET.Element] = {}
    for entry in project.iter(f"{XMPP}SupportedXep"):
        xep = entry.find(f"{XMPP}xep")
        assert xep is not None
        number = re.fullmatch(r"https://xmpp\.org/extensions/xep-(\d{4})\.html", xep.attrib[RESOURCE])
        assert number is not None
        assert number[1] not in found
        found[number[1]] = entry
    return found


def named_in_the_code() -> set[str]:
    """The extensions that the layers name; who implements something says which section it follows."""
    sources = (path.read_text() for layer in LAYERS for path in (ROOT / "tui_xmpp" / layer).rglob("*.py"))
    return {number for source in sources for number in re.findall(r"XEP-(\d{4})", source)}


def test_every_extension_in_the_code_is_listed_and_every_listed_one_is_in_the_code() -> None:
    assert set(listed()) == named_in_the_code()


def test_every_entry_says_how_far_it_goes() -> None:
    for number, entry in listed().items():
        assert entry.findtext(f"{XMPP}status") in {"complete", "partial"}, number
        assert re.fullmatch(r"\d+\.\d+(\.\d+|rc\d+)?", entry.findtext(f"{XMPP}version", "")), number
        assert entry.findtext(f"{XMPP}since", "") <= tui_xmpp.__version__, number
        if entry.findtext(f"{XMPP}status") == "partial":
            assert entry.findtext(f"{XMPP}note"), f"{number}: what is missing?"
