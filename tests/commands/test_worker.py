"""`flask worker` sends what waits in the outbox, until told to stop."""

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from otpapp import create_app
from tests.conftest import make_settings
from tests.helpers.browser import new_browser
from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import BIN, ROOT, Served

SECONDS = 15


@pytest.fixture
def receiver() -> Iterator[Mailbox]:
    """A mail server that no other test uses."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def operator(tmp_path, receiver) -> Served:
    """Somebody who has set up a server whose processes send nothing themselves."""
    mail = {"OTPAPP_MAIL_SERVER": "127.0.0.1", "OTPAPP_MAIL_PORT": str(receiver.port)}
    operator = Served({**mail, "OTPAPP_SENDER": "none"}, tmp_path)
    for command in (("db", "upgrade"), ("create-user", "alice@example.org")):
        done = operator.flask(*command)
        assert done.returncode == 0, done.stderr
    return operator


def wait_for_mail(receiver: Mailbox) -> None:
    deadline = time.monotonic() + SECONDS
    while not receiver.mails and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_worker_sends_what_waits_and_ends_when_told(operator, receiver):
    app = create_app(make_settings(database_url=operator.environ["OTPAPP_DATABASE_URL"]))
    browser = new_browser(app)
    browser.ask("alice@example.org")
    assert receiver.mails == []
    worker = subprocess.Popen(
        [BIN / "flask", "worker"], cwd=ROOT, env=operator.environ, stdout=subprocess.PIPE
    )
    try:
        wait_for_mail(receiver)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0
    finally:
        worker.kill()
        worker.communicate()
    (mail,) = receiver.mails
    assert "You are signed in" in browser.follow(browser.answer(code_in(mail))).text
