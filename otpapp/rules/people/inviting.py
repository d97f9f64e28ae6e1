"""Inviting: a link goes to an address; whoever reads what is sent there may become a user."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from otpapp.extensions import db
from otpapp.models import Identifier, Invitation
from otpapp.rules import events, groups, limits, messages, tallies, users
from otpapp.rules.identifiers import Address, fold_tag
from otpapp.rules.people import invitations, picture
from otpapp.rules.people.invitations import UNENDED
from otpapp.rules.tallies import Budget
from otpapp.rules.verdicts import Limited
from otpapp.settings import Settings
from otpapp.transaction import execute

USUAL_DAYS, MOST_DAYS = 7, 30
NONCE_BYTES = 8  # it tells one link from the next; what cannot be guessed is the signature
_IS_HELD = select(Identifier.id).where(Identifier.key == bindparam("to"))
_FORGET_RAN_OUT = delete(Invitation).where(
    Invitation.key == bindparam("to"), UNENDED, Invitation.ends_at <= bindparam("now")
)
_ADD = insert(Invitation).returning(Invitation.id)
_RENEW = (
    update(Invitation)
    .where(Invitation.id == bindparam("number"), UNENDED)
    .values(
        nonce=bindparam("new"),
        times=Invitation.times + 1,
        asked_at=bindparam("now"),
        ends_at=bindparam("until"),
    )
    .returning(Invitation.id)
)
_WITHDRAW = (
    update(Invitation)
    .where(Invitation.id == bindparam("number"), UNENDED)
    .values(withdrawn_at=bindparam("now"))
    .returning(Invitation.key)
)


class Outcome(StrEnum):
    """What became of inviting somebody.

    ALREADY: they are invited, and nothing was changed; MEMBER: they are a user, who has the groups
    from now on; TAKEN: their address is kept for somebody who took it out; OVER: there is nothing
    to send again; LIMITED: not before a while.
    """

    INVITED = "invited"
    ALREADY = "already"
    MEMBER = "member"
    TAKEN = "taken"
    OVER = "over"
    LIMITED = "limited"


@dataclass(frozen=True)
class Offer:
    """What somebody is invited to, and for how many days."""

    groups: frozenset[str] = frozenset()
    role: str = "member"
    days: int = USUAL_DAYS


@dataclass(frozen=True)
class Invited:
    """What became of one address, and until when that holds; None where it does not end."""

    outcome: Outcome
    until: datetime | None = None


def invite(
    address: Address, offer: Offer, settings: Settings, now: datetime, by: UUID | None = None
) -> Invited:
    """Invite whoever reads what is sent to `address`; a user of it gets the groups at once instead.

    `by` is the admin who does it; at the command line nobody.
    """
    user_id = picture.whose(address)
    if user_id:
        for name in sorted(offer.groups):
            groups.add(user_id, name, now, by)
        return Invited(Outcome.MEMBER)
    if execute(_IS_HELD, {"to": address.key}).first():
        return Invited(Outcome.TAKEN)
    execute(_FORGET_RAN_OUT, {"to": address.key, "now": now})
    with db.session.begin_nested() as taken:
        # Whoever holds the site's budget is alone: of two who invite somebody the second sees it.
        refused = _may_send(address.key, address.channel, settings, now)
        already = invitations.unended(address.key)
        if already:
            taken.rollback()
            return Invited(Outcome.ALREADY, already.ends_at)
    if refused:
        return Invited(Outcome.LIMITED, refused.until)
    return _add(address, offer, settings, now, by)


def resend(number: int, settings: Settings, now: datetime, by: UUID | None = None) -> Invited:
    """Send an invitation with a new link, for as long again; the link before opens nothing."""
    one = invitations.get(number)
    if one is None:
        return Invited(Outcome.OVER)
    refused = _may_send(one.key, one.channel, settings, now)
    if refused:
        return Invited(Outcome.LIMITED, refused.until)
    until = now + timedelta(days=one.days)
    values = {"number": number, "new": _new_nonce(), "now": now, "until": until}
    if execute(_RENEW, values).first() is None:
        return Invited(Outcome.OVER)
    events.record("invitation.renewed", now, subject=one.key, detail=events.by(by))
    messages.enqueue_invitation(number, one.channel, settings, now)
    return Invited(Outcome.INVITED, until)


def withdraw(number: int, now: datetime, by: UUID | None = None) -> bool:
    """Have an invitation open nothing any more; False if it was accepted or withdrawn before."""
    key = execute(_WITHDRAW, {"number": number, "now": now}).scalar()
    if key is None:
        return False
    events.record("invitation.withdrawn", now, subject=key, detail=events.by(by))
    return True


def _add(
    address: Address, offer: Offer, settings: Settings, now: datetime, by: UUID | None
) -> Invited:
    until = now + timedelta(days=offer.days)
    row = {
        "channel": address.channel,
        "key": address.key,
        "address": users.deliverable(address),
        "groups": sorted(offer.groups),
        "role": offer.role,
        "nonce": _new_nonce(),
        "invited_by": by,
        "days": offer.days,
        "times": 1,
        "created_at": now,
        "asked_at": now,
        "ends_at": until,
    }
    number = execute(_ADD, row).scalar_one()
    detail = events.by(by, " ".join([offer.role, *sorted(offer.groups)])[:150])
    events.record("invitation.made", now, subject=address.key, detail=detail)
    messages.enqueue_invitation(number, address.channel, settings, now)
    return Invited(Outcome.INVITED, until)


def _new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def _may_send(key: str, channel: str, settings: Settings, now: datetime) -> Limited | None:
    """Take one message from every budget of invitations; those of codes stay as they are.

    X20: text messages cost money.
    """
    # The site's come first, so that two who invite the same people wait for each other in turn.
    budgets: list[Budget] = [(limits.invitations_per_site(settings), "")]
    if channel == "sms":
        budgets.append((limits.sms_notices_per_day(settings), ""))
    budgets.append((limits.invitations_per_address(settings), fold_tag(key)))
    refused = tallies.take_all(budgets, now)
    if refused:
        events.record_limited(key, events.NOBODY, refused, now)
    return refused
