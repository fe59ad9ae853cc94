"""What a person wants to be told of: the settings of notifications, and the rule of one chat."""

from datetime import time
from enum import StrEnum

from tui_xmpp.model.frozen import frozen


class Notify(StrEnum):
    """Which messages of a chat make a notification."""

    ALL = "all"
    MENTIONS = "mentions"
    """Those that name us."""
    NONE = "none"


class Channel(StrEnum):
    """The way by which a notification reaches a person."""

    AUTO = "auto"
    DESKTOP = "desktop"
    """The desktop's own, by D-Bus."""
    OSC9 = "osc9"
    """An escape sequence of iTerm2 and others."""
    OSC99 = "osc99"
    """That of kitty."""
    OSC777 = "osc777"
    """That of rxvt-unicode, foot, WezTerm, Ghostty and others."""
    BELL = "bell"
    NONE = "none"


class Told(StrEnum):
    """How much of a message a notification says."""

    TEXT = "text"
    SENDER = "sender"
    NOTHING = "nothing"


@frozen
class QuietHours:
    """A part of each day, by the local clock; it may go over midnight."""

    begin: time
    end: time

    def hold(self, now: time) -> bool:
        """Whether it is quiet now; the end is not."""
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end


@frozen
class NotificationSettings:
    """The `[notifications]` table: what one is told of, how, and when not."""

    channel: Channel = Channel.AUTO
    """`desktop`, `osc9`, `osc99`, `osc777` (what some terminals know), `bell` or `none`. `auto`: the best there is."""
    content: Told = Told.TEXT
    """What a notification says: the `text`, only the `sender`, or `nothing` but that there is something new."""
    contacts: Notify = Notify.ALL
    """For chats with one person: `all` or `none`; each chat can have a rule of its own, chosen in the program."""
    groups: Notify = Notify.ALL
    """For private groups: `all`, `mentions` or `none`."""
    channels: Notify = Notify.MENTIONS
    """For public channels: `all`, `mentions` or `none`."""
    quiet_hours: QuietHours | None = None
    """When nothing is told, such as `22:00-07:30`."""
    pause: int = 10
    """Seconds in which one chat makes one notification; what comes meanwhile is told in one more."""
    title: bool = True
    """Whether the terminal's title says how much is unread."""
