"""Becoming a user by asking for a code, and being none any more who never proved anything."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import aliased

from otpapp.extensions import db
from otpapp.models import Identifier, Membership, User
from otpapp.rules import budgets, events, users
from otpapp.rules.identifiers import Address
from otpapp.rules.users import Owner
from otpapp.settings import Settings
from otpapp.transaction import execute

_OTHER = aliased(Identifier)
_FORGET_UNPROVED = (
    delete(User)
    .where(
        User.id.in_(select(Identifier.user_id).where(Identifier.key == bindparam("key"))),
        User.role == "member",
        User.disabled_at.is_(None),
        ~exists().where(_OTHER.user_id == User.id, _OTHER.verified_at.is_not(None)),
        ~exists().where(Membership.user_id == User.id),
    )
    .returning(User.id)
)


def sign_up(
    address: Address, owner: Owner | None, settings: Settings, now: datetime
) -> Owner | None:
    """Return whose `address` is; nobody's becomes a new user's, where that is allowed.

    X13: where it is, a user costs the same in vain, lest the time tell who is one already. X02: to
    become one ends no row of wrong codes.
    """
    if not may_sign_up(address, settings):
        return owner
    if owner:
        with db.session.begin_nested() as in_vain:
            nobody = replace(address, key=str(uuid4()))
            _inherit(nobody, users.add(nobody, settings, now), settings)
            in_vain.rollback()
        return owner
    created = users.create(address, settings, now)
    _inherit(address, created, settings)
    return created or users.find(address)


def may_sign_up(address: Address, settings: Settings) -> bool:
    """Say whether a stranger with `address` becomes a user by asking for a code."""
    if settings.sign_up == "domains":
        return address.domain in settings.sign_up_domains
    return settings.sign_up == "open"


def forget_unproved(address: Address, settings: Settings, now: datetime) -> bool:
    """Delete who only ever asked for a code to `address`, which somebody else proved to be theirs.

    False where nobody is, where they proved anything, or were let in by an operator. X02: wrong
    codes in a row stay with the address.
    """
    if not may_sign_up(address, settings):
        return False
    gone = execute(_FORGET_UNPROVED, {"key": address.key}).scalar()
    if gone:
        budgets.keep_row(str(gone), address.key, settings)
        events.record("users.forgotten", now, detail="1")
    return gone is not None


def _inherit(address: Address, owner: Owner | None, settings: Settings) -> None:
    budgets.keep_row(address.key, str(owner.user_id) if owner else address.key, settings)
