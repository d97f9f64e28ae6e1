"""`flask worker` sends in a process of its own."""

import signal
import time

import pytest

from tests.helpers.mailbox import Mailbox, code_in, mail_at
from tests.helpers.served import Served, served
from tests.helpers.visitor import HttpVisitor, wait_for


def environ(mailbox: Mailbox, **more: str) -> dict[str, str]:
    """Return the settings of a server that leaves the sending to workers."""
    return {"OTPAPP_SENDER": "none", **mail_at(mailbox.port), **more}


def test_a_worker_sends_what_a_server_without_sender_leaves(either_new_url, tmp_path):
    with (
        Mailbox() as mailbox,
        served(tmp_path, **environ(mailbox, OTPAPP_DATABASE_URL=either_new_url)) as server,
    ):
        visitor = HttpVisitor(server)
        visitor.ask("alice@example.org")
        time.sleep(0.8)
        assert mailbox.mails == []
        with server.worker():
            wait_for(lambda: mailbox.mails)
            assert "You are signed in" in visitor.answer(code_in(mailbox.mails[0]))
            HttpVisitor(server).ask("bob@example.org")
            assert wait_for(lambda: len(mailbox.mails) == 2) < 0.8


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_worker_ends_cleanly_when_told_to(told, tmp_path):
    with Mailbox() as mailbox:
        server = Served(environ(mailbox), tmp_path)
        assert server.flask("db", "upgrade").returncode == 0
        with server.worker() as process:
            process.send_signal(told)
            printed, _ = process.communicate(timeout=20)
            assert (process.returncode, printed) == (0, "")
