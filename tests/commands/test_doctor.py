"""flask doctor, of what the site stands on: settings, database, queue, mail server, clock."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import event

from otpapp.commands.doctor import server
from otpapp.extensions import db
from otpapp.models import Message
from otpapp.rules import events
from otpapp.transaction import transaction
from tests.helpers.certificates import Authority
from tests.helpers.mailbox import Mailbox, free_port
from tests.web.helpers import ALICE

HERE = {"mode": "development", "public_url": "http://127.0.0.1:5000", "sms_url": ""}


@pytest.fixture
def overrides() -> dict:
    """A site that nothing stands in front of."""
    return HERE


def look(app) -> tuple[int, list[str], list[str]]:
    """Return how the doctor ends, what it finds wrong, and its notes."""
    done = app.test_cli_runner().invoke(args=["doctor", "--json"])
    site = json.loads(done.stdout)["this site"]
    wrong = [f"{each['said']} -> {each['fix']}" for one in site for each in one["wrong"]]
    return done.exit_code, wrong, [each for one in site for each in one["notes"]]


def wrong(app) -> str:
    """Return the one thing that is wrong."""
    code, (said,), _ = look(app)
    assert code == 1
    return said


def test_a_site_that_is_well_says_what_was_looked_at(app, alice):
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 0, done.output
    for about in (
        "the settings are those that this database was made with",
        "the database takes what is written",
        "the database has room to grow",
        "messages go out as they come",
        "the mail server takes mail from here",
    ):
        assert f"  well   {about}\n" in done.output
    assert "  note   text messages are not configured (OTPAPP_SMS_URL)\n" in done.output
    assert "  note   OTPAPP_SENDER=none: nothing is sent unless flask worker runs\n" in done.output
    assert done.output.endswith("All is well.\n")


def test_nothing_is_sent(app, alice, smtp_server):
    before = len(smtp_server.mails)
    assert look(app)[0] == 0
    assert len(smtp_server.mails) == before


def test_a_database_that_another_program_holds_is_said(app, alice, settings):
    path = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert wrong(app).startswith("the database takes no writes: database is locked ->")


def test_another_journal_than_wal_is_said(app, alice):
    def unable(connection, _record) -> None:
        connection.execute("PRAGMA journal_mode=DELETE")

    with app.app_context():
        engine = db.engine
        engine.dispose()
    event.listen(engine, "connect", unable)
    assert "the journal mode of the database is delete" in wrong(app)


def test_a_database_that_everybody_can_read_is_said(app, alice, settings, tmp_path):
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    file.chmod(0o644)
    assert look(app)[0] == 0, "nobody else gets into its folder"
    closed = [one for one in file.resolve().parents if not one.stat().st_mode & 0o001]
    before = {one: one.stat().st_mode for one in closed}
    try:
        for one in closed:
            one.chmod(before[one] | 0o001)
        assert "everybody on this machine can read the database -> chmod o= " in wrong(app)
    finally:
        for one in closed:
            one.chmod(before[one])
    file.chmod(0o640)
    assert look(app)[0] == 0


def test_a_disk_without_room_is_said(app, alice, monkeypatch):
    monkeypatch.setattr(server, "LEAST_FREE", 10**9)  # MB; more than any disk has
    said = wrong(app)
    assert " MB are free where the database is -> make room: 1000000000 MB or more" in said


def test_a_message_that_nobody_sends_is_said(app, client, alice, clock):
    client.ask(ALICE)
    assert look(app)[:2] == (0, [])
    assert "1 message by email in the queue" in look(app)[2]
    clock.advance(seconds=41)
    assert wrong(app) == (
        "1 message by email waiting, the oldest for 41 s, and nobody sends them "
        "-> start flask worker"
    )
    with app.app_context(), transaction():
        db.session.query(Message).update({"stuck": True})
    assert "the server that takes them was not reached" in wrong(app)


class TestMail:
    """The mail server is greeted as for a mail, and told none."""

    @pytest.fixture
    def authority(self, tmp_path) -> Authority:
        return Authority(tmp_path)

    @pytest.fixture
    def port(self) -> int:
        return free_port()

    @pytest.fixture
    def overrides(self, port, authority) -> dict:
        return {**HERE, "mail_port": port, "mail_use_tls": True}

    def test_a_port_where_nobody_listens(self, app, alice, port):
        assert wrong(app) == (
            f"Nothing listens at 127.0.0.1:{port}. -> then see that one arrives: flask send-test"
        )

    def test_a_certificate_that_nobody_trusts(self, app, alice, port, authority):
        context = authority.context("127.0.0.1", timedelta(days=1))
        with Mailbox(port, tls_context=context, require_starttls=True):
            assert f"The certificate of 127.0.0.1:{port} is not valid" in wrong(app)

    def test_a_server_without_tls(self, app, alice, port):
        with Mailbox(port):
            assert "offers no STARTTLS" in wrong(app)


def test_a_clock_that_was_set_back_is_said(app, alice, clock):
    with app.app_context(), transaction():
        events.record("user.created", clock.now + timedelta(minutes=3))
    assert wrong(app).startswith("the newest line of the trail is 180 s from now -> set the clock")
    clock.advance(minutes=3)
    assert look(app)[0] == 0


class TestGateway:
    """The SMS gateway is reached, and told nothing."""

    @pytest.fixture
    def listener(self) -> Iterator[socket.socket]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            yield listener

    @pytest.fixture
    def scheme(self) -> str:
        return "json"

    @pytest.fixture
    def overrides(self, listener, scheme) -> dict:
        url = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/{{to}}"
        return {**HERE, "sms_url": url}

    def test_one_that_takes_connections_is_well(self, app, alice, listener):
        code, _, notes = look(app)
        assert code == 0
        told = "whether a text message arrives, only one tells: flask send-test +12025550143"
        assert told in notes
        listener.settimeout(1)
        assert listener.accept()[0].recv(1) == b"", "it was told something"

    def test_one_that_is_not_there_is_wrong(self, app, alice, listener):
        port = listener.getsockname()[1]
        listener.close()
        assert wrong(app) == (
            f"the SMS gateway at 127.0.0.1, port {port}, is not reached: "
            "[Errno 111] Connection refused -> see OTPAPP_SMS_URL, and whether this machine may "
            "open connections to the outside"
        )

    @pytest.mark.parametrize("scheme", ["jsons"])
    def test_one_whose_certificate_nobody_vouches_for_is_wrong(
        self, app, alice, listener, tmp_path
    ):
        context = Authority(tmp_path).context("127.0.0.1")

        def greet() -> None:
            with suppress(OSError):
                context.wrap_socket(listener.accept()[0], server_side=True)

        Thread(target=greet, daemon=True).start()
        assert "certificate verify failed" in wrong(app)


class TestInbox:
    """Where no mail server is set, mail goes to a page."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {**HERE, "mail_server": ""}

    def test_that_is_a_note(self, app, alice):
        code, _, notes = look(app)
        assert (code, "no mail server is set, so mail goes to /inbox" in notes) == (0, True)
