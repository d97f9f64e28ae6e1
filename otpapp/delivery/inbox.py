"""In place of a mail server and an SMS gateway, while developing: messages show up in /inbox."""

from otpapp.delivery.parcels import Mail, TextMessage


class InboxTransport:
    """Takes every message; the inbox page recomputes what it said from the outbox row."""

    def send(self, parcel: Mail | TextMessage, seconds: float) -> None:
        """Do nothing: that the row counts as sent is what puts it into the inbox."""

    def probe(self, parcel: Mail | TextMessage, seconds: float) -> None:
        """Do nothing: the inbox is always there."""

    def close(self) -> None:
        """Nothing is kept open."""
