"""flask users unlock"""

import click

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.commands.users.reading import expect_done, person_of, settings
from otpapp.rules import freezing
from otpapp.rules.people import unlocking
from otpapp.transaction import transaction
from otpapp.web import doubts

ASK = "Take that away before anybody can sign in?"
NOTHING = "Nothing was added in the 72 hours before."


@click.command("unlock")
@click.argument("identifier")
@click.option("--undo/--keep", default=None, help="Take away what was added in 72 hours, or not.")
@with_database
def unlock(identifier: str, undo: bool | None) -> None:
    """Let somebody sign in again after too many wrong codes, or after they froze their sign-in.

    Whoever freezes it says that somebody else added a factor. That one is still there: --undo takes
    away what was added in the 72 hours before.

    \b
    Examples:
      flask users unlock alice@example.org
      flask users unlock --undo +12025550143
    """
    now, person = utc_now(), person_of(identifier)
    is_frozen = freezing.frozen_since(person.user_id) is not None
    added = doubts.added(person.user_id, unlocking.in_doubt_since(person.user_id, now))
    undo = _shall_undo(undo, added if is_frozen else "")
    with transaction():
        outcome, taken = unlocking.unlock(person.user_id, settings(), now, undo=undo)
        expect_done(person, outcome)
    if undo:
        click.echo(f"Taken away: {added}." if taken else NOTHING)
    elif is_frozen and added:
        click.echo(f"Still there: {added}.")
    click.echo(f"{person.text} can sign in by code again.")


def _shall_undo(undo: bool | None, added: str) -> bool:
    """Ask where it was not said: once it is open, whoever holds a new factor can come in."""
    if undo is None and added:
        click.echo(f"Added in the 72 hours before it was frozen: {added}.")
        return click.confirm(ASK, default=True)
    return bool(undo)
