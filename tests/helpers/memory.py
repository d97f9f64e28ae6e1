"""Where tests keep their files: in memory where there is room, for a disk may stand still."""

import os
import shutil

MEMORY = "/dev/shm"  # noqa: S108 - pytest makes a folder of its own in it
ROOM = 1 << 30  # bytes: many times what the tests of one moment keep


def use_it() -> None:
    """Have `tmp_path` in memory, unless whoever runs the tests names a folder or there is no room.

    SQLite waits for the disk at each commit, and for others 5 s at most: on a machine whose disk is
    busy with something else, tests of many writers failed for its slowness.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)
