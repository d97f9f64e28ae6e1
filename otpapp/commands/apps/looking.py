"""flask apps list, show"""

import json

import click

from otpapp.clock import utc_now
from otpapp.commands.apps.reading import app_of, settings
from otpapp.commands.database import with_database
from otpapp.models import App
from otpapp.rules.gate import apps, guests
from otpapp.web import reasons


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def list_(as_json: bool) -> None:
    """List the apps behind the gate.

    \b
    Example:
      flask apps list
    """
    found = apps.every()
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found], indent=2))
        return
    for one in found:
        click.echo(f"{one.name}  {one.origin}  {one.title}")
    if not found:
        click.echo("There is none yet. The first one: flask apps add wiki https://wiki.example.org")


@click.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def show(name: str, as_json: bool) -> None:
    """Show one app: its rules and its guests.

    \b
    Example:
      flask apps show wiki
    """
    app = app_of(name)
    if as_json:
        click.echo(json.dumps(_as_json(app), indent=2))
        return
    click.echo(f"{app.title}, {app.origin}")
    for rule in apps.plan_of(app).rules:
        asked = reasons.asks_for(rule, "member", settings())
        click.echo(f"  {rule.path}  for {reasons.whom(rule)}{', ' + asked if asked else ''}")
    for one in guests.of_app(app, utc_now()):
        click.echo(f"  guest at {one.path}: {one.key} until {one.until:%Y-%m-%d %H:%M} UTC")


def _as_json(app: App) -> dict[str, object]:
    here = guests.of_app(app, utc_now())
    return {
        "name": app.name,
        "title": app.title,
        "url": app.origin,
        "rules": app.rules,
        "guests": [
            {"who": one.key, "path": one.path, "until": one.until.isoformat()} for one in here
        ],
    }
