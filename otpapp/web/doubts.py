"""What was added to a sign-in just before its owner froze it, in words."""

from datetime import datetime
from uuid import UUID

from otpapp.delivery.notices import THINGS
from otpapp.rules.account import taking_back
from otpapp.rules.factors import changes


def added(user_id: UUID, since: datetime) -> str:
    """Return in words what was added to a user's sign-in at `since` or later."""
    doubted = taking_back.since(user_id, since)
    found = [
        f"{THINGS.get(one.kind, 'A second proof').lower()}, “{one.name}”"
        for one in changes.added_since(user_id, since)
    ]
    addresses = [f"the address {one.key}" for one in (*doubted.added, *doubted.again)]
    codes = ["new recovery codes"] * changes.has_codes_since(user_id, since)
    return "; ".join([*addresses, *found, *codes])
