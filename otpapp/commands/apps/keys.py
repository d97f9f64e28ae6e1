"""flask apps key"""

import json

import click

from otpapp.clock import utc_now
from otpapp.commands.apps.reading import app_of, end_of
from otpapp.commands.database import with_database
from otpapp.rules.gate import keys, rules
from otpapp.transaction import transaction


@click.group("key")
def key() -> None:
    """Let programs through: each with a key of its own, to a part of one app, until a day.

    \b
    A program sends its key with each request:
      Authorization: Bearer otpk_...
    """


@key.command("add")
@click.argument("app")
@click.argument("name")
@click.option("--until", required=True, help="The last day, as 2026-12-24 (UTC).")
@click.option("--path", default="/", show_default=True, help="It opens this and all below it.")
@with_database
def add(app: str, name: str, until: str, path: str) -> None:
    """Make a key called NAME to APP, and show it once.

    \b
    Example:
      flask apps key add wiki backup --path /api --until 2026-12-24
    """
    kept, last, now = rules.canonical_path(path), end_of(until), utc_now()
    found = keys.faults(name, path)
    if found or kept is None:
        raise click.ClickException("; ".join(found) + ".")
    if last < now:
        raise click.ClickException(f"{until} is over.")
    with transaction():
        token = keys.make(app_of(app), name, kept, last, now)
    if token is None:
        raise click.ClickException(f"{app} has a key {name} already; see flask apps key list.")
    click.echo(token)
    click.echo(f"It opens {kept} of {app} until {last:%Y-%m-%d %H:%M} UTC.", err=True)
    click.echo("Keep it now: nobody can show it once more.", err=True)


@key.command("list")
@click.argument("app")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def list_(app: str, as_json: bool) -> None:
    """List the keys to APP, and when each was last used.

    \b
    Example:
      flask apps key list wiki
    """
    found = [
        {
            "name": one.name,
            "path": one.path,
            "until": one.until.isoformat(timespec="minutes"),
            "used": one.used_at.isoformat(timespec="minutes") if one.used_at else None,
        }
        for one in keys.of_app(app_of(app), utc_now())
    ]
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for line in found:
        click.echo("{name}  {path}  until {until}  last used {used}".format(**line))
    if not found:
        click.echo(f"There is none. The first one: flask apps key add {app} backup --until ...")


@key.command("end")
@click.argument("app")
@click.argument("name")
@with_database
def end(app: str, name: str) -> None:
    """Have the key called NAME open nothing of APP any more.

    \b
    Example:
      flask apps key end wiki backup
    """
    with transaction():
        done = keys.end(app_of(app), name, utc_now())
    if not done:
        raise click.ClickException(f"{app} has no key {name}.")
    click.echo(f"{name} opens nothing any more.")
