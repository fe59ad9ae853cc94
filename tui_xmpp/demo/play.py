"""The play: who enters when, and what happens once the guest is there."""

import asyncio
import logging
import random
from collections.abc import Mapping
from itertools import cycle

from tui_xmpp.core.tasks import Tasks
from tui_xmpp.demo import elements
from tui_xmpp.demo.bot import Bot
from tui_xmpp.demo.pace import Pace
from tui_xmpp.demo.reactions import ChatManners, RoomManners
from tui_xmpp.demo.script import kitchen, lines
from tui_xmpp.demo.script.people import JUNO, MARA, NOOR, ON_STAGE, THEO
from tui_xmpp.demo.script.replies import Replies
from tui_xmpp.demo.script.rooms import COMMONS, GAMES, KITCHEN, ROOMS, RoomPlan
from tui_xmpp.demo.wire import Endpoint

log = logging.getLogger(__name__)

_BETWEEN_ENTRIES = 0.05
"""So that no two logins fall into the same frame of the screen."""


class Play:
    """The whole cast on stage. `run` once; `close` ends everything."""

    def __init__(self, endpoint: Endpoint, passwords: Mapping[str, str], pace: Pace) -> None:
        self._endpoint = endpoint
        self._passwords = passwords
        self._pace = pace
        self._chance = random.Random()  # noqa: S311 - small talk is no secret
        self._tasks = Tasks(_report)
        self._bots = {person.name: Bot(person, pace) for person in ON_STAGE}
        self._replies = Replies(self._chance)
        """Shared, so that no two of them say the same one after the other."""
        self._chats = {name: self._chat(bot) for name, bot in self._bots.items()}

    def begin(self) -> None:
        """Start on the running loop; returns at once."""
        self._tasks.spawn(self._run(), "the demonstration")

    async def close(self) -> None:
        """Send everybody home."""
        await asyncio.sleep(0)  # a task that is cancelled before its first step warns of its lost coroutine
        await self._tasks.close()
        await asyncio.gather(*(bot.leave() for bot in self._bots.values()))

    async def _run(self) -> None:
        self._hand_out_parts()  # first, since words may wait for them already
        for bot in self._bots.values():
            await bot.enter(self._endpoint, self._passwords[bot.person.local])
            self._tasks.spawn(bot.listen(), f"{bot.person.name} listens")
            await self._pace.pause(_BETWEEN_ENTRIES)
        for room in ROOMS:
            for person in room.people:
                self._bots[person.name].join(room.address)
        await self._bots[MARA.name].guest_is_here.wait()
        cues = (
            self._welcome,
            self._request,
            self._slip,
            self._invite,
            self._kitchen,
            self._wrong_window,
            self._commons,
        )
        for cue in cues:
            self._tasks.spawn(cue(), cue.__name__)

    def _hand_out_parts(self) -> None:
        rooms = {plan.owner.name: self._room(plan) for plan in ROOMS}
        for name, bot in self._bots.items():
            bot.hearers.append(self._chats[name].hear)
            if name in rooms:
                bot.hearers.append(rooms[name].hear)
        self._bots[JUNO.name].watchers.append(self._greet_in_games)

    def _chat(self, bot: Bot) -> ChatManners:
        return ChatManners(bot, self._replies, self._pace, self._tasks, self._chance)

    def _room(self, plan: RoomPlan) -> RoomManners:
        return RoomManners(plan, self._bots, self._replies, self._pace, self._tasks, self._chance)

    async def _welcome(self) -> None:
        await self._pace.pause(1)
        await self._chats[MARA.name].tell(*lines.WELCOME)

    async def _request(self) -> None:
        noor = self._bots[NOOR.name]
        await self._pace.pause(6)
        noor.ask_to_be_added(lines.REQUEST)
        await noor.accepted.wait()
        await self._pace.pause(1.5)
        await self._chats[NOOR.name].tell(*lines.REQUEST_ACCEPTED)

    async def _slip(self) -> None:
        await self._pace.pause(9)
        await self._chats[JUNO.name].tell_with_slip(*lines.SLIP)

    async def _invite(self) -> None:
        await self._pace.pause(16)
        self._bots[JUNO.name].invite(GAMES.address, lines.INVITATION)

    async def _kitchen(self) -> None:
        for scene in cycle(kitchen.LIVE):
            await self._pace.pause(4)
            said: dict[str, tuple[str, str]] = {}
            for name, text in scene:
                await self._pace.pause(self._chance.uniform(1.5, 6))
                answered = said.get(kitchen.ANSWERS.get(text, ""))
                answers = elements.reply_to(*answered) if answered is not None else None
                identifier = await self._bots[name].write(KITCHEN.address, text, kind="groupchat", answers=answers)
                archive_id = await self._bots[name].archive_id(identifier)
                said[text] = archive_id, f"{KITCHEN.address}/{name}"
                await self._applaud(text, archive_id)
            await self._pace.pause(self._chance.uniform(60, 120))

    async def _applaud(self, text: str, archive_id: str) -> None:
        """Put emojis under a line, one after the other."""
        for name, emoji in kitchen.REACTIONS.get(text, ()):
            await self._pace.pause(self._chance.uniform(0.5, 2))
            self._bots[name].react(KITCHEN.address, "groupchat", archive_id, emoji)

    async def _wrong_window(self) -> None:
        """Something that was meant for somebody else, and is gone again."""
        theo = self._bots[THEO.name]
        await self._pace.pause(25)
        identifier = await theo.write(KITCHEN.address, kitchen.TAKEN_BACK, kind="groupchat")
        archive_id = await theo.archive_id(identifier)
        await self._pace.pause(4)
        theo.take_back(KITCHEN.address, "groupchat", archive_id)

    async def _commons(self) -> None:
        for name, text in lines.COMMONS_NEWS:
            await self._pace.pause(self._chance.uniform(20, 60))
            await self._bots[name].write(COMMONS.address, text, kind="groupchat")

    def _greet_in_games(self, room: str, nick: str) -> None:
        if room == GAMES.address and nick not in self._bots:
            self._bots[JUNO.name].watchers.clear()
            self._tasks.spawn(self._welcome_to_games(nick), "the welcome to the games")

    async def _welcome_to_games(self, nick: str) -> None:
        await self._pace.pause(1)
        text = lines.GAMES_WELCOME.format(nick=nick)
        await self._bots[JUNO.name].write(GAMES.address, text, kind="groupchat")


def _report(name: str, error: Exception) -> None:
    log.warning("the demonstration goes on without %s: %s", name, error)
