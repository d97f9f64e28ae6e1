"""flask users disable, enable and role"""

import click

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.commands.users.reading import even_last, expect_done, person_of, plural
from otpapp.rules import roles
from otpapp.rules.people import standing
from otpapp.rules.people.outcomes import Outcome
from otpapp.transaction import transaction


@click.command("disable")
@click.argument("identifier")
@even_last
@with_database
def disable(identifier: str, even_last: bool) -> None:
    """Shut the person of IDENTIFIER out, at once: sessions, codes and apps end too.

    The last admin stays, unless you say --even-last.

    \b
    Example:
      flask users disable alice@example.org
    """
    with transaction():
        person = person_of(identifier)
        change = standing.disable(person.user_id, utc_now(), even_last=even_last)
        expect_done(person, change.outcome)
    if change.outcome is Outcome.SAME:
        click.echo(f"{person.text} was disabled already.")
        return
    ended = plural(change.ended, "session")
    click.echo(f"{person.text} cannot sign in any more. {ended} ended.")


@click.command("enable")
@click.argument("identifier")
@with_database
def enable(identifier: str) -> None:
    """Let the person of IDENTIFIER sign in again after flask users disable.

    \b
    Example:
      flask users enable alice@example.org
    """
    with transaction():
        person = person_of(identifier)
        change = standing.enable(person.user_id, utc_now())
    expect_done(person, change.outcome)
    already = " already" * (change.outcome is Outcome.SAME)
    click.echo(f"{person.text} can sign in{already or ' again'}.")


@click.command("role")
@click.argument("identifier")
@click.argument("role", type=click.Choice(roles.ROLES))
@even_last
@with_database
def role(identifier: str, role: str, even_last: bool) -> None:
    """Make the person of IDENTIFIER an admin, or a member again; they sign in anew.

    What admins have to prove is OTPAPP_PROOFS_OF_ADMINS, or OTPAPP_PROOFS where that is stricter.
    The last admin stays one, unless you say --even-last.

    \b
    Example:
      flask users role alice@example.org admin
    """
    with transaction():
        person = person_of(identifier)
        change = roles.give(person.user_id, role, utc_now(), even_last=even_last)
        expect_done(person, change.outcome)
    click.echo(f"{person.text} is {role} now. {plural(change.ended, 'session')} ended.")
