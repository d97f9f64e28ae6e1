"""Signing in with a passkey alone: it says whose it is, and is two proofs at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from otpapp.models import Proof
from otpapp.rules import budgets, events, limits, tallies
from otpapp.rules.factors import passkey
from otpapp.rules.factors.credentials import Match
from otpapp.rules.factors.passkey import Fault, Refused
from otpapp.rules.factors.passkey_json import Answer
from otpapp.rules.lanes import lane_of_user
from otpapp.rules.sign_in.arriving import Arrival, Route, arrive
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings


@dataclass(frozen=True)
class Way:
    """How somebody arrives: for how long, where to, and from where."""

    keep: bool
    next_path: str
    visitor: Visitor


def prove_by_passkey(
    answer: Answer, found: Match | Refused, way: Way, settings: Settings, now: datetime
) -> Arrival | Refused | Limited:
    """Use up what was found for `answer`, and sign its owner in.

    Only a failure counts, and only for the network: no guess ever fits, so no wrong code of anybody
    closes this way in.
    """
    if isinstance(found, Match) and not found.take(now):
        found = Refused(Fault.WRONG)  # used, or removed, since it was looked at
    if isinstance(found, Refused):
        return _refuse(found, way.visitor, settings, now)
    assert answer.owner  # noqa: S101 - W3: without it nothing matches
    user_id = UUID(bytes=answer.owner)
    _record(Verdict.ACCEPTED, user_id, way.visitor, now)
    lane = lane_of_user(user_id, way.visitor)
    budgets.reopen_by_factor(lane, settings, now)
    route = Route(
        user_id=user_id,
        challenge_id=None,
        door="page",
        keep=way.keep,
        next_path=way.next_path,
        visitor=way.visitor,
        known=lane.known,
    )
    return arrive(route, (Proof(passkey.KIND, now, found.credential),), settings, now)


def _refuse(
    refused: Refused, visitor: Visitor, settings: Settings, now: datetime
) -> Refused | Limited:
    copied = refused.copied
    _record(Verdict.WRONG, copied.user_id if copied else None, visitor, now)
    passkey.tell(refused, visitor, settings, now)
    limited = tallies.take(limits.failures_per_ip(settings), visitor.network, now)
    if limited:
        events.record_limited("", visitor, limited, now)
    return limited or refused


def _record(verdict: Verdict, user_id: UUID | None, visitor: Visitor, now: datetime) -> None:
    events.record(
        "factor.answered",
        now,
        visitor=visitor,
        user_id=user_id,
        verdict=verdict,
        detail=passkey.KIND,
    )
