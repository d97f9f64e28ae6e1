"""A real SMTP server on loopback."""

import re
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from flask import Flask

from otpapp.delivery.post import deliver_next, transport_for


class Mailbox:
    """Keeps the mails it is handed; `port` is where it listens."""

    def __init__(self, port: int = 0, **options) -> None:
        self.port = port or free_port()
        self.mails: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        self._options = options
        self._app: Flask | None = None

    def __enter__(self) -> "Mailbox":
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()
        return self

    def __exit__(self, *_) -> None:
        self._controller.stop()

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.receivers.append(list(envelope.rcpt_tos))
        self.mails.append(mail)
        return "250 taken"

    def attach(self, app: Flask) -> None:
        """Belong to one test from here on: forget older mails, deliver from this app's outbox."""
        self._app = app
        self.mails.clear()
        self.receivers.clear()

    def deliver(self) -> list[EmailMessage]:
        """Hand over what waits in the outbox, as the sender thread would; return all mails."""
        assert self._app
        settings = self._app.extensions["otpapp.settings"]
        transport = transport_for("email", settings)
        with self._app.app_context():
            while deliver_next("email", transport, settings):
                pass
        transport.close()
        return self.mails

    def newest_for(self, address: str) -> EmailMessage:
        """Return the newest mail to `address`."""
        self.deliver()
        return next(mail for mail in reversed(self.mails) if mail["To"] == address)

    def code_for(self, address: str) -> str:
        """Return the code in the newest mail to `address`."""
        return code_in(self.newest_for(address))


def code_in(mail: EmailMessage) -> str:
    """Return the code that the text part of a mail begins with."""
    found = re.match(r"[0-9]+", text_of(mail))
    assert found, text_of(mail)
    return found[0]


def text_of(mail: EmailMessage) -> str:
    """Return the text part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return part.get_content()


def mail_at(port: int) -> dict[str, str]:
    """Return the environment of a server whose mail goes to `port`."""
    return {
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_PORT": str(port),
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
    }


def free_port() -> int:
    """Return a TCP port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
