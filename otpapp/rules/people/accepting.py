"""Accepting an invitation: it makes a user of whoever reads the mail, and signs nobody in (X56)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.extensions import db
from otpapp.models import Invitation, User
from otpapp.rules import events, groups, limits, links, roles, tallies, users
from otpapp.rules.identifiers import Address
from otpapp.rules.people import invitations
from otpapp.rules.people.invitations import UNENDED, Standing
from otpapp.rules.users import Owner
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

_ACCEPT = (
    update(Invitation)
    .where(
        Invitation.id == bindparam("number"),
        Invitation.nonce == bindparam("of_link"),
        Invitation.ends_at > bindparam("now"),
        UNENDED,
    )
    .values(accepted_at=bindparam("now"))
    .returning(Invitation.id)
)
_NAME_USER = (
    update(Invitation)
    .where(Invitation.id == bindparam("number"))
    .values(user_id=bindparam("accepted_by"))
)
_VOUCHES = select(User.id).where(
    User.id == bindparam("admin"), User.role == "admin", User.disabled_at.is_(None)
)


@dataclass(frozen=True)
class Opened:
    """What a link leads to; of one that is there no more there is no invitation."""

    standing: Standing
    invitation: Invitation | None = None


def open_link(token: str, settings: Settings, now: datetime) -> Opened | None:
    """Return what the link of an invitation leads to; None for anything that we did not sign."""
    name = links.invitation_named(token, settings)
    if name is None:
        return None
    found = invitations.get(name.number)
    # X49: when rows are deleted or a backup is put back, a number can come a second time.
    if found is None or found.nonce != name.nonce:
        return Opened(Standing.REPLACED)
    return Opened(invitations.standing_of(found, now), found)


def may_try(visitor: Visitor, settings: Settings, now: datetime) -> Limited | None:
    """Count one press of the button from this network, or return why not and until when."""
    refused = tallies.take(limits.acceptances_per_ip(settings), visitor.network, now)
    if refused:
        events.record_limited("", visitor, refused, now)
    return refused


def accept(one: Invitation, visitor: Visitor, settings: Settings, now: datetime) -> bool:
    """Make a user with these groups of whoever was invited; False where that cannot be (any more).

    The link came to that address, so it is verified. Who became a user of it meanwhile gets the
    groups. Where the address is of somebody who may not sign in, the invitation stays open.
    """
    with db.session.begin_nested() as kept:
        values = {"number": one.id, "of_link": one.nonce, "now": now}
        if execute(_ACCEPT, values).first() is None:
            return False
        address = Address(one.channel, one.key, one.address)
        owner = users.create(address, settings, now, one.invited_by) or users.find(address)
        if owner is None:
            kept.rollback()
            return False
        _join(one, owner, now)
    detail = events.by(one.invited_by)
    events.record(
        "invitation.accepted",
        now,
        visitor=visitor,
        user_id=owner.user_id,
        subject=one.key,
        detail=detail,
    )
    return True


def _join(one: Invitation, owner: Owner, now: datetime) -> None:
    assert owner.identifier_id  # noqa: S101 - it is not being added
    users.mark_verified(owner.identifier_id, now)
    for name in one.groups:
        groups.add(owner.user_id, name, now, one.invited_by)
    # An admin makes no admins any more once they are none themselves.
    if one.role == "admin" and _is_vouched(one.invited_by):
        roles.give(owner.user_id, one.role, now, one.invited_by)
    execute(_NAME_USER, {"number": one.id, "accepted_by": owner.user_id})


def _is_vouched(admin: UUID | None) -> bool:
    return admin is None or execute(_VOUCHES, {"admin": admin}).first() is not None
