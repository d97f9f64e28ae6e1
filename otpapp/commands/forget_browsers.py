"""flask forget-browsers"""

import click

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of, owner_of
from otpapp.commands.database import with_database
from otpapp.rules import events, known_browsers
from otpapp.transaction import transaction


@click.command("forget-browsers")
@click.argument("identifier")
@with_database
def forget_browsers(identifier: str) -> None:
    """Treat every browser that signed the person of IDENTIFIER in before as a stranger's.

    For when one was lost or stolen: it has budgets of its own, and gets codes sent that were
    stopped for strangers. Nobody is signed out by this.

    \b
    Example:
      flask forget-browsers alice@example.org
    """
    address, now = address_of(identifier), utc_now()
    with transaction():
        owner = owner_of(address)
        count = known_browsers.revoke_all(owner.user_id, now)
        events.record(
            "browsers.forgotten",
            now,
            user_id=owner.user_id,
            subject=address.key,
            detail=str(count),
        )
    click.echo(f"{count} browser{'s' * (count != 1)} of {address.text} forgotten.")
