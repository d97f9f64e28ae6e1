"""Starting a contender on the real server, and what its processes have cost."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from bench.contenders import Contender
from tests.helpers.mailbox import free_port

START_SECONDS = 30
STOP_SECONDS = 10
PREPARE_SECONDS = 900
LOG_SHOWN = 4000  # characters
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """One contender, served on loopback; what it needs is kept in `folder`."""

    def __init__(self, contender: Contender, folder: Path, smtp: int, workers: int) -> None:
        self.contender = contender
        self.port = free_port()
        self._workers = workers
        self._log = folder / "server.log"
        names = {"port": self.port, "smtp": smtp, "database": folder / "bench.sqlite3"}
        settings = {name: text.format(**names) for name, text in contender.environ.items()}
        inherited = {name: text for name, text in os.environ.items() if "OTPAPP_" not in name}
        self._environ = {**inherited, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, users: int) -> None:
        """Make the database with its users."""
        arguments = [one.format(users=users) for one in self.contender.prepare]
        made = subprocess.run(
            [str(self.contender.bin / "python"), *arguments],
            cwd=self.contender.folder,
            env=self._environ,
            text=True,
            capture_output=True,
            timeout=PREPARE_SECONDS,
        )
        assert made.returncode == 0, made.stderr

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        command = [str(self.contender.bin / "granian"), "--interface", "wsgi", "--no-ws"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        command += ["--workers", str(self._workers), "--blocking-threads", "1"]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [*command, self.contender.target],
                cwd=self.contender.folder,
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.port):
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def stop(self) -> None:
        """End the processes that `start` started, and no others."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def log(self) -> str:
        """The last that it has printed."""
        return self._log.read_text()[-LOG_SHOWN:] if self._log.exists() else ""

    def cpu_seconds(self) -> float:
        """Return the time that its processes have spent on the cores, in programs and kernel."""
        assert self._process
        return sum(_ticks(pid) for pid in _session(self._process.pid)) / TICKS


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _session(leader: int) -> list[int]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if (found := _stat(pid)) and int(found[3]) == leader]


def _ticks(pid: int) -> int:
    found = _stat(pid)
    return int(found[11]) + int(found[12]) if found else 0


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/…/stat from the third on; nothing for a process that ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
