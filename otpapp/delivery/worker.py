"""The sender threads: one a channel, so that a mute mail server holds up no text message."""

import logging
import os
import threading
import time
from contextlib import closing, suppress
from typing import Any, cast

import psycopg
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from otpapp.clock import utc_now
from otpapp.delivery.post import CHANNELS, deliver_next, transport_for
from otpapp.delivery.sweeping import sweep
from otpapp.extensions import db
from otpapp.rules.messages import CHANNEL_NOTICE
from otpapp.settings import Settings

SERVED_POLL = 0.5  # seconds; a served process is rung awake, polling only catches what was missed
WORKER_POLL = 0.05  # seconds; on SQLite a separate worker has nothing but polling
AFTER_A_FAULT = 1.0  # seconds
SWEEP_EVERY = 3600.0  # seconds

log = logging.getLogger("otpapp.delivery")


class Worker:
    """Sends what waits in the outbox of one app, until stopped."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._stopping = threading.Event()
        self._bells = {channel: threading.Event() for channel in CHANNELS}
        self._threads: list[threading.Thread] = []
        self._pid = 0
        self._starting = threading.Lock()

    @property
    def runs(self) -> bool:
        """Whether this process sends now."""
        return self._pid == os.getpid() and all(one.is_alive() for one in self._threads)

    def ring(self, channel: str) -> None:
        """Have `channel` looked after now; in a served process this also starts the threads."""
        if self._settings.sender == "thread":
            self.start(SERVED_POLL)
        self._bells[channel].set()

    def start(self, poll: float) -> None:
        """Start the threads of this process; a process that was forked off starts its own."""
        with self._starting:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
            self._threads = [
                threading.Thread(target=self._run, args=(channel, poll), daemon=True)
                for channel in CHANNELS
            ]
            if self._settings.database_url.startswith("postgresql"):
                self._threads.append(threading.Thread(target=self._listen, daemon=True))
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Let the message in hand be finished, then end."""
        self._stopping.set()
        for bell in self._bells.values():
            bell.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _run(self, channel: str, poll: float) -> None:
        transport = transport_for(channel, self._settings)
        sweep_at = 0.0
        while not self._stopping.is_set():
            self._bells[channel].clear()
            try:
                with self._app.app_context():
                    busy = deliver_next(channel, transport, self._settings)
                    if channel == CHANNELS[0] and not busy and time.monotonic() >= sweep_at:
                        sweep_at = time.monotonic() + SWEEP_EVERY
                        sweep(self._settings, utc_now())
            except Exception as error:
                # The row stays leased and is taken again; this thread must outlive any fault.
                _tell(channel, error)
                self._stopping.wait(AFTER_A_FAULT)
                continue
            if not busy:
                self._bells[channel].wait(poll)
        transport.close()

    def _listen(self) -> None:
        with self._app.app_context():
            engine = db.engine
        while not self._stopping.is_set():
            with suppress(OperationalError, psycopg.Error), closing(_own(engine)) as listening:
                listening.autocommit = True
                listening.execute(f"LISTEN {CHANNEL_NOTICE}")
                while not self._stopping.is_set():
                    for _ in listening.notifies(timeout=1, stop_after=1):
                        self._wake()
            self._stopping.wait(AFTER_A_FAULT)

    def _wake(self) -> None:
        for bell in self._bells.values():
            bell.set()


def _tell(channel: str, error: Exception) -> None:
    cause = error.orig if isinstance(error, OperationalError) else error
    log.error("sending by %s stumbled: %s", channel, cause, exc_info=cause is error)


def _own(engine: Engine) -> "psycopg.Connection[Any]":
    """Return a connection that no pool wants back."""
    taken = engine.raw_connection()
    line = cast("psycopg.Connection[Any]", taken.driver_connection)
    taken.detach()
    return line
