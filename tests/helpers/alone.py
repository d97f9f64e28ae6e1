"""A test that measures time has the machine to itself, however many processes run tests."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def in_turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold one's place among the processes of a test run; whoever is `alone` waits for all others.

    Nobody passes the door while one waits to be alone: that one would else never be it.
    """
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
