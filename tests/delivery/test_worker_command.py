"""`flask worker` sends in a process of its own."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import BIN, ROOT, Served, served
from tests.helpers.visitor import HttpVisitor, wait_for


@contextmanager
def worker_of(server: Served) -> Iterator[subprocess.Popen]:
    """Run `flask worker` with the settings of `server`."""
    process = subprocess.Popen(
        [str(BIN / "flask"), "worker"],
        cwd=ROOT,
        env=server.environ,
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


def environ(mailbox: Mailbox, **more: str) -> dict[str, str]:
    """Return the settings of a server that leaves the sending to workers."""
    return {
        "OTPAPP_SENDER": "none",
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_PORT": str(mailbox.port),
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
        **more,
    }


def test_a_worker_sends_what_a_server_without_sender_leaves(either_new_url, tmp_path):
    with (
        Mailbox() as mailbox,
        served(tmp_path, **environ(mailbox, OTPAPP_DATABASE_URL=either_new_url)) as server,
    ):
        visitor = HttpVisitor(server)
        visitor.ask("alice@example.org")
        time.sleep(0.8)
        assert mailbox.mails == []
        with worker_of(server):
            wait_for(lambda: mailbox.mails)
            assert "You are signed in" in visitor.answer(code_in(mailbox.mails[0]))
            HttpVisitor(server).ask("bob@example.org")
            assert wait_for(lambda: len(mailbox.mails) == 2) < 0.8


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_worker_ends_cleanly_when_told_to(told, tmp_path):
    with Mailbox() as mailbox:
        server = Served(environ(mailbox), tmp_path)
        assert server.flask("db", "upgrade").returncode == 0
        with worker_of(server) as process:
            process.send_signal(told)
            printed, _ = process.communicate(timeout=20)
            assert (process.returncode, printed) == (0, "")
