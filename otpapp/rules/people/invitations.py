"""Invitations: how they stand, found by number or address, and listed a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update

from otpapp.extensions import UtcDateTime, db
from otpapp.models import Invitation, Message
from otpapp.rules import events, users
from otpapp.transaction import execute

PAGE = 50  # invitations
KEPT = timedelta(days=30)  # once they ran out
LARGEST = 2**53
UNENDED = and_(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
_NOW = bindparam("now", type_=UtcDateTime())
_OPEN = and_(UNENDED, Invitation.ends_at > _NOW)
_OVER = or_(
    Invitation.accepted_at.is_not(None),
    Invitation.withdrawn_at.is_not(None),
    Invitation.ends_at <= _NOW,
)
_BY_ID = select(Invitation).where(Invitation.id == bindparam("number"))
_UNENDED_TO = select(Invitation).where(Invitation.key == bindparam("to"), UNENDED)
_NEWEST_MESSAGES = select(Message.invitation_id, Message.outcome, Message.error).where(
    Message.id.in_(
        select(func.max(Message.id))
        .where(Message.invitation_id.in_(bindparam("numbers", expanding=True)))
        .group_by(Message.invitation_id)
    )
)
_FORGET = delete(Invitation).where(Invitation.ends_at <= bindparam("before"))
_END_ALL = update(Invitation).where(UNENDED).values(withdrawn_at=bindparam("now"))


class Standing(StrEnum):
    """How an invitation stands.

    REPLACED is of a link only: a newer one was sent, or its invitation is there no more.
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    RAN_OUT = "ran_out"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Shown:
    """An invitation in a list: who sent it, and what became of its last message, or why not yet.

    `outcome` is sent or given_up; nothing while it waits.
    """

    invitation: Invitation
    standing: Standing
    by: str
    outcome: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Page:
    """Some invitations, the newest first; the next page is those `before` this number, if any."""

    invitations: tuple[Shown, ...]
    before: int = 0


def standing_of(one: Invitation, now: datetime) -> Standing:
    """Return how an invitation stands now."""
    if one.accepted_at:
        return Standing.ACCEPTED
    if one.withdrawn_at:
        return Standing.WITHDRAWN
    return Standing.OPEN if one.ends_at > now else Standing.RAN_OUT


def get(number: int) -> Invitation | None:
    """Return the invitation with this number, for a reader who keeps it beyond a transaction."""
    found = db.session.scalars(
        _BY_ID, {"number": number}, execution_options={"populate_existing": True}
    ).first()
    if found:
        db.session.expunge(found)
    return found


def unended(key: str) -> Invitation | None:
    """Return the invitation of an address that was neither accepted nor withdrawn."""
    return db.session.scalars(_UNENDED_TO, {"to": key}).first()


def open_ones(now: datetime, before: int = 0, most: int = PAGE) -> Page:
    """Return the newest that can be accepted now, of those before this number."""
    return _page(_OPEN, now, before, most)


def over(now: datetime, before: int = 0, most: int = PAGE) -> Page:
    """Return the newest that were accepted, withdrawn or ran out, of those before this number."""
    return _page(_OVER, now, before, most)


def inviter(one: Invitation) -> str:
    """Return the first address of whoever sent an invitation; nothing at the command line."""
    return _called(one.invited_by)


def forget_old(now: datetime) -> int:
    """Delete those that ran out long ago; return how many there were."""
    gone = execute(_FORGET, {"before": now - KEPT}).rowcount
    if gone:
        events.record("invitations.forgotten", now, detail=str(gone))
    return gone


def end_all(now: datetime) -> None:
    """Withdraw all that were not accepted."""
    execute(_END_ALL, {"now": now})


def _page(which: ColumnElement[bool], now: datetime, before: int, most: int) -> Page:
    listing = (
        select(Invitation)
        .where(which, Invitation.id < (before or LARGEST))
        .order_by(Invitation.id.desc())
        .limit(most + 1)
    )
    found = db.session.scalars(listing, {"now": now}).all()
    shown = _shown(found[:most], now)
    return Page(tuple(shown), shown[-1].invitation.id if len(found) > most else 0)


def _shown(found: Sequence[Invitation], now: datetime) -> list[Shown]:
    numbers = [one.id for one in found]
    sent = {row.invitation_id: row for row in execute(_NEWEST_MESSAGES, {"numbers": numbers})}
    names = {who: _called(who) for who in {one.invited_by for one in found}}
    return [
        Shown(
            invitation=one,
            standing=standing_of(one, now),
            by=names[one.invited_by],
            outcome=sent[one.id].outcome if one.id in sent else "",
            trouble=sent[one.id].error if one.id in sent else "",
        )
        for one in found
    ]


def _called(user_id: UUID | None) -> str:
    held = users.addresses_of(user_id) if user_id else []
    return held[0].address if held else ""
