"""How the cast reacts to what the guest writes, in chats and in rooms."""

import asyncio
import random
import re
from collections.abc import Mapping

from tui_xmpp.core.tasks import Tasks
from tui_xmpp.demo import elements
from tui_xmpp.demo.bot import Bot, Heard
from tui_xmpp.demo.pace import Pace
from tui_xmpp.demo.script.kitchen import LIKES, REMARKS
from tui_xmpp.demo.script.people import BY_NAME, GUEST_ADDRESS
from tui_xmpp.demo.script.replies import Replies, with_slip
from tui_xmpp.demo.script.rooms import RoomPlan

_BEFORE_CORRECTING = 2.5
_BETWEEN_TEXTS = 1.0
_BEFORE_ANSWERING_IN_ROOM = 1.5


class ChatManners:
    """Answers one bot's chats, each in its manner: receipts, markers, typing, slips of the fingers."""

    def __init__(self, bot: Bot, replies: Replies, pace: Pace, tasks: Tasks, chance: random.Random) -> None:
        self._bot = bot
        self._replies = replies
        self._pace = pace
        self._tasks = tasks
        self._chance = chance
        self._latest = ""
        self._said = 0
        self._read = 0
        self._busy = asyncio.Lock()
        """Held while typing: nobody types two messages at once."""

    def hear(self, heard: Heard) -> None:
        """React to a text; what is said in rooms is another's business."""
        if heard.in_room or not (heard.private or heard.sender.startswith(f"{GUEST_ADDRESS}/")):
            return
        self._latest = heard.id
        self._tasks.spawn(self._react(heard), f"{self._bot.person.name} reacts")

    async def _react(self, heard: Heard) -> None:
        bot, manner = self._bot, self._bot.person.manner
        if manner.receipts:
            bot.acknowledge(heard)
        await self._pace.pause(manner.reading)
        if manner.displayed:
            bot.mark_read(heard)
        self._read += 1
        if manner.likes and self._read % 2 and not heard.private:
            emoji = manner.likes[self._read // 2 % len(manner.likes)]
            bot.react(GUEST_ADDRESS, "chat", heard.id, emoji)
        if not manner.answers or heard.id != self._latest:
            return  # more came meanwhile: the last is answered
        to = heard.sender if heard.private else GUEST_ADDRESS
        if not self._said and manner.opening:
            await self.tell(manner.opening, to=to, private=heard.private)
        self._said += 1
        text = self._replies.answer(heard.text)
        if manner.slips and self._said % manner.slips == 1:
            await self.tell_with_slip(with_slip(text, self._chance), text, to=to, private=heard.private)
        else:
            await self.tell(text, to=to, private=heard.private)

    async def tell(self, *texts: str, to: str = GUEST_ADDRESS, private: bool = False) -> None:
        """Write these texts, one after the other."""
        async with self._busy:
            for text in texts:
                await self._bot.write(to, text, private=private)
                await self._pace.pause(_BETWEEN_TEXTS)

    async def tell_with_slip(self, slipped: str, right: str, *, to: str = GUEST_ADDRESS, private: bool = False) -> None:
        """Write the text as it slipped out, and then correct it."""
        async with self._busy:
            identifier = await self._bot.write(to, slipped, private=private)
            await self._pace.pause(_BEFORE_CORRECTING)
            self._bot.say(to, right, private=private, instead_of=identifier)


class RoomManners:
    """Answers what the guest says in one room; one bot listens for all of `bots`, any of them may answer.

    In a private group somebody always answers; in a public channel only who is named, or somebody when a question
    was asked.
    """

    def __init__(
        self,
        plan: RoomPlan,
        bots: Mapping[str, Bot],
        replies: Replies,
        pace: Pace,
        tasks: Tasks,
        chance: random.Random,
    ) -> None:
        self._plan = plan
        self._bots = {person.name: bots[person.name] for person in plan.people}
        self._pace = pace
        self._tasks = tasks
        self._chance = chance
        self._replies = replies
        self._remarks = list(REMARKS)

    def hear(self, heard: Heard) -> None:
        """React to what somebody of flesh and blood says in this room."""
        if not heard.in_room or heard.room != self._plan.address or not heard.nick or heard.nick in BY_NAME:
            return
        named = [bot for name, bot in self._bots.items() if re.search(rf"\b{name}\b", heard.text, re.IGNORECASE)]
        if named or self._plan.private or "?" in heard.text:
            speaker = named[0] if named else self._chance.choice(list(self._bots.values()))
            text = self._replies.answer(heard.text) if named or "?" in heard.text else self._remark(heard.nick)
            self._tasks.spawn(self._answer(speaker, heard, text), f"{speaker.person.name} answers in {self._plan.name}")

    async def _answer(self, speaker: Bot, heard: Heard, text: str) -> None:
        """Answer what was said; another one puts an emoji under it where everybody knows everybody."""
        room = self._plan.address
        await self._pace.pause(_BEFORE_ANSWERING_IN_ROOM)
        if self._plan.private and heard.archive_id:
            other = self._chance.choice([bot for bot in self._bots.values() if bot is not speaker])
            other.react(room, "groupchat", heard.archive_id, self._chance.choice(LIKES))
        answers = elements.reply_to(heard.archive_id, heard.sender) if heard.archive_id else None
        await speaker.write(room, text, kind="groupchat", answers=answers)

    def _remark(self, nick: str) -> str:
        """The remarks in turn."""
        self._remarks.append(self._remarks.pop(0))
        return self._remarks[-1].format(nick=nick)
