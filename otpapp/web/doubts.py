"""What was added to a sign-in just before its owner froze it, in words."""

from datetime import datetime
from uuid import UUID

from otpapp.delivery.notices import THINGS
from otpapp.rules.factors import changes


def added(user_id: UUID, since: datetime) -> str:
    """Return in words what was added to a user's factors at `since` or later."""
    found = [
        f"{THINGS.get(one.kind, 'A second proof').lower()}, “{one.name}”"
        for one in changes.added_since(user_id, since)
    ]
    return "; ".join([*found, *["new recovery codes"] * changes.has_codes_since(user_id, since)])
