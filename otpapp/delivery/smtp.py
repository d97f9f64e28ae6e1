"""A connection to a mail server that can be trusted: verified, and bounded in time.

Flask-Mail's own checks no certificate and has no time-out (X44, X45).
"""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import flask_mail
from flask import current_app

from otpapp.settings import Settings

OPERATION_SECONDS = 5.0  # connecting to one address, and each answer until we are let in
TOTAL_SECONDS = 15.0  # opening a connection; and again handing one mail over
CLOSE_SECONDS = 1.0


class Connection(flask_mail.Connection):
    """One open connection; raises OSError or SMTPException, and never takes longer than told."""

    def __init__(self, settings: Settings, seconds: float) -> None:
        super().__init__(current_app.extensions["mail"])
        self._settings = settings
        self.line = self._opened(min(seconds, TOTAL_SECONDS))
        self.host = self.line

    @property
    def has_said_all(self) -> bool:
        """Whether the last mail went out whole: then a missing answer does not mean refusal."""
        return self.line.has_said_all

    def hand_over(self, message: flask_mail.Message, seconds: float) -> None:
        """Hand one message over; a server may take its time to look into it."""
        self.line.has_said_all = False  # what was said of the mail before says nothing of this one
        with within(min(seconds, TOTAL_SECONDS)) as watch:
            watch.line = self.line
            self.send(message)

    def rehearse(self, message: flask_mail.Message, seconds: float) -> None:
        """Go through all that handing `message` over takes, but name no receiver and say nothing.

        X13: with as many words to and fro, lest pages asked for meanwhile tell which it is.
        """
        self.line.is_rehearsal = True
        try:
            self.hand_over(message, seconds)
        finally:
            self.line.is_rehearsal = False

    def close(self) -> None:
        """Leave without waiting for a server that no longer answers."""
        with suppress(OSError, smtplib.SMTPException), within(CLOSE_SECONDS) as watch:
            watch.line = self.line
            self.line.quit()
        self.line.close()

    def _opened(self, seconds: float) -> "_SMTP":
        """Open a connection that is verified, where it is to be secure, and signed in to."""
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.mail_ca_file or None)
        options = {"context": context} if settings.mail_use_ssl else {}
        with within(seconds) as watch:
            line = (_SMTPOverTLS if settings.mail_use_ssl else _SMTP)(
                settings.mail_server,
                settings.mail_port,
                local_hostname=settings.public.hostname,
                timeout=OPERATION_SECONDS,
                watch=watch,
                **options,
            )
            with _closed_on_error(line):
                if settings.mail_use_tls:
                    line.starttls(context=context)
                # Else the greeting would come with the first mail, and its faults seem that mail's.
                line.ehlo_or_helo_if_needed()
                if settings.mail_username:
                    line.login(settings.mail_username, settings.mail_password)
        assert line.sock is not None  # noqa: S101 - it is open
        line.sock.settimeout(TOTAL_SECONDS)
        return line


class Watch:
    """Which line to cut when the time is over, and whether that was done."""

    line: smtplib.SMTP | None = None
    was_cut = False

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left; raises TimeoutError where there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def cut(self) -> None:
        """Cut the line, so that whoever waits at it wakes up."""
        self.was_cut = True
        sock = getattr(self.line, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def within(seconds: float) -> Iterator[Watch]:
    """Raise TimeoutError if the block takes longer, however slowly the server drips its answers."""
    watch = Watch(seconds)
    timer = threading.Timer(watch.left, watch.cut)
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
    if watch.was_cut:
        raise TimeoutError


class _SMTP(smtplib.SMTP):
    has_said_all = False
    is_rehearsal = False

    def __init__(self, *args: Any, watch: Watch, **options: Any) -> None:
        self._watch = watch
        watch.line = self
        super().__init__(*args, **options)

    def send(self, s: Any) -> None:
        """Send, and remember whether that was the body of a mail: only that comes as bytes."""
        super().send(s)
        self.has_said_all = isinstance(s, bytes)

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name a receiver; in a rehearsal, say something else instead."""
        return self.noop() if self.is_rehearsal else super().rcpt(recip, options)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Say the mail; in a rehearsal, take back that there was to be one."""
        if self.is_rehearsal:
            self.noop()
            return self.rset()
        return super().data(msg)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Try each address of `host`; all of them together get the time that is left."""
        *others, last = (found[4][0] for found in socket.getaddrinfo(host, port, proto=6))
        for address in others:
            with suppress(ConnectionError, TimeoutError):
                return self._at(str(address), port, timeout)
        return self._at(str(last), port, timeout)

    def _at(self, address: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(address, port, min(timeout, self._watch.left))  # type: ignore[misc]
        return found


class _SMTPOverTLS(_SMTP, smtplib.SMTP_SSL):
    pass


@contextmanager
def _closed_on_error(line: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        line.close()
        raise
