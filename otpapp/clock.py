"""The one place that reads the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_source: Source = _system


def utc_now() -> datetime:
    """Return the present instant, always with its time zone, which is UTC."""
    return _source()


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Let `utc_now` read from `source` inside the block."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
