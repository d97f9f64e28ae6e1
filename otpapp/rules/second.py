"""Proving by a factor: charge first, compare second, consume once, as codes that were sent are.

What is slow is compared between the two transactions, so that nobody waits for it.
"""

from dataclasses import dataclass
from datetime import datetime

from otpapp.extensions import db
from otpapp.models import PendingSignIn, Proof
from otpapp.rules import budgets, events, holdings, pending, proofs, sessions, sign_in
from otpapp.rules.budgets import GuessesLeft
from otpapp.rules.factors import credentials
from otpapp.rules.factors.credentials import Match
from otpapp.rules.lanes import Lane, lane_by_factor
from otpapp.rules.sessions import SignedIn
from otpapp.rules.sign_in import DONE, Arrival
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

Holder = PendingSignIn | SignedIn  # who proves: on the way to a session, or stepping one up


@dataclass(frozen=True)
class Charged:
    """A try that was taken: of which factor, on whose budgets, and how many this sign-in has."""

    factor: str
    lane: Lane
    tries_left: int


@dataclass(frozen=True)
class Answered:
    """What became of an answer to a factor; `arrival` is set where it was ACCEPTED."""

    verdict: Verdict
    tries_left: int = 0
    guesses_left: GuessesLeft | None = None
    arrival: Arrival | None = None


def charge(
    who: Holder, factor: str, visitor: Visitor, settings: Settings, now: datetime
) -> Charged | Limited | None:
    """Take one try for an answer to `factor`; None where this sign-in has no more."""
    lane = lane_by_factor(who.user_id, factor, visitor)
    refused = budgets.may_guess(lane, settings, now)
    if refused:
        events.record_limited(lane.whose, visitor, refused, now)
        return refused
    if isinstance(who, SignedIn):
        return Charged(factor, lane, pending.MOST_TRIES)
    left = pending.take_try(who, now)
    if left is None:
        # It is not ended here: a right answer may be on its way through this very moment.
        budgets.was_no_failure(lane, settings)
        budgets.was_no_guess(lane, settings)
        return None
    return Charged(factor, lane, left)


def settle(
    who: Holder,
    charged: Charged,
    match: Match | None,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    *,
    trust: bool = False,
) -> Answered:
    """Use up what was matched, and go on from there; or keep what the try cost.

    Nothing is used up for a sign-in or a session that ended meanwhile.
    """
    if match is None:
        return _refused(Verdict.WRONG, who, charged, visitor, settings, now)
    with db.session.begin_nested() as used:
        if not match.take(now):
            return _refused(Verdict.SPENT, who, charged, visitor, settings, now)
        _tell(Verdict.ACCEPTED, who, charged, visitor, now)
        budgets.was_right(charged.lane, settings)
        proof = Proof(charged.factor, now, match.credential)
        arrival = forward(who, proof, visitor, settings, now, trust=trust)
        if arrival:
            return Answered(Verdict.ACCEPTED, arrival=arrival)
        used.rollback()
    return _refused(Verdict.EXPIRED, who, charged, visitor, settings, now)


def forward(
    who: Holder,
    proof: Proof,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    *,
    trust: bool = False,
) -> Arrival | None:
    """Add the proof to what it was given for; None if that ended meanwhile."""
    if isinstance(who, SignedIn):
        token = sessions.step_up(who, proof, visitor, now)
        return Arrival(DONE, who.keep, "", token) if token else None
    held = pending.lock(who.id, now)
    if held is None:
        return None
    # Who uses a recovery code up came without what this browser would then never be asked for.
    trust = trust and proof.factor != "recovery"
    return sign_in.go_on(held, proof, visitor, settings, now, trust=trust)


def may_step_up(who: SignedIn, settings: Settings) -> tuple[str, ...]:
    """Return the factors by which this user can show that it is still them.

    X52: the strongest that they have, so that no mail code takes a passkey away; or a recovery
    code. Who has none is sent a code.
    """
    held = holdings.of(who.user_id, settings).factors
    best = proofs.strongest(held)
    return (*best, *({"recovery"} & held)) if best else ()


def is_stepped_up(who: SignedIn, settings: Settings, now: datetime) -> bool:
    """Say whether this session rests on a fresh proof that a risky page can trust.

    A factor that was removed since counts no more. A recovery code does, though it was the last.
    """
    best = may_step_up(who, settings)
    accepted = {*best, "recovery"} if best else proofs.MESSAGES
    living = {str(one.id) for one in credentials.of(who.user_id)}
    return any(
        one.factor in accepted
        and proofs.is_fresh(one, now)
        and (one.credential in living or one.factor in proofs.UNLISTED)
        for one in who.proofs
    )


def _tell(verdict: Verdict, who: Holder, charged: Charged, visitor: Visitor, now: datetime) -> None:
    events.record(
        "factor.answered",
        now,
        visitor=visitor,
        user_id=who.user_id,
        verdict=verdict,
        detail=charged.factor,
    )


def _refused(
    verdict: Verdict,
    who: Holder,
    charged: Charged,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
) -> Answered:
    _tell(verdict, who, charged, visitor, now)
    lane = charged.lane
    if verdict in (Verdict.SPENT, Verdict.EXPIRED):
        # Whoever knows a code that was used guesses nothing, nor does who learns nothing.
        budgets.was_no_failure(lane, settings)
        budgets.was_no_guess(lane, settings)
        return Answered(verdict, charged.tries_left)
    for name in budgets.bursts_begun(lane, settings, now):
        events.record("burst.began", now, visitor=visitor, user_id=who.user_id, detail=name)
    if not charged.tries_left and isinstance(who, PendingSignIn):
        pending.end(who, now)
        verdict = Verdict.LOCKED
    return Answered(verdict, charged.tries_left, budgets.guesses_left(lane, settings, now))
