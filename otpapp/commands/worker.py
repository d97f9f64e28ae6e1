"""flask worker"""

import signal
import threading

import click
from flask import current_app

from otpapp import logs, metrics
from otpapp.commands.database import with_database
from otpapp.delivery.worker import WORKER_POLL
from otpapp.settings import BadSettings


@click.command("worker")
@with_database
def worker() -> None:
    """Send what waits in the outbox, until told to stop.

    Any number of workers may run, on any node. Set OTPAPP_SENDER=none for the served processes if
    only workers shall send.
    """
    settings = current_app.extensions["otpapp.settings"]
    logs.configure(settings)
    if settings.metrics:
        _count_in(settings.metrics)
    sender = current_app.extensions["otpapp.worker"]
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    sender.start(WORKER_POLL)
    click.echo("Sending what waits in the outbox. Stop with Ctrl-C.")
    stopping.wait()
    sender.stop()


def _count_in(folder: str) -> None:
    try:
        metrics.keep_in(folder)
    except BadSettings as error:
        raise click.ClickException("; ".join(error.faults)) from error
