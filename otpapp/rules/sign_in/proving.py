"""Answering the code that was sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from otpapp.models import Challenge, PendingSignIn, Proof
from otpapp.rules import answers, budgets, challenges, events, limits, pending, tallies, users
from otpapp.rules.answers import Judged
from otpapp.rules.budgets import GuessesLeft
from otpapp.rules.identifiers import Address
from otpapp.rules.lanes import Lane, lane_of
from otpapp.rules.sign_in.arriving import Arrival, arrive, go_on, route_of
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What an answer led to: a verdict, and how far the sign-in came where it was ACCEPTED.

    `tries_left` is 0 for a challenge that is over, however it ended; `guesses_left` counts for all
    challenges of its user together.
    """

    verdict: Verdict
    challenge: Challenge
    tries_left: int = 0
    guesses_left: GuessesLeft | None = None
    arrival: Arrival | None = None

    @property
    def token(self) -> str:
        """The token of the session that this answer started, or nothing."""
        return self.arrival.token if self.arrival else ""


def prove(
    challenge: Challenge,
    code: str,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    held: PendingSignIn | None = None,
) -> Outcome | Limited:
    """Judge `code` and, if it is right, sign its user in, or lead on the sign-in that is `held`."""
    lane = lane_of(challenge, visitor)
    outcome = answer(challenge, code, lane, visitor, settings, now)
    if isinstance(outcome, Limited) or outcome.verdict is not Verdict.ACCEPTED:
        return outcome
    assert challenge.identifier_id  # noqa: S101 - a decoy accepts nothing
    users.mark_verified(challenge.identifier_id, now)
    proof = Proof(challenge.channel, now, str(challenge.identifier_id))
    begun = pending.lock(held.id, now) if held and held.user_id == challenge.user_id else None
    if begun:
        arrival = go_on(begun, proof, visitor, settings, now)
    else:
        arrival = arrive(route_of(challenge, visitor, lane.known), (proof,), settings, now)
    return replace(outcome, arrival=arrival)


def answer(
    challenge: Challenge, code: str, lane: Lane, visitor: Visitor, settings: Settings, now: datetime
) -> Outcome | Limited:
    """Judge `code` within the budgets of `lane`, and keep what it cost."""
    refused = budgets.may_guess(lane, settings, now)
    if refused:
        events.record_limited(challenge.subject, visitor, refused, now)
        return refused
    judged = answers.judge(challenge, code, settings, now)
    events.record_about(challenge, "code.answered", now, visitor=visitor, verdict=judged.verdict)
    if judged.verdict is not Verdict.ACCEPTED:
        _settle(judged, lane, challenge, visitor, settings, now)
        is_open = challenges.is_open(challenge, settings, now)
        left = is_open * (settings.code_tries - challenge.tries)
        more = budgets.guesses_left(lane, settings, now)
        return Outcome(judged.verdict, challenge, left, more)
    budgets.was_right(lane, settings)
    return Outcome(judged.verdict, challenge)


def prove_nothing(
    address: Address, visitor: Visitor, settings: Settings, now: datetime
) -> Limited | None:
    """Note an answer where no challenge waits for one; nobody may probe for those without limit."""
    refused = tallies.take(limits.failures_per_ip(settings), visitor.network, now)
    if refused:
        events.record_limited(address.key, visitor, refused, now)
    else:
        events.record(
            "code.answered", now, visitor=visitor, subject=address.key, verdict=Verdict.EXPIRED
        )
    return refused


def _settle(
    judged: Judged,
    lane: Lane,
    challenge: Challenge,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
) -> None:
    """Keep what a refused answer cost, and no more; say when wrong codes become a burst."""
    if not judged.is_guess or judged.verdict is Verdict.SPENT:
        budgets.was_no_guess(lane, settings)
    if judged.verdict not in (Verdict.WRONG, Verdict.LOCKED):
        budgets.was_no_failure(lane, settings)
    elif judged.is_guess:
        for name in budgets.bursts_begun(lane, settings, now):
            events.record_about(challenge, "burst.began", now, visitor=visitor, detail=name)
