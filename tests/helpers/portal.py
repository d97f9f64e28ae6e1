"""The site as an operator runs it: the app, its database, mail, and the shipped nginx in front."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.helpers.mailbox import Mailbox
from tests.helpers.nginx import NAME, Nginx, nginx
from tests.helpers.served import Served, served
from tests.helpers.visitor import wait_for

VISITORS = "SELECT kind, ip FROM events WHERE ip <> '' ORDER BY id"


@dataclass
class Portal:
    """A whole site: nginx, the app behind it, and where its mails arrive."""

    nginx: Nginx
    server: Served
    mailbox: Mailbox

    @property
    def events(self) -> list[tuple[str, str]]:
        """The kind and the IP address of each event of a visitor, the oldest first."""
        path = self.server.environ["OTPAPP_DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(VISITORS).fetchall()

    def mail_for(self, address: str) -> EmailMessage:
        """Wait for a mail to `address`, and return the newest."""
        wait_for(lambda: any(mail["To"] == address for mail in self.mailbox.mails))
        return next(mail for mail in reversed(self.mailbox.mails) if mail["To"] == address)


@contextmanager
def behind_nginx(folder: Path, before: str = "") -> Iterator[Portal]:
    """Serve a production site that anybody may sign up to, in `folder`, behind nginx.

    What stands `before` it in nginx is another site.
    """
    environ = {
        "OTPAPP_MODE": "production",
        "OTPAPP_PUBLIC_URL": f"https://{NAME}",
        "OTPAPP_TRUSTED_PROXIES": "1",
        "OTPAPP_SIGN_UP": "open",
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
    }
    with Mailbox() as mailbox:
        environ["OTPAPP_MAIL_PORT"] = str(mailbox.port)
        with (
            served(folder, **environ) as server,
            nginx(folder / "nginx", server.port, before=before) as site,
        ):
            yield Portal(site, server, mailbox)
