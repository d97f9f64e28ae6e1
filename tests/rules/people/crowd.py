"""Some people of a site."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import groups, identifiers, roles, users
from otpapp.rules.identifiers import Address
from otpapp.transaction import transaction
from tests.rules.desk import Desk

ADMIN = UUID(int=7)  # who does it


def address(desk: Desk, typed: str) -> Address:
    """Return what `typed` spells."""
    found = identifiers.parse(typed, desk.settings)
    assert isinstance(found, Address), found
    return found


def add(desk: Desk, typed: str, *more: str, role: str = "member", of: str = "") -> UUID:
    """Add somebody with these addresses, in the groups named in `of`; return their id."""
    now = desk.clock.now
    with transaction():
        owner = users.create(address(desk, typed), desk.settings, now)
        assert owner
        for one in more:
            assert users.add_identifier(owner.user_id, address(desk, one), now)
        for name in of.split():
            groups.add(owner.user_id, name, now)
        roles.give(owner.user_id, role, now)
    return owner.user_id


def trail(*kinds: str) -> list[tuple[str, UUID | None, str, str]]:
    """Return kind, user, subject and detail of events of these kinds, or all, the oldest first."""
    db.session.rollback()
    found = db.session.scalars(select(Event).order_by(Event.id))
    return [
        (one.kind, one.user_id, one.subject, one.detail)
        for one in found
        if not kinds or one.kind in kinds
    ]


def later(desk: Desk, **by: float) -> datetime:
    """Let time pass."""
    now: datetime = desk.clock.advance(**by)
    return now
