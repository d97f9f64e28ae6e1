"""The real server in a process of its own, as an operator would start it."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.helpers.mailbox import free_port

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
START_SECONDS = 20
_migrated: list[bytes] = []


class Served:
    """A running server: `url` is where, `log` what it printed, `prefix` what runs its commands."""

    def __init__(
        self,
        environ: dict[str, str],
        folder: Path,
        workers: int = 1,
        prefix: Sequence[str] = (),
        host: str = "127.0.0.1",
    ) -> None:
        self.prefix = prefix
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        self._log_path = folder / "server.log"
        self._workers = workers
        self.environ = {
            **{name: value for name, value in os.environ.items() if "OTPAPP_" not in name},
            "OTPAPP_MODE": "development",
            "OTPAPP_PUBLIC_URL": self.url,
            "OTPAPP_DATABASE_URL": f"sqlite:///{folder / 'served.sqlite3'}",
            "OTPAPP_SECRET_KEY": "a secret of the tests, long enough to pass 0123456789",
            **environ,
        }

    @property
    def log(self) -> str:
        """Everything that the server has printed so far."""
        return self._log_path.read_text() if self._log_path.exists() else ""

    @property
    def group(self) -> int:
        """The process group of the server and its workers."""
        return self._process.pid

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a flask command with the server's settings."""
        command = [*self.prefix, str(BIN / "flask"), *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environ, text=True, capture_output=True, timeout=60
        )

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[str]]:
        """Run `flask worker` with the server's settings for the length of the block."""
        process = subprocess.Popen(
            [str(BIN / "flask"), "worker"],
            cwd=ROOT,
            env=self.environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            assert process.stdout
            assert "Sending what waits in the outbox" in process.stdout.readline()
            yield process
        finally:
            process.kill()
            process.wait()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        command = [*self.prefix, str(BIN / "granian"), "--interface", "wsgi", "--no-ws"]
        command += [
            "--port",
            str(self.port),
            "--workers",
            str(self._workers),
            "--blocking-threads",
            "1",
            "wsgi:app",
        ]
        with self._log_path.open("a") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, f"did not start in time:\n{self.log}"
            time.sleep(0.05)

    @property
    def pids(self) -> list[int]:
        """The processes of the running server."""
        running = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        return [pid for pid in running if _group(pid) == self.group]

    def kill(self) -> None:
        """End it at once, workers included, as a crash would (SIGKILL)."""
        os.killpg(self.group, signal.SIGKILL)
        self._process.wait()
        while answers(self.port):  # its workers are no children of ours to wait for
            time.sleep(0.005)

    def stop(self) -> None:
        """Ask it to end."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def served(
    folder: Path,
    workers: int = 1,
    prefix: Sequence[str] = (),
    host: str = "127.0.0.1",
    **environ: str,
) -> Iterator[Served]:
    """Serve on a new database in `folder` for the length of the block."""
    server = Served(environ, folder, workers, prefix, host)
    _migrate(server)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _migrate(server: Served) -> None:
    """Bring the database up to date: the first by the command, others by a copy of what it made."""
    file = Path(server.environ["OTPAPP_DATABASE_URL"].removeprefix("sqlite:///"))
    is_new = file.is_absolute() and not file.exists() and not server.prefix
    if is_new and _migrated:
        file.write_bytes(_migrated[0])
        return
    done = server.flask("db", "upgrade")
    assert done.returncode == 0, done.stderr
    if is_new:
        with closing(sqlite3.connect(file)) as made:
            _migrated[:] = [made.serialize()]


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:  # it has just ended
        return 0


def answers(port: int) -> bool:
    """Say whether something takes connections on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
