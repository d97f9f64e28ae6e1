"""Putting a person into a group, while others may delete them."""

from datetime import datetime
from uuid import UUID

from otpapp.rules import groups
from otpapp.rules.factors import credentials
from otpapp.rules.people.outcomes import Outcome, unchanged


def join(user_id: UUID, name: str, now: datetime, by: UUID | None = None) -> Outcome:
    """Make a user a member of a group; `by` is the admin who does it."""
    # Else a membership of somebody who is deleted just now would be refused by the database.
    credentials.lock(user_id)
    if unchanged(user_id).outcome is Outcome.GONE:
        return Outcome.GONE
    return Outcome.DONE if groups.add(user_id, name, now, by) else Outcome.SAME
