"""A password before the code: whose user has one gets no codes sent to them by anybody else."""

from datetime import datetime

from otpapp.models import Challenge, PendingSignIn, Proof
from otpapp.rules import answers, budgets, challenges, events, lanes, pending, sign_in
from otpapp.rules.factors import password
from otpapp.rules.factors.credentials import Match
from otpapp.rules.second import Answered, Charged
from otpapp.rules.sign_in import Sent
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings


def charge(
    challenge: Challenge, visitor: Visitor, settings: Settings, now: datetime
) -> Charged | Limited | None:
    """Take one try for the password of whoever `challenge` is for, known or not (X12).

    None where it has no more tries, or is over.
    """
    lane = lanes.lane_by_factor(challenge.user_id, password.KIND, visitor, challenge.subject)
    refused = budgets.may_guess(lane, settings, now)
    if refused:
        events.record_limited(challenge.subject, visitor, refused, now)
        return refused
    if not answers.charge(challenge, settings, now):
        budgets.was_no_failure(lane, settings)
        budgets.was_no_guess(lane, settings)
        return None
    return Charged(password.KIND, lane, settings.code_tries - challenge.tries)


def settle(
    challenge: Challenge,
    charged: Charged,
    match: Match | None,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
) -> Answered:
    """Begin a sign-in where the password was right, or keep what the try cost."""
    is_right = match is not None and match.take(now)
    verdict = Verdict.ACCEPTED if is_right else Verdict.WRONG
    detail = password.KIND
    events.record_about(
        challenge, "factor.answered", now, visitor=visitor, verdict=verdict, detail=detail
    )
    if match is None or not is_right:
        return _refused(challenge, charged, visitor, settings, now)
    budgets.was_right(charged.lane, settings)
    proof = Proof(password.KIND, now, match.credential)
    route = sign_in.route_of(challenge, visitor, charged.lane.known)
    return Answered(verdict, arrival=sign_in.arrive(route, (proof,), settings, now))


def send_without(
    challenge: Challenge, visitor: Visitor, settings: Settings, now: datetime
) -> Sent | None:
    """Have the code sent to whoever says that they have no password; None if it is over.

    Who has one gets none, unless in a browser that signed them in before; what strangers see is
    the same. Asking for it was counted when the password was asked for.
    """
    if not challenges.is_open(challenge, settings, now) or not challenges.close(challenge, now):
        return None
    lane = lanes.lane_of(challenge, visitor)
    return sign_in.send_new(challenge, lane, visitor, settings, now)


def send_after(
    held: PendingSignIn, visitor: Visitor, settings: Settings, now: datetime
) -> Sent | Limited | None:
    """Have a code sent to whoever proved their password; None if there is nowhere to send it.

    The first one was counted when they came.
    """
    challenge = challenges.get(held.challenge_id or 0)
    if challenge is None:
        return None
    sent: Sent | Limited
    if challenge.purpose == "password" and challenges.close(challenge, now):
        lane = lanes.lane_of(challenge, visitor)
        sent = sign_in.send_new(challenge, lane, visitor, settings, now, proved=True)
    else:
        sent = sign_in.send_again(challenge, visitor, settings, now, proved=True)
    if isinstance(sent, Sent):
        pending.follow(held, sent.challenge.id)
    return sent


def _refused(
    challenge: Challenge, charged: Charged, visitor: Visitor, settings: Settings, now: datetime
) -> Answered:
    for name in budgets.bursts_begun(charged.lane, settings, now):
        events.record_about(challenge, "burst.began", now, visitor=visitor, detail=name)
    verdict = Verdict.WRONG if charged.tries_left else Verdict.LOCKED
    left = budgets.guesses_left(charged.lane, settings, now)
    return Answered(verdict, charged.tries_left, left)
