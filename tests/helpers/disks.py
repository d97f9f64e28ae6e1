"""Disks that fill up under a running server, and are freed again."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.served import Served

SIZE = "8m"
NO_LIMIT = resource.RLIM_INFINITY
# Whoever is not root becomes it in a namespace of their own; a mount there ends with its processes.
UNSHARE = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.getuid() else [])]
JOIN = ["nsenter", "--mount", *(["--user", "--preserve-credentials"] if os.getuid() else [])]
KEEP = 'mount -t tmpfs -o size="$1" tmpfs "$0" && echo mounted && exec cat'


class SmallDisk:
    """A tmpfs on `folder` that only processes started behind `prefix` see."""

    def __init__(self, folder: Path, prefix: list[str]) -> None:
        self.folder = folder
        self.prefix = prefix

    def fill(self, _: Served) -> None:
        """Leave no byte free."""
        filled = self._run("sh", "-c", 'cat /dev/zero > "$0/filler"', str(self.folder))
        assert "No space left" in filled.stderr, filled.stderr

    def free(self, _: Served) -> None:
        """Give the space back."""
        self._run("rm", str(self.folder / "filler"))

    def copy(self, to: Path) -> Path:
        """Copy all that is on it, for somebody outside to read; return the new folder."""
        self._run("cp", "-r", str(self.folder), str(to))
        return to

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.prefix, *command], text=True, capture_output=True)


class Quota:
    """A limit on how far files may be written, for where nothing may be mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix: list[str] = []

    def fill(self, server: Served) -> None:
        """Have the kernel refuse whatever the server's processes write to files."""
        for pid in server.pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, NO_LIMIT))

    def free(self, server: Served) -> None:
        """Let them write again."""
        for pid in server.pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))

    def copy(self, to: Path) -> Path:
        """Copy all that is in the folder; return the new folder."""
        shutil.copytree(self.folder, to)
        return to


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount a tmpfs on `folder` for the length of the block."""
    command = [*UNSHARE, "sh", "-c", KEEP, str(folder), SIZE]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as keeper:
        assert keeper.stdin and keeper.stdout
        assert keeper.stdout.readline() == "mounted\n"
        yield SmallDisk(folder, [*JOIN, f"--target={keeper.pid}", f"--wd={os.getcwd()}"])
        keeper.stdin.close()


def may_mount() -> bool:
    """Say whether this user may mount anything, at least in a namespace of their own."""
    command = [*UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True).returncode == 0
