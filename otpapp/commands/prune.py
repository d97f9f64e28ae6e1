"""flask prune"""

import click
from flask import current_app

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.delivery import sweeping


@click.command("prune")
@with_database
def prune() -> None:
    """Delete events of the audit trail that are older than OTPAPP_KEEP_EVENTS_DAYS.

    Whatever sends messages does the same each hour; this is for a large trail, or where none runs.

    \b
    Example:
      flask prune
    """
    settings = current_app.extensions["otpapp.settings"]
    count = sweeping.prune(settings, utc_now())
    days = settings.keep_events_days
    click.echo(f"{count} event{'s' * (count != 1)} of more than {days} days ago deleted.")
