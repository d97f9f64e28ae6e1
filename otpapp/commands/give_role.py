"""flask give-role"""

import click

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of, owner_of
from otpapp.commands.database import with_database
from otpapp.rules import roles
from otpapp.transaction import transaction


@click.command("give-role")
@click.argument("identifier")
@click.argument("role", type=click.Choice(roles.ROLES))
@with_database
def give_role(identifier: str, role: str) -> None:
    """Make the person of IDENTIFIER an admin, or a member again; they sign in anew.

    What admins have to prove is OTPAPP_PROOFS_OF_ADMINS, or OTPAPP_PROOFS where that is stricter.

    \b
    Example:
      flask give-role alice@example.org admin
    """
    address = address_of(identifier)
    with transaction():
        ended = roles.give(owner_of(address).user_id, role, utc_now()).ended
    click.echo(f"{address.text} is {role} now. {ended} session{'s' * (ended != 1)} ended.")
