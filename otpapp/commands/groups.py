"""flask groups"""

import json

import click

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of, owner_of
from otpapp.commands.database import with_database
from otpapp.rules import groups as members
from otpapp.rules.gate.rules import NAME
from otpapp.transaction import transaction


@click.group("groups")
def groups() -> None:
    """Say who belongs to which group; rules of apps can allow a group."""


@groups.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def list_(as_json: bool) -> None:
    """List the groups, and how many members each has."""
    found = members.sizes()
    if as_json:
        click.echo(json.dumps(dict(found)))
        return
    for name, size in found:
        click.echo(f"{name}  {size} member{'s' * (size != 1)}")
    if not found:
        click.echo("There is none yet. The first one: flask groups add office you@example.org")


@groups.command("add")
@click.argument("name")
@click.argument("identifiers", nargs=-1, required=True)
@with_database
def add(name: str, identifiers: tuple[str, ...]) -> None:
    """Make the people of IDENTIFIERS members of a group; the first member makes the group.

    \b
    Example:
      flask groups add office alice@example.org bob@example.org
    """
    if not NAME.fullmatch(name):
        raise click.ClickException("A group has 1 to 40 of the letters a-z, digits and dashes.")
    with transaction():
        found = [owner_of(address_of(one)).user_id for one in identifiers]
        added = sum(members.add(one, name, utc_now()) for one in found)
    click.echo(f"{added} added to {name}, {len(found) - added} there already.")


@groups.command("remove")
@click.argument("name")
@click.argument("identifiers", nargs=-1, required=True)
@with_database
def remove(name: str, identifiers: tuple[str, ...]) -> None:
    """Take the people of IDENTIFIERS out of a group; the last one takes the group along.

    \b
    Example:
      flask groups remove office bob@example.org
    """
    with transaction():
        found = [owner_of(address_of(one)).user_id for one in identifiers]
        gone = sum(members.remove(one, name, utc_now()) for one in found)
    click.echo(f"{gone} removed from {name}, {len(found) - gone} were no members.")
