"""flask users end-sessions, forget-browsers and delete"""

import click

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.commands.users.reading import even_last, expect_done, person_of, plural, settings
from otpapp.rules.people import standing
from otpapp.transaction import transaction


@click.command("end-sessions")
@click.argument("identifier")
@with_database
def end_sessions(identifier: str) -> None:
    """Sign the person of IDENTIFIER out everywhere; they may sign in again.

    \b
    Example:
      flask users end-sessions alice@example.org
    """
    with transaction():
        person = person_of(identifier)
        ended = standing.sign_out(person.user_id, utc_now())
    click.echo(f"{plural(ended, 'session')} of {person.text} ended.")


@click.command("forget-browsers")
@click.argument("identifier")
@with_database
def forget_browsers(identifier: str) -> None:
    """Treat every browser that signed the person of IDENTIFIER in before as a stranger's.

    For when one was lost or stolen: it has budgets of its own, and gets codes sent that were
    stopped for strangers. Nobody is signed out by this.

    \b
    Example:
      flask users forget-browsers alice@example.org
    """
    with transaction():
        person = person_of(identifier)
        count = standing.forget_browsers(person.user_id, utc_now())
    click.echo(f"{plural(count, 'browser')} of {person.text} forgotten.")


@click.command("delete")
@click.argument("identifier")
@even_last
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_database
def delete(identifier: str, even_last: bool, yes: bool) -> None:
    """Delete the person of IDENTIFIER and all that is theirs; only the audit trail stays.

    To shut somebody out for a while there is flask users disable.

    \b
    Example:
      flask users delete alice@example.org --yes
    """
    person = person_of(identifier)
    if not yes:
        click.confirm(f"Delete {person.text} and all that is theirs for good?", abort=True)
    with transaction():
        change = standing.delete(person.user_id, settings(), utc_now(), even_last=even_last)
        expect_done(person, change.outcome)
    click.echo(f"{person.text} is deleted. {plural(change.ended, 'session')} ended.")
