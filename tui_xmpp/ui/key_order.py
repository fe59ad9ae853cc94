"""Keys act in the order in which they were typed, also when a slow line delivers many at once.

Textual hands each key to the widget that has the focus at that moment, while what an earlier key started (a focus
that moves, a dialog that opens) may still be on its way through the message queues. Over SSH, where `Tab`, a word
and `Enter` arrive in one packet, the word would land in the wrong field. So a key that may move the focus holds back
those behind it until its consequences have gone through. One that only scrolls does not: many of them at once would
each wait for a picture that the next one makes old.
"""

from collections import deque
from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

_CALM_ROUNDS = 2
"""Probes that must come back with screen and focus unchanged: the key bubbles in the first, what it posted in the
second."""

_PATIENCE = 0.5
"""Seconds after which the next key is let through whatever happens."""

_POLL = 0.01
"""Seconds between looks at a screen that is still being mounted."""


class OrderedKeys(App[int]):
    """An app that lets one focus-moving key at a time through."""

    STAYING: ClassVar[frozenset[str]] = frozenset()
    """Actions of priority bindings that move no focus, whatever comes of them."""

    class Probe(Message):
        """Travels behind a key, by the same queues, and comes back when the key has been dealt with."""

        ALLOW_SELECTOR_MATCH: ClassVar[set[str]] = set()

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key | events.Paste] = deque()
        self._settling = False
        self._typed = False
        self._stays = False
        self._number = 0
        self._calm = 0
        self._seen: tuple[object, object] = (None, None)
        self._failsafe: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pastes through one by one, everything else as it comes."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._settling:
            self._held.append(event)
        else:
            await self._let_through(event)

    async def _let_through(self, event: events.Key | events.Paste) -> None:
        target = self._target()
        if isinstance(target, Input | TextArea) and (isinstance(event, events.Paste) or event.is_printable):
            self._typed = True
            await super().on_event(event)
        elif self._typed:
            # A priority binding acts at once; what was typed before it is still on its way to the field.
            self._held.appendleft(event)
            self._settle(target)
        else:
            self._settling, self._stays = True, False
            await super().on_event(event)
            if self._stays:
                self._settling = False
            else:
                self._settle(target)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, and note whether it is one that moves no focus."""
        is_done = await super().run_action(action, default_namespace, namespaces)
        self._stays = is_done and action in self.STAYING
        return is_done

    def _settle(self, target: Widget) -> None:
        self._settling = True
        self._typed = False
        self._calm = 0
        self._seen = (self.screen, self.focused)
        self._failsafe = self.set_timer(_PATIENCE, self._settled)
        self._send_probe(target)

    def _target(self) -> Widget:
        return self.focused or self.screen

    def _send_probe(self, target: MessagePump) -> None:
        self._number += 1
        if not target.post_message(self.Probe(self._number)):
            # The widget has gone with the key, as the one of a closed dialog has.
            self.call_later(self._look, self._number)

    def on_ordered_keys_probe(self, probe: Probe) -> None:
        """One round is over."""
        probe.stop()
        self._look(probe.number)

    def _look(self, number: int) -> None:
        if number != self._number or not self._settling:
            return
        seen = (self.screen, self.focused)
        if not self.screen.is_mounted or (self.focused is None and self.screen.focus_chain):
            self._calm = 0
            self.set_timer(_POLL, lambda: self._look(number))
            return
        self._calm = self._calm + 1 if seen == self._seen else 0
        self._seen = seen
        if self._calm > _CALM_ROUNDS:
            self._settled()
        elif self._calm == _CALM_ROUNDS:
            # What a handler has mounted gets the focus with the next layout.
            self.call_after_refresh(self._look, number)
        else:
            self._send_probe(self._target())

    def _settled(self) -> None:
        """Let the next keys through, up to the next that may move the focus."""
        if self._failsafe is not None:
            self._failsafe.stop()
            self._failsafe = None
            # Until the held keys are out, those that arrive queue up behind them.
            self.call_later(self._release)

    async def _release(self) -> None:
        self._settling = False
        while self._held and not self._settling:
            await self._let_through(self._held.popleft())
