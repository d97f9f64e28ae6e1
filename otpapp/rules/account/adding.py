"""Adding an identifier: it counts once a code that was sent to it came back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.extensions import db
from otpapp.models import Challenge, Identifier
from otpapp.rules import budgets, challenges, events, notices, sign_in, signing_up, stopping, users
from otpapp.rules.account.refusals import Refused
from otpapp.rules.asks import Ask
from otpapp.rules.factors import credentials
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.lanes import Lane, lane_of, lane_to
from otpapp.rules.sign_in import Begun, Outcome, Sent
from otpapp.rules.users import Owner
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute, insert_for

KIND = "identifier.added"
RENEWABLE_FOR = timedelta(minutes=30)
MOST = 10  # identifiers of a user; X38
_OF_KEY = select(Identifier).where(Identifier.key == bindparam("key"))
_COME_BACK = (
    update(Identifier)
    .where(
        Identifier.key == bindparam("kept"),
        Identifier.user_id == bindparam("whose"),
        Identifier.removed_at.is_not(None) | Identifier.verified_at.is_(None),
    )
    .values(removed_at=None, verified_at=bindparam("now"))
    .returning(Identifier.id)
)


@dataclass(frozen=True)
class Added:
    """What became of an answer; `refused` where the code was right and the address is not free."""

    outcome: Outcome
    refused: Refused | None = None


def begin(ask: Ask, user_id: UUID, settings: Settings, now: datetime) -> Begun | Limited | Refused:
    """Have a code sent to the address that this user wants to add.

    Whether it is somebody's makes no difference, but that nothing is sent where its owner wants no
    codes from strangers.
    """
    already = challenges.find_to_add(ask.handle)
    if already and challenges.is_open(already, settings, now):
        return Begun(already, ask.handle, is_new=False)
    if already:
        # An old form sent once more, whose code is over: that handle is used up.
        ask = replace(ask, handle=new_handle())
    refused = _may_add(ask.address, user_id)
    if refused:
        return refused
    lane = _among_strangers(lane_to(ask.address, user_id, ask.visitor))
    limited = budgets.may_send(lane, settings, now)
    if limited:
        events.record_limited(ask.address.key, ask.visitor, limited, now)
        return limited
    to = None if _is_muted(ask.address, now) else Owner(user_id, None)
    digits = budgets.digits(str(user_id), settings, now)
    challenge = challenges.issue(replace(ask, purpose=challenges.ADD), to, digits, settings, now)
    _tell(user_id, challenge, "identifier.asked", ask.visitor, now)
    return Begun(challenge, ask.handle, is_new=True)


def send_again(
    challenge: Challenge, user_id: UUID, visitor: Visitor, settings: Settings, now: datetime
) -> Sent | Limited | Refused:
    """Send the same code once more, or a new one when it is over or nearly so.

    Not where it was ended, as by whoever undid a change, nor where its reader wants no more since,
    nor long after it ran out: the proof that it was asked with is not fresh for ever.
    """
    is_late = challenge.expires_at + RENEWABLE_FOR <= now
    was_ended = challenge.closed_at is not None and challenge.answered_at is None
    if is_late or was_ended or _is_muted(_address(challenge), now):
        return Refused.ENDED
    lane = sending_lane(challenge, user_id, visitor)
    return sign_in.send_again(challenge, visitor, settings, now, lane=lane)


def sending_lane(challenge: Challenge, user_id: UUID, visitor: Visitor) -> Lane:
    """Return whose budgets the messages of this challenge draw on."""
    return _among_strangers(lane_to(_address(challenge), user_id, visitor))


def prove(
    challenge: Challenge,
    code: str,
    user_id: UUID,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
) -> Added | Limited:
    """Judge `code` and, if it is right, keep the address as one of this user's."""
    lane = lane_of(challenge, visitor)
    # Before the challenge, as whoever ends all that is under way: else the two could wait for each
    # other.
    credentials.lock(user_id)
    outcome = sign_in.answer(challenge, code, lane, visitor, settings, now)
    if isinstance(outcome, Limited):
        return outcome
    if outcome.verdict is not Verdict.ACCEPTED:
        return Added(outcome)
    return Added(outcome, _keep(challenge, user_id, visitor, settings, now))


def _may_add(address: Address, user_id: UUID) -> Refused | None:
    held = users.addresses_of(user_id)
    if any(one.key == address.key and one.verified_at for one in held):
        return Refused.YOURS
    return Refused.FULL if len(held) >= MOST else None


def _is_muted(address: Address, now: datetime) -> bool:
    theirs = users.find(address)
    return theirs is not None and stopping.is_muted(theirs, now)


def _among_strangers(lane: Lane) -> Lane:
    # X20: whoever has many users here could else write to somebody from the budget of each.
    return replace(lane, known=0)


def _keep(
    challenge: Challenge, user_id: UUID, visitor: Visitor, settings: Settings, now: datetime
) -> Refused | None:
    held = users.addresses_of(user_id)
    if len(held) >= MOST and challenge.subject not in [one.key for one in held]:
        return Refused.FULL
    if not _add(challenge, user_id, now):
        # Whoever types in somebody's address to sign up, and never proves it, keeps nobody from it.
        if not signing_up.forget_unproved(_address(challenge), settings, now):
            return _why_not(challenge, user_id, visitor, now)
        _add(challenge, user_id, now)
    notices.record(KIND, user_id, visitor, settings, now, subject=challenge.subject)
    return None


def _add(challenge: Challenge, user_id: UUID, now: datetime) -> bool:
    """Keep the address, or have it back if it was this user's; False if it is anybody's by now."""
    address = _address(challenge)
    row: dict[str, Any] = {
        "user_id": user_id,
        "channel": address.channel,
        "key": address.key,
        "address": users.deliverable(address),
        "created_at": now,
        "verified_at": now,
    }
    insert = insert_for(db.engine.dialect.name)(Identifier).on_conflict_do_nothing()
    if execute(insert.returning(Identifier.id), row).first():
        return True
    values = {"kept": address.key, "whose": user_id, "now": now}
    return execute(_COME_BACK, values).first() is not None


def _address(challenge: Challenge) -> Address:
    return Address(challenge.channel, challenge.subject, challenge.destination)


def _why_not(
    challenge: Challenge, user_id: UUID, visitor: Visitor, now: datetime
) -> Refused | None:
    found = db.session.scalars(_OF_KEY, {"key": challenge.subject}).first()
    if found and found.user_id == user_id:
        return None  # another tab was first
    _tell(user_id, challenge, "identifier.taken", visitor, now)
    return Refused.TAKEN


def _tell(user_id: UUID, about: Challenge, kind: str, visitor: Visitor, now: datetime) -> None:
    # Under the user who asks, also where the challenge is a decoy.
    events.record(
        kind,
        now,
        visitor=visitor,
        user_id=user_id,
        challenge_id=about.id,
        subject=about.subject,
    )
