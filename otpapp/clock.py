"""The one place that reads the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_source: Source = _system


def utc_now() -> datetime:
    """Return the present instant, always with its time zone, which is UTC."""
    return _source()


class Movable:
    """A clock that can stand still and be set ahead, as a class needs it; never set back."""

    def __init__(self, source: Source) -> None:
        self.real = source
        self.ahead = timedelta()
        self.frozen_at: datetime | None = None

    def __call__(self) -> datetime:
        """Return the instant that it shows."""
        return self.frozen_at or self.real() + self.ahead

    def freeze(self) -> None:
        """Stand still from now on."""
        self.frozen_at = self()

    def go_on(self) -> None:
        """Go on from where it stands."""
        if self.frozen_at:
            self.ahead = self.frozen_at - self.real()
            self.frozen_at = None

    def advance(self, by: timedelta) -> None:
        """Show a later instant at once, whether or not it stands still."""
        if self.frozen_at:
            self.frozen_at += by
        else:
            self.ahead += by

    def set_as(self, ahead_seconds: int, frozen_at: datetime | None) -> None:
        """Go as another did: so far ahead of the real clock, or standing still."""
        self.ahead, self.frozen_at = timedelta(seconds=ahead_seconds), frozen_at


def real_now() -> datetime:
    """Return the present instant outside a class whose clock was moved."""
    return _source.real() if isinstance(_source, Movable) else _source()


def make_movable() -> Movable:
    """Let `utc_now` read from a clock that can be moved, for as long as this process runs."""
    global _source
    movable = _source = Movable(_source)
    return movable


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Let `utc_now` read from `source` inside the block."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
