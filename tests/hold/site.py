"""A served site with its mail server, and the people who use it while faults happen."""

from dataclasses import dataclass

from sqlalchemy import create_engine

from tests.helpers import invariants
from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import Served
from tests.helpers.visitor import HttpVisitor, wait_for


@dataclass
class Site:
    """Everybody here is called by the name before the @ of their address."""

    server: Served
    mailbox: Mailbox

    def newcomer(self) -> HttpVisitor:
        """Return somebody in front of the entry page."""
        visitor = HttpVisitor(self.server)
        visitor.open("/sign-in")
        return visitor

    def asked(self, name: str) -> HttpVisitor:
        """Return somebody who asked for a code and got it."""
        visitor = HttpVisitor(self.server)
        visitor.ask(f"{name}@example.org")
        self.code(name)
        return visitor

    def signed_in(self, name: str) -> HttpVisitor:
        """Return somebody who signed in."""
        visitor = self.asked(name)
        visitor.answer(self.code(name))
        assert visitor.is_in
        return visitor

    def code(self, name: str) -> str:
        """Return the code in the newest mail to `name`; wait for it if there is none."""
        address = f"{name}@example.org"
        wait_for(lambda: address in [mail["To"] for mail in self.mailbox.mails])
        return code_in([mail for mail in self.mailbox.mails if mail["To"] == address][-1])

    def wrong_code(self, name: str) -> str:
        """Return digits that are not the code that was mailed to `name`."""
        return "000000" if self.code(name) != "000000" else "000001"

    def broken(self, url: str = "") -> dict[str, list]:
        """Return the invariants that do not hold, of a copy at `url` where it is given."""
        engine = create_engine(url or self.server.environ["OTPAPP_DATABASE_URL"])
        try:
            return invariants.broken(engine)
        finally:
            engine.dispose()
