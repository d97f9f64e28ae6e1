"""flask reopen"""

import click
from flask import current_app

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of, owner_of
from otpapp.commands.database import with_database
from otpapp.rules import budgets, events
from otpapp.transaction import transaction


@click.command("reopen")
@click.argument("identifier")
@with_database
def reopen(identifier: str) -> None:
    """Let somebody sign in by code again after too many wrong codes for IDENTIFIER.

    \b
    Examples:
      flask reopen alice@example.org
      flask reopen +12025550143
    """
    settings = current_app.extensions["otpapp.settings"]
    address = address_of(identifier)
    with transaction():
        owner = owner_of(address)
        budgets.reopen(str(owner.user_id), settings)
        events.record("codes.reopened", utc_now(), user_id=owner.user_id, subject=address.key)
    click.echo(f"{address.text} can sign in by code again.")
