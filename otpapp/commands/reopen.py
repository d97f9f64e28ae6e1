"""flask reopen"""

from datetime import datetime
from uuid import UUID

import click
from flask import current_app

from otpapp.clock import utc_now
from otpapp.commands.addresses import address_of, owner_of
from otpapp.commands.database import with_database
from otpapp.delivery.notices import THINGS
from otpapp.rules import budgets, events, freezing
from otpapp.rules.factors import changes
from otpapp.rules.factors.objections import LINK_WORKS_FOR
from otpapp.transaction import transaction

ASK = "Take that away before anybody can sign in?"
NOTHING = "Nothing was added in the 72 hours before."


@click.command("reopen")
@click.argument("identifier")
@click.option("--undo/--keep", default=None, help="Take away what was added in 72 hours, or not.")
@with_database
def reopen(identifier: str, undo: bool | None) -> None:
    """Let somebody sign in again after too many wrong codes, or after they froze their sign-in.

    Whoever freezes it says that somebody else added a factor. That one is still there: --undo takes
    away what was added in the 72 hours before.

    \b
    Examples:
      flask reopen alice@example.org
      flask reopen --undo +12025550143
    """
    settings, now = current_app.extensions["otpapp.settings"], utc_now()
    address = address_of(identifier)
    frozen = freezing.find_frozen(address)
    user_id = frozen.user_id if frozen else owner_of(address).user_id
    since = (frozen.since if frozen else now) - LINK_WORKS_FOR
    added = _added(user_id, since)
    undo = _shall_undo(undo, added if frozen else "")
    with transaction():
        taken = changes.withdraw(user_id, since, settings, now) if undo else 0
        freezing.thaw(user_id, settings, now)
        budgets.reopen(str(user_id), settings)
        events.record("codes.reopened", now, user_id=user_id, subject=address.key)
    if undo:
        click.echo(f"Taken away: {added}." if taken else NOTHING)
    elif frozen and added:
        click.echo(f"Still there: {added}.")
    click.echo(f"{address.text} can sign in by code again.")


def _shall_undo(undo: bool | None, added: str) -> bool:
    """Ask where it was not said: once it is open, whoever holds a new factor can come in."""
    if undo is None and added:
        click.echo(f"Added in the 72 hours before it was frozen: {added}.")
        return click.confirm(ASK, default=True)
    return bool(undo)


def _added(user_id: UUID, since: datetime) -> str:
    """Return in words what was added to a user's factors at `since` or later."""
    found = [
        f"{THINGS.get(one.kind, 'A second proof').lower()}, “{one.name}”"
        for one in changes.added_since(user_id, since)
    ]
    return "; ".join([*found, *["new recovery codes"] * changes.has_codes_since(user_id, since)])
