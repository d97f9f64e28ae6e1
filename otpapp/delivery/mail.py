"""Handing mail over, through Flask-Mail on one connection that is kept open between mails."""

import smtplib
import time
from collections.abc import Callable

from otpapp.delivery.mime import written
from otpapp.delivery.parcels import Mail, NotSent, TextMessage
from otpapp.delivery.smtp import Connection
from otpapp.delivery.smtp_words import explain, has_hung_up
from otpapp.settings import Settings

MOST_ON_ONE = 30  # hand-overs; a server may mind so many words that bring no mail (see rehearse)
IDLE_SECONDS = 20.0  # a connection unused for longer is opened anew: servers drop it soon
LONGEST_PAUSE = 2.0  # strangers shall not hold the queue up much
FAULTS = (OSError, smtplib.SMTPException, UnicodeError)
Work = Callable[[Connection, float], None]


class MailTransport:
    """Keeps one connection to the mail server and hands mails over on it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: Connection | None = None
        self._used_at = 0.0
        self._used = 0
        self._took = 0.0

    def send(self, parcel: Mail | TextMessage, seconds: float) -> None:
        """Hand one mail over, or raise NotSent with the reason in words."""
        assert isinstance(parcel, Mail)  # noqa: S101
        message = written(parcel)

        def hand_over(connection: Connection, left: float) -> None:
            begun = time.monotonic()
            connection.hand_over(message, left)
            self._took = time.monotonic() - begun

        self._do(hand_over, seconds)

    def probe(self, parcel: Mail | TextMessage, seconds: float) -> None:
        """See that a mail could be handed over, or raise NotSent with the reason in words."""
        assert isinstance(parcel, Mail)  # noqa: S101
        message = written(parcel)

        def rehearse(connection: Connection, left: float) -> None:
            # X13: it takes as long as the last mail did, of which the server had to look at more.
            ends = time.monotonic() + min(self._took, LONGEST_PAUSE)
            connection.rehearse(message, left)
            time.sleep(max(0.0, ends - time.monotonic()))

        self._do(rehearse, seconds)

    def close(self) -> None:
        """Say goodbye to the server, if one is listening."""
        if self._connection:
            self._connection.close()
        self._connection, self._used = None, 0

    def _do(self, work: Work, seconds: float) -> None:
        ends = time.monotonic() + seconds
        if self._used >= MOST_ON_ONE or time.monotonic() - self._used_at > IDLE_SECONDS:
            self.close()
        try:
            if not self._done_on_the_kept_one(work, seconds):
                self._connection = self._opened(ends - time.monotonic())
                work(self._connection, ends - time.monotonic())
        except FAULTS as error:
            raise self._told(error) from error
        self._used_at = time.monotonic()
        self._used += 1

    def _done_on_the_kept_one(self, work: Work, seconds: float) -> bool:
        if self._connection is None:
            return False
        try:
            work(self._connection, seconds)
        except FAULTS as error:
            # The server may have hung up since; that costs a new connection, not a wait.
            if self._connection.has_said_all or not has_hung_up(error):
                raise
            self.close()
            return False
        return True

    def _opened(self, seconds: float) -> Connection:
        try:
            return Connection(self._settings, seconds)
        except FAULTS as error:
            reason = explain(error, self._settings)
            reason.is_ours = True
            raise reason from error

    def _told(self, error: Exception) -> NotSent:
        reason = explain(error, self._settings)
        answered = isinstance(error, (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused))
        said_all = self._connection is not None and self._connection.has_said_all
        reason.may_have_arrived = said_all and not answered
        self.close()
        return reason
