"""Hostile text on the main screens: nothing crashes, nothing becomes an action, no byte is drawn that was not meant."""

from typing import Any

import pytest

from tests.ui.running import Running, running
from tests.ui.scene import HOME, INES, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, at, said, theirs
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE_PAIRS
from tests.ui.second_act import answering, done
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.contact import Availability, Subscription
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.room import Affiliation
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.storage.values import Change
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.help import HelpScreen
from tui_xmpp.ui.main import MainScreen
from tui_xmpp.ui.palette import Palette
from tui_xmpp.ui.screens.accounts import AccountsScreen
from tui_xmpp.ui.screens.choose_link import ChooseLink
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.encryption import EncryptionDialog
from tui_xmpp.ui.screens.keep_messages import KeepMessagesDialog
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.pick_reaction import PickReaction
from tui_xmpp.ui.screens.requests import RequestDetails
from tui_xmpp.ui.screens.set_notify import SetNotifyDialog


def fill(text: str, scene: Scene) -> None:
    """The text in every place where somebody else chooses it; cleaned where the edge of the model cleans it."""
    line = clean_line(text)
    items = (RosterItem(MARA, line, (line or "x",), Subscription.BOTH),)
    scene.network.standing.roster = items
    scene.network.standing.presences = {MARA: (Availability.ONLINE, line)}
    nick = line or "x"
    scene.network.standing.rooms = {
        KITCHEN: (
            (nick, Affiliation.OWNER, Availability.ONLINE, line),
            ("Alice", Affiliation.MEMBER, Availability.ONLINE, ""),
        )
    }


def write(text: str, writes: Writes) -> None:
    line = clean_line(text)
    writes.replace_roster(HOME, (RosterItem(MARA, line, (line or "x",), Subscription.BOTH),))
    writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, clean(text), at(0, 10, 42, 50)))
    writes.add_message(said(line or "x", clean(text), at(0, 10, 42, 51)))
    writes.add_message(said(line or "x", "/me " + clean(text), at(0, 10, 42, 52)))
    writes.add_message(said(line or "x", line, at(0, 10, 42, 53), subject=True))
    answer = answering(said(line or "x", clean(text), at(0, 10, 42, 54)), "lost", line)
    writes.add_message(answer)
    writes.add_message(said("Juno", "gone", at(0, 10, 42, 55)))
    writes.operate(done(line or "x", Change.REACTIONS, f"in-{at(0, 10, 42, 54)}", emojis=line))
    writes.operate(done("", Change.MODERATION, f"in-{at(0, 10, 42, 55)}", line, moderator=line))
    writes.operate(done(line or "x", Change.CORRECTION, f"in-{at(0, 10, 42, 51)}", clean(text) + " again"))
    writes.set_title(KITCHEN_KEY, line)
    writes.set_room_state(KITCHEN_KEY, name=line, subject=line, subject_by=line)
    writes.set_draft(MARA_KEY, clean(text))


def check(shown: Running) -> None:
    """No byte and no action that was not meant."""
    for strip in shown.screen()._compositor.render_strips():
        for segment in strip:
            assert not FORBIDDEN & set(segment.text), segment.text
            assert segment.style is None or not segment.style.meta or "@click" not in segment.style.meta


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_hostile_text_is_drawn_as_text(scene: Scene, text: str) -> None:
    fill(text, scene)
    await scene.store.write(lambda writes: write(text, writes))
    async with running(scene, (120, 40), settle=False) as shown:
        await shown.until(lambda: len(scene.engine.occupants(KITCHEN_KEY)) == 2)
        await shown.until(lambda: not shown.app._pending and shown.main.chat_list.settled)
        check(shown)
        shown.app._listen([ProblemRaised(None, clean_line(text), clean_line(text))])
        await shown.press("up", "up")
        check(shown)
        for keys in (["i"], ["escape", "plus"], ["escape", "r"], ["escape", "up", "up", "up", "up", "i"], ["escape"]):
            await shown.press(*keys)
            check(shown)
        for size in ((80, 24), (50, 20)):
            await shown.pilot.resize_terminal(*size)
            await shown.pilot.pause()
            check(shown)
        shown.main.open_chat(MARA_KEY)
        await shown.press("end")
        check(shown)
        for keys in (["ctrl+k"], ["escape", "ctrl+p"], ["escape", "escape"]):
            await shown.press(*keys)
            check(shown)
        assert shown.app.is_running


OPENED: tuple[tuple[str, type[Dialog[Any]]], ...] = (
    ("accounts", AccountsScreen),
    ("actions", Palette),
    ("encryption", EncryptionDialog),
    ("help", HelpScreen),
    ("keep_messages", KeepMessagesDialog),
    ("set_notify", SetNotifyDialog),
)
"""What an action opens over the chat with somebody whose name is hostile."""

SELECTED: tuple[tuple[str, type[Dialog[Any]]], ...] = (
    ("i", MessageInfo),
    ("plus", PickReaction),
    ("o", ChooseLink),
)
"""What a key opens over the newest message."""


@pytest.mark.parametrize("text", HOSTILE_PAIRS, ids=range(len(HOSTILE_PAIRS)))
async def test_hostile_text_stays_text_in_every_dialog_of_a_chat(scene: Scene, text: str) -> None:
    links = f"{clean(text)} https://a.example/{clean_line(text)} https://b.example/{clean_line(text)}"

    def tell(writes: Writes) -> None:
        write(text, writes)
        writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, links, at(0, 10, 42, 56)))
        writes.set_title(MARA_KEY, clean_line(text))
        writes.add_request(HOME, RequestKind.SUBSCRIPTION, INES, text=clean(text), time=at(0, 10, 42))

    fill(text, scene)
    await scene.store.write(tell)
    async with running(scene, (100, 30), open_at=MARA, settle=False) as shown:
        await shown.until(lambda: not shown.app._pending and shown.main.chat_list.settled)
        for action, kind in OPENED:
            await shown.main.run_action(action)
            await shown.until(lambda kind=kind: isinstance(shown.screen(), kind), what=action)  # type: ignore[misc]  # of a default
            check(shown)
            await shown.press("escape")
        await shown.press("ctrl+r", "enter")
        await shown.until(lambda: isinstance(shown.screen(), RequestDetails))
        check(shown)
        await shown.press("escape", "escape")
        shown.composer.text = ""
        shown.composer.focus()
        for key, kind in SELECTED:
            await shown.press("up", key)
            await shown.until(lambda kind=kind: isinstance(shown.screen(), kind), what=key)  # type: ignore[misc]  # of a default
            check(shown)
            await shown.press("escape", "escape")
        assert isinstance(shown.screen(), MainScreen)
