"""flask worker"""

import signal
import threading

import click
from flask import current_app

from otpapp import logs
from otpapp.commands.database import with_database
from otpapp.delivery.worker import WORKER_POLL


@click.command("worker")
@with_database
def worker() -> None:
    """Send what waits in the outbox, until told to stop.

    Any number of workers may run, on any node. Set OTPAPP_SENDER=none for the served processes if
    only workers shall send.
    """
    logs.configure(current_app.extensions["otpapp.settings"])
    sender = current_app.extensions["otpapp.worker"]
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    sender.start(WORKER_POLL)
    click.echo("Sending what waits in the outbox. Stop with Ctrl-C.")
    stopping.wait()
    sender.stop()
