"""Opening the ways in of a person again: after too many wrong codes, or after they froze them."""

from datetime import datetime
from uuid import UUID

from otpapp.rules import budgets, events, freezing, users
from otpapp.rules.account import taking_back
from otpapp.rules.factors import changes
from otpapp.rules.factors.objections import LINK_WORKS_FOR
from otpapp.rules.people.outcomes import Outcome
from otpapp.settings import Settings


def in_doubt_since(user_id: UUID, now: datetime) -> datetime:
    """Return from when on what was added to a user's sign-in may be somebody else's."""
    return (freezing.frozen_since(user_id) or now) - LINK_WORKS_FOR


def unlock(
    user_id: UUID, settings: Settings, now: datetime, by: UUID | None = None, *, undo: bool = False
) -> tuple[Outcome, int]:
    """Let a user sign in again; with `undo` take away what is in doubt, and return how much it was.

    DISABLED where an operator shut them out: whoever did that undoes it. `by` is the admin who does
    it; at the command line nobody.
    """
    may_sign_in = freezing.may_sign_in(user_id)
    if may_sign_in is None:
        return Outcome.GONE, 0
    if not may_sign_in and not freezing.frozen_since(user_id):
        return Outcome.DISABLED, 0
    since = in_doubt_since(user_id, now)
    # Before their row, as whoever guesses does: else the two could wait for each other.
    budgets.reopen(str(user_id), settings)
    taken = _take_away(user_id, since, settings, now) if undo else 0
    freezing.thaw(user_id, settings, now)
    key = next((one.key for one in users.addresses_of(user_id)), "")
    events.record("codes.reopened", now, user_id=user_id, subject=key, detail=events.by(by))
    return Outcome.DONE, taken


def _take_away(user_id: UUID, since: datetime, settings: Settings, now: datetime) -> int:
    addresses = taking_back.withdraw(user_id, since, settings, now)
    return addresses + changes.withdraw(user_id, since, settings, now)
