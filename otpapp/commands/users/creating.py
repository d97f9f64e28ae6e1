"""flask users create"""

import json

import click
from flask import current_app

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of
from otpapp.commands.database import with_database
from otpapp.commands.users.reading import as_json
from otpapp.rules import users
from otpapp.transaction import transaction


@click.command("create")
@click.argument("identifier")
@as_json
@with_database
def create(identifier: str, as_json: bool) -> None:
    """Let somebody sign in with IDENTIFIER, an email address or a phone number.

    \b
    Examples:
      flask users create alice@example.org
      flask users create +12025550143 --json
    """
    settings = current_app.extensions["otpapp.settings"]
    address = address_of(identifier)
    with transaction():
        owner = users.create(address, settings, utc_now())
    if owner is None:
        raise click.ClickException(f"{address.text} belongs to a user already.")
    if as_json:
        click.echo(json.dumps({"id": str(owner.user_id), "address": address.key}))
        return
    click.echo(f"{address.text} can now sign in at {settings.public_url}/sign-in")
