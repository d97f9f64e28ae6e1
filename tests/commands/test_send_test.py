"""`flask send-test` hands a real mail to the real server, or says what stood in the way."""

import pytest
from sqlalchemy import func, select

from otpapp import create_app
from otpapp.extensions import db
from otpapp.models import Message
from tests.conftest import make_settings
from tests.helpers.mailbox import Mailbox, free_port, text_of


class Refusing(Mailbox):
    """A server that knows no receiver."""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        """Refuse every receiver."""
        return "550 5.1.1 nobody of that name lives here"


class Full(Mailbox):
    """A server that takes receivers, but no mail."""

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        """Refuse every mail."""
        return "452 4.3.1 the disk is full"


def send(app, identifier: str = "alice@example.org"):
    return app.test_cli_runner().invoke(args=["send-test", identifier])


@pytest.fixture
def through(tmp_path):
    """Make an app whose mail goes through a port of loopback."""

    def through(port: int, **changes):
        url = f"sqlite:///{tmp_path / 'through.sqlite3'}"
        return create_app(make_settings(database_url=url, mail_port=port, **changes))

    return through


def test_the_mail_arrives(app, mailbox):
    result = send(app)
    assert result.exit_code == 0, result.output
    assert result.output == "Handed over. Look whether it arrives at alice@example.org.\n"
    (mail,) = mailbox.mails
    assert mailbox.receivers == [["alice@example.org"]]
    assert mail["To"] == "alice@example.org"
    assert "codes@example.org" in mail["From"]
    assert mail["Subject"] == "Test message from Example"
    assert mail["Message-ID"] and mail["Date"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "https://auth.example.org" in text_of(mail)
    assert mail.get_body(("html",)) is not None


def test_it_uses_no_outbox_and_no_user(app, mailbox):
    assert send(app, "nobody@example.org").exit_code == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_closed_port_is_named(through):
    port = free_port()
    result = send(through(port))
    assert result.exit_code == 1
    assert result.output == f"Error: Nothing listens at 127.0.0.1:{port}.\n"


@pytest.mark.parametrize(
    ("server", "words", "said"),
    [
        (Refusing, "refused the receiver (550).", "nobody of that name lives here"),
        (Full, "refused the message (452).", "the disk is full"),
    ],
)
def test_a_refusal_is_told_in_our_words_and_in_the_servers(through, server, words, said):
    with server() as refusing:
        result = send(through(refusing.port))
    assert result.exit_code == 1
    assert words in result.output
    assert "The server said: " in result.output
    assert said in result.output
    assert refusing.mails == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(through, smtp_server):
    smtp_server.mails.clear()
    result = send(through(smtp_server.port, mail_use_tls=True))
    assert result.exit_code == 1
    assert "STARTTLS" in result.output
    assert smtp_server.mails == []


def test_in_development_without_a_server_it_says_that_nothing_was_sent(through):
    trying = {"mode": "development", "public_url": "http://127.0.0.1:5000", "mail_server": ""}
    result = send(through(25, **trying))
    assert result.exit_code == 1
    assert "OTPAPP_MAIL_SERVER is not set" in result.output
    assert "Nothing was sent." in result.output


def test_in_development_without_a_gateway_no_text_message_is_sent_either(through):
    trying = {"mode": "development", "public_url": "http://127.0.0.1:5000", "sms_url": ""}
    result = send(through(25, **trying), "+12025550143")
    assert result.exit_code == 1
    assert "OTPAPP_SMS_URL is not set" in result.output


def test_a_gateway_that_cannot_be_reached_is_told(through):
    result = send(through(25, sms_url=f"json://127.0.0.1:{free_port()}/{{to}}"), "+12025550143")
    assert result.exit_code == 1
    assert "The SMS gateway did not take the message, or did not say so." in result.output


def test_what_names_nobody_is_refused_before_anything_is_sent(app, mailbox):
    result = send(app, "alice@")
    assert result.exit_code == 1
    assert "Enter an email address in full" in result.output
    assert mailbox.mails == []
