"""The screen on a real server: what is typed here is read there, and the other way round."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from tests.engines import Client, befriend, make_client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.ui.scene import address
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import React, SendMessage, SetTyping
from tui_xmpp.model.message import Message, Reaction
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.clock import Clock


class Seen:
    """The app on an engine that is online."""

    def __init__(self, app: TuiXmppApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        """What stands on the screen, with single spaces."""
        strips = self.app.screen._compositor.render_strips()
        return " ".join(" ".join(segment.text for strip in strips for segment in strip).split())

    async def shows(self, words: str) -> None:
        """Wait until words stand on the screen."""
        await until(lambda: words in self.text, timeout=15, what=f"“{words}” on the screen")


@asynccontextmanager
async def seen(server: Prosody, directory: Path, open_at: Address | None = None) -> AsyncIterator[tuple[Client, Seen]]:
    """The app and its engine on an account of its own; online by the app's own doing."""
    client = make_client(server, server.add_user(fresh_name("screen")).local, directory)
    app = TuiXmppApp(client.engine, open_at=open_at, clock=Clock())
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            await client.online()
            await pilot.pause()
            yield client, Seen(app, pilot)
    finally:
        await client.close()


async def test_two_people_write_to_each_other(prosody: Prosody, tmp_path: Path) -> None:
    async with (
        make_engine(prosody, fresh_name("bob")) as bob,
        seen(prosody, tmp_path, bob.account) as (alice, screen),
    ):
        await befriend(alice, bob)
        await screen.shows(f"● {bob.account.local}")
        await screen.pilot.press(*"hello", "enter")
        await until(lambda: bob.bodies(alice.account) == ["hello"])
        await screen.shows("hello ✓✓")

        await bob.do(SetTyping(ChatKey(bob.account, alice.account), typing=True))
        await screen.shows(f"{bob.account.local} is typing…")
        await bob.say(alice.account, "good morning")
        await screen.shows("good morning")
        await until(lambda: "is typing" not in screen.text)


async def test_a_room_is_entered_by_keys_and_talked_in(prosody: Prosody, tmp_path: Path) -> None:
    async with make_engine(prosody, fresh_name("bob")) as bob, seen(prosody, tmp_path) as (_alice, screen):
        room = prosody.room()
        await bob.join(room, "Bob")
        await screen.pilot.press("f3")
        await screen.shows("Join a room")
        await screen.pilot.press(*str(room), "enter")
        await screen.shows("PEOPLE 2")
        await screen.shows("● Bob")
        await screen.pilot.press(*"hi all", "enter")
        await until(lambda: "hi all" in bob.bodies(room))
        await screen.shows("hi all ✓")
        await bob.do(SendMessage(ChatKey(bob.account, room), "welcome"))
        await screen.shows("Bob welcome")


async def test_a_message_to_nobody_says_why_it_was_not_sent(prosody: Prosody, tmp_path: Path) -> None:
    nobody = address(f"nobody-at-all@{prosody.domain}")
    async with seen(prosody, tmp_path, nobody) as (_alice, screen):
        await screen.pilot.press(*"hello?", "enter")
        await screen.shows("✗ not sent:")
        await screen.pilot.press("up")
        await screen.shows("R retry")


async def test_what_is_done_with_messages_by_keys_is_seen_by_the_other_and_back(
    prosody: Prosody, tmp_path: Path
) -> None:
    async with (
        make_engine(prosody, fresh_name("bob")) as bob,
        seen(prosody, tmp_path, bob.account) as (alice, screen),
    ):
        await befriend(alice, bob)
        await screen.shows(f"● {bob.account.local}")
        key = ChatKey(bob.account, alice.account)

        def newest() -> Message:
            return bob.engine.newest(key, 1)[0]

        await bob.say(alice.account, "at seven?")
        await screen.shows("at seven?")
        await screen.pilot.press("up", "plus", "1")
        await until(lambda: newest().reactions == (Reaction("👍", ("",)),), what="a reaction")
        await screen.shows("👍 you")
        await screen.pilot.press("r", *"at eit", "enter")
        await until(lambda: newest().body == "at eit", what="an answer")
        reply = newest().reply
        assert reply is not None
        assert (reply.own, reply.text) == (True, "at seven?")
        await screen.shows("at eit ✓✓")
        await screen.pilot.press("ctrl+up", "backspace", *"ght", "enter")
        await until(lambda: newest().body == "at eight", what="a correction")
        await screen.shows("at eight edited ✓✓")
        await bob.do(React(key, newest().id, ("🎉", "❤️")))
        await screen.shows(f"🎉 {bob.account.local} ❤️ {bob.account.local}")
        await screen.pilot.press("up", "d", "enter")
        await until(lambda: newest().tombstone is not None, what="a tombstone")
        await screen.shows("You took this message back")
        await bob.do(SendMessage(key, "oh", reply_to=newest().id))
        await screen.shows("▎ you message removed")
