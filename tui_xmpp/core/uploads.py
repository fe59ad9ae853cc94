"""Files on their way to our server (XEP-0363), and then as links into the outbox.

A file is in the store before anything goes out, and is uploaded as soon as there is a line, after a restart too. Only
when the server has it, its message is one that can be sent: it is put behind all that was written meanwhile, as if it
were written then. So a text need not wait for a file that is large, and everybody still sees the same order. Each
chat's files go one after the other.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tui_xmpp.core import own_files
from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.outbox import AGAIN, Outbox
from tui_xmpp.core.sealing import Held, Sealing
from tui_xmpp.errors import FileUnreadable, NetworkError, RequestFailed, TransferFailed, Unavailable, UploadRefused
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import MessageAdded, MessageChanged
from tui_xmpp.model.files import Trust
from tui_xmpp.model.message import Delivery, Message, is_file_here
from tui_xmpp.model.sending import TAG, Secrecy, SendFile, SendTextFile, Slot, too_large_words
from tui_xmpp.storage.uploads import StoredFile
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

PAUSES = (2.0, 8.0, 30.0)
"""Seconds before each further try, when the way to the upload server fails though there is a line."""

SOONEST = 30.0
"""Seconds after which a server that takes nothing now is asked again at the soonest; each time twice as long."""

LONGEST = 86_400.0
"""Seconds after which it is asked again at the latest, whatever it says."""

_TELL_EVERY = 0.1
"""Seconds between two words on how far a file is."""

_NO_SERVICE = "Your server does not take files."
_NOT_ENCRYPTED = "You were told that it goes encrypted, and nothing is encrypted here now."


@dataclass(slots=True)
class _Waiting:
    """A file that the server does not have."""

    message: Message
    percent: int | None = None
    is_telling: bool = False
    """It is about to be told how far it is."""
    waits: str = ""
    aside: bool = False
    """Others go before it: it waits for a person, or for a time."""
    tries: int = 0
    postponed: int = 0
    """How often the server has put it off since it last took something of it."""
    timer: asyncio.TimerHandle | None = None
    """When others need not go before it any more."""


class Uploads:
    """What one account has still to upload."""

    def __init__(self, context: Context, sealing: Sealing, outbox: Outbox) -> None:
        self._context = context
        self._composing = outbox.composing
        self._sealing = sealing
        self._outbox = outbox
        self._waiting = {message.id: _Waiting(message) for message in context.store.uploads.waiting(context.own)}
        self._running: dict[ChatKey, tuple[int, asyncio.Task[None]]] = {}
        outbox.on_release = self.again

    # Wishes

    async def send(self, kind: ChatKind, wish: SendFile | SendTextFile) -> int:
        """Keep a file that is to go out, and upload it as soon as that can be; returns its message's local id."""
        self._composing.check_may_talk(wish.key, kind)
        secrecy = Secrecy.ENCRYPTED if wish.encrypted else Secrecy.AS_CHAT
        if isinstance(wish, SendFile):
            file = await asyncio.to_thread(own_files.look, wish.path, secrecy)
        else:
            file = own_files.pasted(wish.name, wish.text, secrecy)
        new = self._composing.new(wish.key, kind, file.name, self._outbox.queue.tick(now()))

        def keep(writes: Writes) -> Message:
            writes.ensure_chat(wish.key, kind, open=True)
            return writes.keep_file(writes.add_message(new).message.id, file)

        message = await self._context.pen.write(keep)
        self._waiting[message.id] = _Waiting(message)
        self._context.hub.publish(MessageAdded(message, live=True))
        self._context.hub.chat_changed(wish.key)
        self.pump()
        return message.id

    async def retry(self, message: Message) -> None:
        """Try again what has failed or was held: from the file as it is now."""
        kept = self._context.store.uploads.get(message.id)
        if kept is None:
            return
        await self._anew(message, await asyncio.to_thread(own_files.look_again, kept))

    async def send_in_clear(self, message: Message) -> None:
        """Let a file that was held go out unencrypted, as a person wishes; what was encrypted of it is not used."""
        kept = self._context.store.uploads.get(message.id)
        if kept is None or not self.is_held(message):
            raise RequestFailed("This file does not wait for a decision.", title="Not sent")
        if message.upload is not None and message.upload.link and not message.upload.has_key:
            await self._outbox.send_in_clear(message.id)  # the server has it already, as it is to go
            return
        if not kept.path:
            own_files.look_again(kept)
        await self._anew(message, replace(kept, secrecy=Secrecy.CLEAR))

    async def _anew(self, message: Message, file: StoredFile) -> None:
        await self._stop(message.id)
        self._outbox.queue.forget_message(message.id)

        def again(writes: Writes) -> Message | None:
            if file.secrecy is Secrecy.CLEAR:
                writes.set_encryption_of(message.id, None)
            return writes.upload_again(message.id, secrecy=file.secrecy, size=file.size, changed=file.changed)

        fresh = await self._context.pen.write(again)
        if fresh is not None:
            self._waiting[fresh.id] = _Waiting(fresh)
            self._tell(fresh.id)
            self.pump()

    async def drop(self, message: Message) -> bool:
        """Stop a file whose message is not in the outbox yet, and forget the message; false: it is no such message."""
        if not is_file_here(message) and message.id not in self._waiting:
            return False
        await self._stop(message.id)
        self._outbox.drop(message)
        await self._context.pen.settled()
        return True

    def is_held(self, message: Message) -> bool:
        """Whether a file waits for what a person decides, here or in the outbox."""
        queued = self._outbox.queue.message(message.id)
        return (queued is not None and bool(queued.held)) or (is_file_here(message) and bool(message.error))

    def is_to_upload(self, message: Message) -> bool:
        """Whether a further try has to upload the file: the server has none, or one in clear that is held."""
        queued = self._outbox.queue.message(message.id)
        is_open = message.upload is not None and not message.upload.has_key
        return is_file_here(message) or (is_open and queued is not None and bool(queued.held))

    # What is told

    def shown(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """Messages with how far their files have come, which the store does not know."""
        return tuple(map(self._shown, messages)) if self._waiting else messages

    def _shown(self, message: Message) -> Message:
        one = self._waiting.get(message.id)
        if one is None or message.upload is None:
            return message
        return replace(message, upload=replace(message.upload, percent=one.percent, waits=one.waits))

    def _tell(self, message_id: int) -> None:
        message = self._context.store.messages.get(message_id)
        if message is not None:
            self._context.hub.publish(MessageChanged(self._shown(message)))
            self._context.hub.chat_changed(message.chat)

    # The stream

    def stream_opened(self) -> None:
        """There is a line again: what was tried over the one that was lost does not count."""
        for one in self._waiting.values():
            one.tries = 0

    def again(self) -> None:
        """What kept files back may be over."""
        for one in self._waiting.values():
            one.aside, one.waits = False, ""
        self.pump()

    def pump(self) -> None:
        """Go on with every chat whose files can be uploaded now."""
        for key in {one.message.chat for one in self._waiting.values()}:
            if key not in self._running and self._next(key) is not None:
                self._begin(key)

    def _begin(self, key: ChatKey) -> None:
        task = self._context.tasks.spawn(self._work(key), f"upload for {key}")
        if not task.done():
            self._running.setdefault(key, (0, task))
            task.add_done_callback(lambda over: self._over(key, over))

    def _over(self, key: ChatKey, task: asyncio.Task[None]) -> None:
        if self._running.get(key, (0, None))[1] is task:
            del self._running[key]

    def _next(self, key: ChatKey) -> _Waiting | None:
        if not self._context.online or not self._composing.may_write(key):
            return None
        return next((one for one in self._waiting.values() if one.message.chat == key and not one.aside), None)

    async def stop(self) -> None:
        """Let go of the line; what is under way begins anew with the next."""
        running = tuple(self._running.values())
        for _, task in running:
            task.cancel()
        await asyncio.gather(*(task for _, task in running), return_exceptions=True)
        for message_id, _ in running:
            if (one := self._waiting.get(message_id)) is not None:
                one.waits = ""
                self._tell(message_id)

    async def _stop(self, message_id: int) -> None:
        self._waiting.pop(message_id, None)
        for running, task in tuple(self._running.values()):
            if running == message_id:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self.pump()

    # Uploading

    async def _work(self, key: ChatKey) -> None:
        task = asyncio.current_task()
        assert task is not None
        while (one := self._next(key)) is not None:
            self._running[key] = (one.message.id, task)
            try:
                await self._upload(one)
            finally:
                one.percent = None

    async def _upload(self, one: _Waiting) -> None:
        """Upload one file, or put down why not."""
        try:
            await self._try(one)
        except Held as held:
            await self._hold(one, held)
        except UploadRefused as refusal:
            if refusal.again is None:
                await self._fail(one, refusal.message)
            else:
                self._postpone(one, refusal.again)
        except (TransferFailed, NetworkError, Unavailable) as error:
            await self._rest(one, error.message)
        except (RequestFailed, FileUnreadable) as error:
            await self._fail(one, error.message)
        except Exception:  # the boundary of an upload: what nobody foresaw must not leave a file waiting for ever
            log.exception("A file could not be uploaded")
            await self._fail(one, "Something went wrong. The log says more.")

    async def _try(self, one: _Waiting) -> None:
        file = self._context.store.uploads.get(one.message.id)
        message = self._context.store.messages.get(one.message.id)
        if file is None or message is None:
            self._waiting.pop(one.message.id, None)
            return
        if file.link:  # the line was let go of just when the link was written down
            self._waiting.pop(message.id, None)
            self._outbox.take(message)
            return
        encrypted = await self._encrypts(message, file)
        await asyncio.to_thread(own_files.check_unchanged, file)
        line = self._context.line()
        service = await line.upload_service()
        if service is None:
            raise UploadRefused(_NO_SERVICE)
        web = await self._context.web()
        size = file.size + (TAG if encrypted else 0)
        if service.largest is not None and size > service.largest:
            raise UploadRefused(too_large_words(service.largest))
        name = f"{secrets.token_urlsafe(16)}{own_files.ending_of(file.name)}" if encrypted else file.name
        kind = own_files.kind_of("" if encrypted else file.name)
        slot = await line.upload_slot(service.address, name, size, kind)
        one.postponed = 0
        if message.error:
            await self._context.pen.write(lambda writes: writes.hold_message(message.id, ""))
        self._progress(one, 0, file.size)
        async with own_files.opened(file) as pieces:
            link = await web.put(
                slot,
                pieces,
                file.size,
                self._trust(slot),
                kind=kind,
                encrypted=encrypted,
                tell=lambda sent: self._progress(one, sent, size),
            )
        await self._uploaded(one, link)

    async def _encrypts(self, message: Message, file: StoredFile) -> bool:
        """Whether a file is encrypted now. Raises Held; what a person was told is kept, or they are asked."""
        if file.secrecy is Secrecy.CLEAR:
            return False
        encrypts = await self._sealing.encrypts(message.chat, self._composing.kind(message.chat))
        if file.secrecy is Secrecy.ENCRYPTED and not encrypts:
            raise Held(_NOT_ENCRYPTED)
        return encrypts

    def _trust(self, slot: Slot) -> Trust:
        """Whatever host our own server names is its own."""
        self._context.web_hosts |= {urlsplit(url).hostname or "" for url in (slot.put, slot.get)} - {""}
        return self._context.trust

    async def _uploaded(self, one: _Waiting, link: str) -> None:
        time = self._outbox.queue.tick(now())
        message = await self._context.pen.write(lambda writes: writes.file_uploaded(one.message.id, link, time))
        self._waiting.pop(one.message.id, None)
        if message is not None:
            self._outbox.take(message)

    def _progress(self, one: _Waiting, sent: int, size: int) -> None:
        percent = min(100, sent * 100 // size)
        if percent == one.percent:
            return
        pause = 0 if one.percent is None else _TELL_EVERY
        one.percent, one.waits = percent, ""
        if not one.is_telling:
            one.is_telling = True
            asyncio.get_running_loop().call_later(pause, self._tell_progress, one)

    def _tell_progress(self, one: _Waiting) -> None:
        one.is_telling = False
        if self._waiting.get(one.message.id) is one:
            self._tell(one.message.id)

    async def _hold(self, one: _Waiting, held: Held) -> None:
        one.aside = True
        await self._context.pen.write(lambda writes: writes.hold_message(one.message.id, held.reason))
        self._tell(one.message.id)
        if held.passing:
            self._set_aside_for(one, AGAIN)

    def _postpone(self, one: _Waiting, until: int) -> None:
        """The server wants to be asked again at a time, µs since the epoch."""
        one.aside, one.percent, one.waits = True, None, "waits until the server takes more"
        self._tell(one.message.id)
        self._set_aside_for(one, pause_until(until, now(), one.postponed))
        one.postponed += 1

    def _set_aside_for(self, one: _Waiting, seconds: float) -> None:
        """Let one wait for so long, it alone: were all let go on, each of many would be asked for by every other."""
        if one.timer is not None:
            one.timer.cancel()
        one.timer = asyncio.get_running_loop().call_later(seconds, self._go_on, one)

    def _go_on(self, one: _Waiting) -> None:
        one.aside, one.waits = False, ""
        self.pump()

    async def _rest(self, one: _Waiting, words: str) -> None:
        """Wait a while before the next try; without a line, until there is one."""
        log.info("A file was not uploaded: %s", words)
        one.percent = None
        if not self._context.online:
            self._tell(one.message.id)
            return
        if one.tries >= len(PAUSES):
            await self._fail(one, words)
            return
        pause = PAUSES[one.tries]
        one.tries, one.waits = one.tries + 1, "tries again"
        self._tell(one.message.id)
        await asyncio.sleep(pause)

    async def _fail(self, one: _Waiting, words: str) -> None:
        message_id = one.message.id
        self._waiting.pop(message_id, None)
        await self._context.pen.write(lambda writes: writes.set_delivery(message_id, Delivery.FAILED, words))
        self._tell(message_id)


def pause_until(until: int, now: int, times: int) -> float:
    """Seconds to wait where a server wants to be asked at a time, µs, after it has put us off so many times before.

    Its clock may be wrong, or what it says nonsense.
    """
    soonest: float = SOONEST * 2 ** min(times, 20)
    return min(max(soonest, (until - now) / 1_000_000), LONGEST)
