"""flask keys"""

from collections.abc import Callable
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from otpapp.commands.database import with_database
from otpapp.otp.keys import Unsealable
from otpapp.rules import upkeep
from otpapp.rules.upkeep import Done
from otpapp.settings import Settings
from otpapp.transaction import transaction

keys = AppGroup("keys", help="Look after the users' keys.")
NOBODY = UUID(int=0)


@keys.command("rotate")
@with_database
def rotate() -> None:
    """Seal every user's key under the newest secret.

    Put a new secret into OTPAPP_SECRET_KEY and the old one into OTPAPP_SECRET_KEY_FALLBACKS,
    restart, run this, and take the old one away. Nobody notices; it may run at any time.

    \b
    Example:
      flask keys rotate
    """
    try:
        changed = for_all_users(upkeep.reseal_next)
    except Unsealable as error:
        raise click.ClickException(f"Not every key can be opened: {error}.") from error
    click.echo(f"Sealed {changed} keys anew. Older secrets are no longer needed for keys.")


def for_all_users(work: Callable[[UUID, Settings], Done]) -> int:
    """Do `work` to all users, some at a time; return how many it changed."""
    settings, changed, last = current_app.extensions["otpapp.settings"], 0, NOBODY
    while True:
        with transaction():
            done = work(last, settings)
        changed += done.changed
        if done.last is None:
            return changed
        last = done.last
