"""Whether to come back after the server has given our place to another session (SECURITY 7)."""

CALM = 60.0
"""Seconds online after which the next conflict is a new affair."""


class Conflicts:
    """Counts how often one place is contested; times are of one clock that never goes back, in seconds.

    No other client can have our resource by chance. So a conflict comes from a late attempt of our own, held up on a
    bad line, and coming back is right; or from somebody who has the password and means it, and then a second one
    follows soon: two that took turns would fight for ever (RFC 6120 §4.9.3.3).
    """

    def __init__(self) -> None:
        self._is_back = True
        self._since: float | None = None

    def opened(self, now: float) -> None:
        """A stream is up; only the first after a conflict counts."""
        if not self._is_back:
            self._is_back, self._since = True, now

    def may_return(self, now: float) -> bool:
        """Count a conflict; False: the place is fought for, and a person must decide."""
        self._is_back = False
        return self._since is None or now - self._since >= CALM

    def reset(self) -> None:
        """Begin anew: a person asked for it."""
        self._is_back, self._since = True, None
