"""flask teach"""

import click
from flask import current_app
from flask.cli import with_appcontext

from otpapp.rules.classroom import rooms


@click.command("teach")
@with_appcontext
def teach() -> None:
    """Print the link by which whoever teaches opens a room, where this server is for a class.

    \b
    Example:
      OTPAPP_MODE=classroom flask teach
    """
    settings = current_app.extensions["otpapp.settings"]
    if not settings.is_classroom:
        raise click.ClickException("This server is for no class: see OTPAPP_MODE=classroom.")
    click.echo(f"{settings.public_url}/classroom/teach/{rooms.teachers_key(settings)}")
