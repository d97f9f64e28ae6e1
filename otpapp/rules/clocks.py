"""What the rules make of clocks that were set back, or that differ between nodes (X43)."""

from datetime import datetime, timedelta

APART = timedelta(seconds=5)  # how far the clocks of nodes may be apart
SET_BACK = timedelta(minutes=2)  # what signs nobody out, and holds no message up
FAR = timedelta(days=1)  # no limit lasts longer, but those that time does not end


def is_ahead(instant: datetime, now: datetime, by: timedelta = APART) -> bool:
    """Say whether what happened at `instant` has yet to happen: a clock was ahead, or is behind."""
    return instant > now + by
