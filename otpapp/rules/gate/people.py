"""Who somebody is at the gate, read for pages and commands."""

from datetime import datetime
from uuid import UUID

from otpapp.extensions import db
from otpapp.models import App, Proof, User
from otpapp.rules import groups, users
from otpapp.rules.gate import guests
from otpapp.rules.gate.deciding import Somebody


def somebody(user_id: UUID, app: App, given: tuple[Proof, ...], now: datetime) -> Somebody | None:
    """Return the user as the rules of `app` see them; nobody, if there is none or disabled.

    Only verified identifiers count: of the others nobody has shown that they are this user's.
    """
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at:
        return None
    keys = tuple(one.key for one in users.addresses_of(user_id) if one.verified_at)
    return Somebody(
        user_id, user.role, keys, groups.of(user_id), given, guests.paths_of(app, keys, now)
    )
