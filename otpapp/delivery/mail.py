"""Handing mail over, through Flask-Mail on a connection that can be trusted.

Flask-Mail's own connection checks no certificate, has no time-out and is opened anew for every
mail (X44, X45); this one does the opposite on all three.
"""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import flask_mail
from flask import current_app

from otpapp.delivery.mime import written
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.delivery.smtp_words import explain, has_hung_up
from otpapp.settings import Settings

OPERATION_SECONDS = 5.0  # connecting, and each answer
TOTAL_SECONDS = 15.0  # opening a connection; and again handing one mail over
CLOSE_SECONDS = 1.0
OK = 250  # RFC 5321 section 4.2.3
FAULTS = (OSError, smtplib.SMTPException, UnicodeError)
IDLE_SECONDS = 20.0  # a connection unused for longer is opened anew: servers drop it soon


class MailTransport:
    """Keeps one connection to the mail server and hands mails over on it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: _Connection | None = None
        self._used_at = 0.0

    def send(self, parcel: Mail | TextMessage) -> None:
        """Hand one mail over, or raise NotSent with the reason in words."""
        assert isinstance(parcel, Mail)  # noqa: S101
        message = written(parcel)
        self._do(lambda connection: connection.send(message))

    def probe(self) -> None:
        """Open the connection or see that it still is; raise NotSent with the reason in words."""
        self._do(_Connection.check)

    def close(self) -> None:
        """Say goodbye to the server, if one is listening."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _do(self, work: "Callable[[_Connection], None]") -> None:
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            self.close()
        try:
            if not self._done_on_the_kept_one(work):
                self._connection = self._opened()
                work(self._connection)
        except FAULTS as error:
            self.close()
            raise explain(error, self._settings) from error
        self._used_at = time.monotonic()

    def _done_on_the_kept_one(self, work: "Callable[[_Connection], None]") -> bool:
        if self._connection is None:
            return False
        try:
            work(self._connection)
        except FAULTS as error:
            # The server may have hung up since; that costs a new connection, not a wait.
            if not has_hung_up(error):
                raise
            self.close()
            return False
        return True

    def _opened(self) -> "_Connection":
        try:
            return _Connection(self._settings)
        except FAULTS as error:
            reason = explain(error, self._settings)
            reason.unreachable = True
            raise reason from error


class _Connection(flask_mail.Connection):
    def __init__(self, settings: Settings) -> None:
        super().__init__(current_app.extensions["mail"])
        self._settings = settings
        self.line = self.configure_host()
        self.host = self.line

    def configure_host(self) -> "_SMTP":
        """Open a connection that is verified, where it is to be secure, and signed in to."""
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.mail_ca_file or None)
        options = {"context": context} if settings.mail_use_ssl else {}
        with _within(TOTAL_SECONDS) as watch:
            host = (_SMTPOverTLS if settings.mail_use_ssl else _SMTP)(
                settings.mail_server,
                settings.mail_port,
                local_hostname=settings.public.hostname,
                timeout=OPERATION_SECONDS,
                watch=watch,
                **options,
            )
            with _closed_on_error(host):
                if settings.mail_use_tls:
                    host.starttls(context=context)
                # Else the greeting would come with the first mail, and its faults seem that mail's.
                host.ehlo_or_helo_if_needed()
                if settings.mail_username:
                    host.login(settings.mail_username, settings.mail_password)
        return host

    def send(self, message: flask_mail.Message, envelope_from: Any = None) -> None:
        """Hand one message over within the total time."""
        with _within(TOTAL_SECONDS) as watch:
            watch.line = self.line
            super().send(message, envelope_from)

    def check(self) -> None:
        """See that the server still listens."""
        with _within(TOTAL_SECONDS) as watch:
            watch.line = self.line
            code, said = self.line.noop()
        if code != OK:
            raise smtplib.SMTPResponseException(code, said)

    def close(self) -> None:
        """Leave without waiting for a server that no longer answers."""
        with suppress(OSError, smtplib.SMTPException), _within(CLOSE_SECONDS) as watch:
            watch.line = self.line
            self.line.quit()
        self.line.close()


class _Watch:
    """Which line to cut when the time is over, and whether that was done."""

    line: smtplib.SMTP | None = None
    was_cut = False

    def cut(self) -> None:
        """Cut the line, so that whoever waits at it wakes up."""
        self.was_cut = True
        sock = getattr(self.line, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class _SMTP(smtplib.SMTP):
    def __init__(self, *args: Any, watch: _Watch, **options: Any) -> None:
        watch.line = self
        super().__init__(*args, **options)


class _SMTPOverTLS(_SMTP, smtplib.SMTP_SSL):
    pass


@contextmanager
def _within(seconds: float) -> Iterator[_Watch]:
    """Raise TimeoutError if the block takes longer, however slowly the server drips its answers."""
    watch = _Watch()
    timer = threading.Timer(seconds, watch.cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    except (OSError, smtplib.SMTPException) as error:
        if watch.was_cut:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


@contextmanager
def _closed_on_error(host: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        host.close()
        raise
