"""flask send-test"""

import click
from flask import current_app
from flask.cli import with_appcontext

from otpapp.commands.addresses import address_of
from otpapp.delivery import trial
from otpapp.delivery.parcels import NotSent

PATIENCE = 60.0  # seconds; somebody waits and watches


@click.command("send-test")
@click.argument("identifier")
@with_appcontext
def send_test(identifier: str) -> None:
    """Send a real test message to IDENTIFIER and say in words what went wrong.

    \b
    Examples:
      flask send-test alice@example.org
      flask send-test +12025550143
    """
    settings = current_app.extensions["otpapp.settings"]
    address = address_of(identifier)
    try:
        trial.hand_over(address, settings, PATIENCE)
    except NotSent as error:
        said = f"\nThe server said: {error.said}" if error.said else ""
        raise click.ClickException(f"{error}{said}") from error
    click.echo(f"Handed over. Look whether it arrives at {address.text}.")
