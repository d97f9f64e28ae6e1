"""flask users invite, invitations and withdraw"""

import json
from datetime import datetime

import click

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of
from otpapp.commands.database import with_database
from otpapp.commands.users.reading import as_json, settings
from otpapp.rules import roles
from otpapp.rules.gate.rules import NAME
from otpapp.rules.identifiers import Address
from otpapp.rules.people import invitations, inviting
from otpapp.rules.people.invitations import Shown
from otpapp.rules.people.inviting import Invited, Offer, Outcome
from otpapp.transaction import transaction

BECAME = {
    Outcome.INVITED: "is invited until {}.",
    Outcome.ALREADY: "is invited already, until {}.",
    Outcome.MEMBER: "is a user already{}.",
    Outcome.TAKEN: "is kept for somebody who took it out of their sign-in; try again in some days.",
    Outcome.LIMITED: "was not invited: that is too many for today. Try again after {}.",
}


@click.command("invite")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--group", "names", multiple=True, help="They become a member; may be said often.")
@click.option(
    "--days",
    type=click.IntRange(1, inviting.MOST_DAYS),
    default=inviting.USUAL_DAYS,
    show_default=True,
    help="How long it can be accepted.",
)
@click.option("--role", type=click.Choice(roles.ROLES), default="member", show_default=True)
@as_json
@with_database
def invite(
    addresses: tuple[str, ...], names: tuple[str, ...], days: int, role: str, as_json: bool
) -> None:
    """Send each ADDRESS a link by which whoever reads it becomes a user.

    ADDRESS is an email address or a phone number. Who is a user already gets the groups at once.
    --json writes a line each.

    \b
    Examples:
      flask users invite alice@example.org
      flask users invite alice@example.org bob@example.org --group office --days 14
    """
    for name in names:
        if not NAME.fullmatch(name):
            raise click.ClickException(f"{name} is no name of a group: use a-z, 0-9 and dashes.")
    # All are read before one is invited, so that a slip of the pen sends nothing.
    found = [address_of(one) for one in addresses]
    offer, all_done = Offer(frozenset(names), role, days), []
    for one in found:
        with transaction():
            done = inviting.invite(one, offer, settings(), utc_now())
        all_done.append(done)
        click.echo(_as_line(one, done) if as_json else f"{one.text} {_became(done, offer)}")
    if any(done.outcome in (Outcome.TAKEN, Outcome.LIMITED) for done in all_done):
        raise click.ClickException("Not everybody was invited.")


@click.command("invitations")
@click.option("--before", type=click.IntRange(1, 2**53), help="Go on before this number.")
@click.option("--over", is_flag=True, help="Those that were accepted, withdrawn or ran out.")
@as_json
@with_database
def list_(before: int | None, over: bool, as_json: bool) -> None:
    """List the invitations that are open, the newest first.

    \b
    Examples:
      flask users invitations
      flask users invitations --over --json
    """
    read = invitations.over if over else invitations.open_ones
    page = read(utc_now(), before or 0)
    if as_json:
        shown = [_shape(one) for one in page.invitations]
        click.echo(json.dumps({"invitations": shown, "before": page.before}, indent=2))
        return
    for one in page.invitations:
        click.echo(_line(one))
    if not page.invitations:
        click.echo("There is none.")
    if page.before:
        click.echo(f"There are more: --before {page.before}", err=True)


@click.command("withdraw")
@click.argument("address")
@with_database
def withdraw(address: str) -> None:
    """Have the open invitation of ADDRESS open nothing any more.

    \b
    Example:
      flask users withdraw alice@example.org
    """
    found = address_of(address)
    with transaction():
        one = invitations.unended(found.key)
        is_done = one is not None and inviting.withdraw(one.id, utc_now())
    if not is_done:
        raise click.ClickException(f"{found.text} has no open invitation.")
    click.echo(f"The invitation of {found.text} is withdrawn.")


def _as_line(one: Address, done: Invited) -> str:
    until = done.until.isoformat() if done.until else None
    return json.dumps({"address": one.key, "outcome": done.outcome, "until": until})


def _became(done: Invited, offer: Offer) -> str:
    if done.outcome is Outcome.MEMBER:
        return BECAME[done.outcome].format(", and in these groups now" if offer.groups else "")
    return BECAME[done.outcome].format(_at(done.until) if done.until else "")


def _line(one: Shown) -> str:
    invitation = one.invitation
    groups = "  in " + ", ".join(invitation.groups) if invitation.groups else ""
    yet = "" if one.outcome else " yet"
    trouble = f"  not delivered{yet}: {one.trouble}" if one.trouble else ""
    until = f"{one.standing.replace('_', ' ')}, until {_at(invitation.ends_at)}"
    return f"{invitation.key}  {invitation.role}  {until}{groups}{trouble}"


def _shape(one: Shown) -> dict[str, object]:
    invitation = one.invitation
    instants = ("created_at", "asked_at", "ends_at", "accepted_at", "withdrawn_at")
    values = {name: getattr(invitation, name) for name in instants}
    return {
        "id": invitation.id,
        "address": invitation.key,
        "standing": one.standing,
        "role": invitation.role,
        "groups": invitation.groups,
        "invited_by": str(invitation.invited_by) if invitation.invited_by else None,
        "user_id": str(invitation.user_id) if invitation.user_id else None,
        "message": one.outcome or "waiting",
        "trouble": one.trouble,
        **{name: value.isoformat() if value else None for name, value in values.items()},
    }


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
