"""Hostile names, addresses, words and reasons in the dialogs that only put a question (SECURITY 21)."""

from pathlib import Path
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.geometry import Offset

from tests.engines import Client
from tests.ui.screens.host import Host, showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE_PAIRS
from tests.ui.screens.profiles import HOME, offline
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.report import Complaint, Remedies, ReportSender, Unblock
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.action import Action, Group
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.palette import Offer
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.menu import Menu
from tui_xmpp.ui.screens.put_away import PutAway
from tui_xmpp.ui.screens.report import Blocked, ReportDialog
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.spelling import ADD, SpellingDialog

SIZE = (50, 20)
REPORTS, BLOCKS = Remedies(blocks=True, takes_reports=True), Remedies(blocks=True)


def check_safe(app: Host[Any]) -> None:
    """No byte and no action that was not meant."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert not FORBIDDEN & set(segment.text), segment.text
            assert segment.style is None or ("@click" not in segment.style.meta and segment.style.link is None)


def check(app: Host[Any], text: str) -> None:
    """No byte and no action that was not meant, and the text stands there as text."""
    check_safe(app)
    assert clean_line(text)[:15].rstrip() in app.text


def nicknamed(text: str) -> Address:
    """Somebody in a room, where nearly every text can be a nickname; made past the checks of `parse`."""
    return Address("r.example", "tea", text)


def keeping_away(client: Client, monkeypatch: pytest.MonkeyPatch, *found: Address, problem: str = "") -> Blocked:
    """The list as a server answers it, or the server's refusal."""

    async def blocked(_account: Address) -> tuple[Address, ...]:
        if problem:
            raise RequestFailed(problem, title=problem)
        return found

    monkeypatch.setattr(client.engine, "blocked", blocked)
    return Blocked(client.engine, HOME)


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_no_name_breaks_the_question_before_something_is_put_away(text: str) -> None:
    async with showing(lambda: PutAway(f"Close {text}?", f"{text} leaves the list.", text), SIZE) as (app, pilot):
        check(app, text)
        await pilot.press("space")
        check(app, text)
        await pilot.press("tab", "tab")
        check(app, text)
        await pilot.press("escape")
        assert app.closed


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
@pytest.mark.parametrize("remedies", [REPORTS, BLOCKS], ids=["reports", "blocks"])
async def test_no_address_breaks_a_report(remedies: Remedies, text: str) -> None:
    key = ChatKey(HOME, nicknamed(text))
    async with showing(lambda: ReportDialog(key, (1,), remedies), SIZE) as (app, pilot):
        check(app, text)
        await pilot.press("tab")
        check_safe(app)  # what is so long that it fills the dialog goes up with the focus


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_what_is_pasted_as_the_reason_of_a_report_is_cleaned(text: str) -> None:
    key = ChatKey(HOME, nicknamed("Mara"))
    async with showing(lambda: ReportDialog(key, (1,), REPORTS), (80, 24)) as (app, pilot):
        line = app.screen.query_one(Line)
        line.insert_text_at_cursor(text)
        line.focus()
        await pilot.press("home")
        check(app, text)
        await pilot.press("enter")
        assert isinstance(app.result, ReportSender)
        assert app.result.complaint is Complaint.SPAM
        assert not FORBIDDEN.intersection(app.result.text)
        assert app.result.text.startswith(clean_line(text)[:15].rstrip())


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_no_address_and_no_refusal_breaks_the_list_of_those_kept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    async with offline(tmp_path, HOME) as client:
        found = (Address("plain.example"), nicknamed(text))
        async with showing(lambda: keeping_away(client, monkeypatch, *found), SIZE) as (app, pilot):
            await pilot.pause()
            assert len(app.screen.query_one(Rows).rows) == len(found)
            check(app, text)
            await pilot.press("down")
            check(app, text)
        async with showing(lambda: keeping_away(client, monkeypatch, problem=text), SIZE) as (refused, pilot):
            await pilot.pause()
            check(refused, text)


async def test_somebody_with_markup_in_the_name_can_be_let_in_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = Address.parse("tea@r.example/[@click=app.quit]x[/]")
    async with (
        offline(tmp_path, HOME) as client,
        showing(lambda: keeping_away(client, monkeypatch, evil), SIZE) as (app, pilot),
    ):
        await pilot.pause()
        await pilot.press("enter")
        assert app.result == Unblock(HOME, evil)
        assert not app.quits


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_no_word_breaks_the_dialog_of_spellings(text: str) -> None:
    async with showing(lambda: SpellingDialog(text, (text, f"{text}s")), SIZE) as (app, pilot):
        check(app, text)
        await pilot.press("down", "down")
        check(app, text)
        await pilot.press("+")
        assert app.result == ADD
    async with showing(lambda: SpellingDialog("teh", (text,)), SIZE) as (offering, pilot):
        check(offering, text)
        await pilot.press("1")
        assert offering.result == text


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_no_text_breaks_the_menu(text: str) -> None:
    action = Action("reply", f"reply {text}", text, (text,), Where.HISTORY, Group.MESSAGES)
    offers = (Offer(action, DOMNode(), ("r",)), Offer(action, DOMNode(), (text,)))
    async with showing(lambda: Menu(offers, Offset(3, 3)), SIZE) as (app, pilot):
        check(app, text)
        await pilot.press("down")
        check(app, text)
        await pilot.press("r")
        assert app.result == "reply"
    async with showing(lambda: Menu(offers[:1], Offset(3, 3), text), SIZE) as (titled, _):
        check(titled, text)
        assert clean_line(text)[:15].rstrip() in next(line for line in titled.lines if "╭" in line)
