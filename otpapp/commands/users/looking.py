"""flask users list, show and sessions"""

import json
from datetime import datetime

import click

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.commands.users import shapes
from otpapp.commands.users.reading import as_json, nobody, person_of, settings
from otpapp.models import UserSession
from otpapp.rules import elsewhere, roles
from otpapp.rules.people import directory, picture
from otpapp.rules.people.directory import Standing, Wanted
from otpapp.rules.people.picture import Picture


@click.command("list")
@click.argument("part", default="")
@click.option("--role", type=click.Choice(roles.ROLES))
@click.option("--group", default="", help="Only its members.")
@click.option("--standing", type=click.Choice([one.value for one in Standing]))
@click.option("--after", default="", help="Go on after this address.")
@click.option("--limit", type=click.IntRange(1, 1000), default=directory.PAGE, show_default=True)
@as_json
@with_database
def list_(after: str, limit: int, as_json: bool, **wanted: str | None) -> None:
    """List people, all or those with PART in an address, in the order of the alphabet.

    disabled: shut out by an operator; frozen: by themselves; closed: by too many wrong codes.

    \b
    Examples:
      flask users list
      flask users list @example.org --group office
      flask users list --standing closed --json
    """
    page = directory.page(_wanted(**wanted), settings(), after, limit)
    if as_json:
        people = [shapes.person(one) for one in page.people]
        click.echo(json.dumps({"people": people, "after": page.after}, indent=2))
        return
    for one in page.people:
        groups = "  in " + ", ".join(one.groups) if one.groups else ""
        click.echo(f"{', '.join(one.keys)}  {one.role}  {one.standing}{groups}")
    if page.after:
        click.echo(f"There are more: --after {page.after}", err=True)


@click.command("show")
@click.argument("identifier")
@as_json
@with_database
def show(identifier: str, as_json: bool) -> None:
    """Show the person of IDENTIFIER: addresses, groups, factors, sessions, and how they stand.

    \b
    Example:
      flask users show alice@example.org
    """
    person = person_of(identifier)
    found = picture.of(person.user_id, settings(), utc_now()) or nobody(person.text)
    if as_json:
        click.echo(json.dumps(shapes.picture(found), indent=2))
        return
    _print(found)


@click.command("sessions")
@click.argument("identifier")
@as_json
@with_database
def sessions(identifier: str, as_json: bool) -> None:
    """List where the person of IDENTIFIER is signed in, the session used last first.

    \b
    Example:
      flask users sessions alice@example.org
    """
    person = person_of(identifier)
    found = elsewhere.living(person.user_id, utc_now())
    if as_json:
        click.echo(json.dumps([shapes.session(one) for one in found], indent=2))
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo(f"{person.text} is signed in nowhere.")


def _wanted(standing: str | None, **named: str | None) -> Wanted:
    given = {name: text for name, text in named.items() if text}
    return Wanted(**given, standing=Standing(standing) if standing else None)


def _print(found: Picture) -> None:
    user = found.user
    click.echo(f"{user.id}  {user.role}  {found.standing}")
    click.echo(f"there since {_at(user.created_at)}, last signed in: {_at(found.signed_in_at)}")
    if user.leaves_at:
        click.echo(f"deleted at {_at(user.leaves_at)}, as they asked")
    for identifier in found.identifiers:
        verified = "verified" if identifier.verified_at else "not verified yet"
        click.echo(f"  {identifier.key}  {verified}")
    click.echo(f"groups: {', '.join(found.groups) or 'none'}")
    for factor in found.factors:
        click.echo(f"  {factor.kind}  {factor.name}  since {_at(factor.created_at)}")
    click.echo(f"recovery codes left: {found.recovery_codes}")
    for session in found.sessions:
        click.echo(f"  session  {_line(session)}")


def _line(one: UserSession) -> str:
    return f"{one.door}  {one.browser}  {one.ip}  used {_at(one.seen_at)}"


def _at(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else "never"
