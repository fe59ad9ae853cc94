"""The app tells, or does not, what comes while somebody looks elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time

import pytest
from textual import events

from tests.ui.running import Running, settled
from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, address, frozen_clock
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import MarkRead, SetNotify, SetPresence
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.events import CaughtUp
from tui_xmpp.model.notifying import Channel, NotificationSettings, Notify, QuietHours
from tui_xmpp.model.stanzas import (
    MessageReceived,
    MessageType,
    Route,
    SubscriptionAction,
    SubscriptionReceived,
)
from tui_xmpp.ui.app import TuiXmppApp

TOLD = NotificationSettings(Channel.OSC9, pause=1)


class Telling(TuiXmppApp):
    """Keeps what the terminal is sent."""

    def write_to_terminal(self, sequence: str) -> None:
        self.sequences = [*getattr(self, "sequences", []), sequence]


@asynccontextmanager
async def telling(scene: Scene, settings: NotificationSettings = TOLD) -> AsyncIterator[Running]:
    """The kitchen is open, and what came before is told."""
    app = Telling(scene.engine, clock=frozen_clock(), open_at=KITCHEN, notifications=settings)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(app, scene, pilot)
        yield Running(app, pilot, scene)


def told(shown: Running) -> list[str]:
    """The notifications so far."""
    assert isinstance(shown.app, Telling)
    return [one[4:-1] for one in shown.app.sequences if one.startswith("\x1b]9;")]


def titles(shown: Running) -> list[str]:
    """The titles so far."""
    assert isinstance(shown.app, Telling)
    return [one[4:-1] for one in shown.app.sequences if one.startswith("\x1b]2;")]


def come(shown: Running, sender: Address, body: str) -> None:
    """A message comes in."""
    kind = MessageType.GROUPCHAT if sender.bare == KITCHEN else MessageType.CHAT
    number = f"new-{sender}-{body}"
    receiver = shown.scene.network.lines[HOME].receiver
    receiver.receive(MessageReceived(Route.LIVE, sender, sender, HOME, kind, number, body=body))


async def stored(shown: Running, text: str) -> None:
    """Wait until the message has gone through everything."""
    await shown.until(lambda: any(text in message.body for message in shown.scene.engine.newest(MARA_KEY, 5)))
    await shown.until(lambda: not shown.app._pending)


async def test_a_message_in_another_chat_is_told_and_one_that_is_seen_is_not(scene: Scene) -> None:
    async with telling(scene) as shown:
        come(shown, MARA.with_resource("phone"), "the tram is late")
        await shown.until(lambda: told(shown) == ["Mara: the tram is late"])
        shown.main.open_chat(MARA_KEY)
        await shown.pilot.pause()
        come(shown, MARA.with_resource("phone"), "here it comes")
        await stored(shown, "here it comes")
        assert told(shown) == ["Mara: the tram is late"]


async def test_a_chat_that_is_open_is_told_of_when_the_terminal_has_lost_the_focus(scene: Scene) -> None:
    async with telling(scene) as shown:
        shown.main.open_chat(MARA_KEY)
        shown.app.post_message(events.AppBlur())
        await shown.pilot.pause()
        come(shown, MARA.with_resource("phone"), "anybody?")
        await shown.until(lambda: told(shown) == ["Mara: anybody?"])


async def test_a_public_channel_tells_only_of_being_named(scene: Scene) -> None:
    async with telling(scene) as shown:
        shown.main.open_chat(MARA_KEY)
        await shown.pilot.pause()
        come(shown, KITCHEN.with_resource("Juno"), "flour!")
        come(shown, KITCHEN.with_resource("Juno"), "Alice: bread?")
        await shown.until(lambda: told(shown) == ["Kitchen: Juno: Alice: bread?"], str(told(shown)))


async def test_a_chat_may_have_a_rule_of_its_own(scene: Scene) -> None:
    async with telling(scene) as shown:
        await scene.engine.do(SetNotify(MARA_KEY, Notify.NONE))
        come(shown, MARA.with_resource("phone"), "psst")
        await stored(shown, "psst")
        assert told(shown) == []


async def test_a_burst_is_told_once_and_then_in_one_summary(scene: Scene) -> None:
    async with telling(scene) as shown:
        for number in range(5):
            come(shown, MARA.with_resource("phone"), f"line {number}")
        await shown.until(lambda: told(shown) == ["Mara: line 0", "Mara: 4 new messages"], str(told(shown)))


async def test_what_was_read_meanwhile_is_not_told_any_more(scene: Scene) -> None:
    async with telling(scene) as shown:
        come(shown, MARA.with_resource("phone"), "one")
        come(shown, MARA.with_resource("phone"), "two")
        await stored(shown, "two")
        await scene.engine.do(MarkRead(MARA_KEY))
        await shown.until(lambda: shown.app.notifier._pace.next_due() is None)
        assert told(shown) == ["Mara: one"]


QUIET = NotificationSettings(Channel.OSC9, quiet_hours=QuietHours(time(10), time(11)))


async def test_in_quiet_hours_nothing_is_told(scene: Scene) -> None:
    async with telling(scene, QUIET) as shown:
        come(shown, MARA.with_resource("phone"), "late")
        await stored(shown, "late")
        assert told(shown) == []
        assert titles(shown)[-1] != titles(shown)[0]


async def test_what_was_missed_is_told_in_one_summary_if_nobody_is_here(scene: Scene) -> None:
    async with telling(scene) as shown:
        shown.app._listen([CaughtUp(7, 2, 0)])
        await shown.until(lambda: not shown.app._pending)
        shown.app.post_message(events.AppBlur())
        await shown.pilot.pause()
        assert told(shown) == []
        shown.app._listen([CaughtUp(7, 2, 0), CaughtUp(0, 0, 0)])
        await shown.until(lambda: told(shown) == ["tui-xmpp: 7 new messages in 2 chats"])


async def test_who_does_not_want_to_be_disturbed_is_not(scene: Scene) -> None:
    async with telling(scene) as shown:
        await scene.engine.do(SetPresence(None, Availability.DND))
        come(shown, MARA.with_resource("phone"), "hello")
        await stored(shown, "hello")
        assert told(shown) == []


async def test_a_request_is_told_with_the_address_and_no_claimed_name(scene: Scene) -> None:
    async with telling(scene) as shown:
        asked = SubscriptionReceived(address("guest@far.example"), SubscriptionAction.SUBSCRIBE, "", "Your bank")
        scene.network.lines[HOME].receiver.receive(asked)
        await shown.until(lambda: told(shown) == ["guest@far.example: asks to see when you are here"])


async def test_the_title_counts_what_is_unread_and_is_given_back(scene: Scene) -> None:
    async with telling(scene) as shown:
        before = titles(shown)[-1]
        come(shown, MARA.with_resource("phone"), "one")
        await shown.until(lambda: titles(shown)[-1] != before)
        assert titles(shown)[-1].endswith(" tui-xmpp")
        assert isinstance(shown.app, Telling)
        app = shown.app
    assert "\x1b[22;2t" in app.sequences
    assert app.sequences[-1].endswith("\x1b[23;2t")


@pytest.mark.parametrize("channel", [Channel.NONE, Channel.BELL])
async def test_the_bell_says_nothing_and_none_not_even_that(scene: Scene, channel: Channel) -> None:
    async with telling(scene, NotificationSettings(channel)) as shown:
        come(shown, MARA.with_resource("phone"), "ding")
        await stored(shown, "ding")
        app = shown.app
        assert isinstance(app, Telling)
        await shown.until(lambda: ("\x07" in app.sequences) is (channel is Channel.BELL))


async def test_the_open_chats_rule_is_chosen_in_a_dialog(scene: Scene) -> None:
    async with telling(scene) as shown:
        await shown.press("ctrl+p", *"notifications", "enter")
        await shown.until(lambda: "What do you want to be told of in Kitchen?" in shown.text)
        assert "as the settings say messages that name you" in shown.text
        await shown.press("down", "enter")
        await shown.until(lambda: getattr(scene.engine.chat(KITCHEN_KEY), "notify", None) is Notify.ALL)
