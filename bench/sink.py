"""The mail server of all contenders: takes every mail and says when it had it."""

import queue
import time
from types import TracebackType

from aiosmtpd.controller import Controller

from tests.helpers.mailbox import free_port

LONGEST_WAIT = 30.0  # seconds


class Sink:
    """An SMTP server on loopback that keeps each mail until its receiver is asked for."""

    def __init__(self) -> None:
        self.port = free_port()
        self._waiting: dict[str, queue.SimpleQueue[tuple[float, bytes]]] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "Sink":
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        at = time.perf_counter()
        for receiver in envelope.rcpt_tos:
            self._of(receiver).put((at, envelope.content))
        return "250 taken"

    def mail_for(self, address: str) -> tuple[float, bytes]:
        """Return when the next mail to `address` was here, and the mail."""
        return self._of(address).get(timeout=LONGEST_WAIT)

    def _of(self, address: str) -> "queue.SimpleQueue[tuple[float, bytes]]":
        return self._waiting.setdefault(address, queue.SimpleQueue())
