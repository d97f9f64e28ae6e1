"""The front desk: begin a sign-in, have the code sent again, prove it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from otpapp.models import Challenge
from otpapp.rules import (
    answers,
    budgets,
    challenges,
    events,
    known_browsers,
    limits,
    sessions,
    stopping,
    tallies,
    users,
)
from otpapp.rules.answers import Judged
from otpapp.rules.budgets import GuessesLeft
from otpapp.rules.challenges import Ask
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.lanes import Lane, lane_of, lane_to
from otpapp.rules.users import Owner
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings


@dataclass(frozen=True)
class Begun:
    """A challenge the asking side now holds; `is_new` says whether a message was queued for it."""

    challenge: Challenge
    handle: str
    is_new: bool


@dataclass(frozen=True)
class Sent:
    """The challenge whose code went out again; `handle` is set where it is a new challenge."""

    challenge: Challenge
    handle: str = ""


@dataclass(frozen=True)
class Outcome:
    """What an answer led to: a verdict, and a session where it was ACCEPTED.

    `tries_left` is 0 for a challenge that is over, however it ended; `guesses_left` counts for all
    challenges of its user together. `known` is what the browser shall be known by.
    """

    verdict: Verdict
    challenge: Challenge
    tries_left: int = 0
    guesses_left: GuessesLeft | None = None
    token: str = ""
    expires_at: datetime | None = None
    known: tuple[str, ...] = ()


def begin(ask: Ask, held: Iterable[str], settings: Settings, now: datetime) -> Begun | Limited:
    """Have a code sent to the asked address, or point to one of the `held` handles still open.

    A stranger's address and a limited one cost, answer and look the same as a known one.
    """
    begun = _go_on(ask, (ask.handle, *held), settings, now)
    if begun:
        return begun
    owner = users.find(ask.address)
    lane = lane_to(ask.address, owner.user_id if owner else None, ask.visitor)
    refused = budgets.may_send(lane, settings, now)
    if refused is None:
        owner = users.sign_up(ask.address, owner, settings, now)
        if owner and not lane.known and stopping.is_muted(owner, now):
            # Whoever wants no codes from strangers looks to those like nobody.
            return _issue(ask, None, lane, settings, now, detail="muted")
        return _issue(ask, owner, lane, settings, now)
    # The same form posted twice at once: the other request has just issued its challenge.
    begun = _go_on(ask, (ask.handle,), settings, now)
    if begun is None:
        events.record_limited(ask.address.key, ask.visitor, refused, now)
    return begun or refused


def send_again(
    challenge: Challenge, visitor: Visitor, settings: Settings, now: datetime
) -> Sent | Limited:
    """Send the same code once more, or a new one when it is over or nearly so."""
    lane = lane_of(challenge, visitor)
    refused = budgets.may_send(lane, settings, now)
    if refused:
        events.record_limited(challenge.subject, visitor, refused, now)
        return refused
    is_muted = stopping.muted_until(challenge.identifier_id, now) and not lane.known
    left = challenge.expires_at - now
    if challenges.is_open(challenge, settings, now) and left >= challenges.SAME_CODE_WHILE:
        if not is_muted:
            challenges.send_same(challenge, settings, now)
        sent = Sent(challenge)
    else:
        digits = budgets.digits(lane.whose, settings, now)
        changes = {"user_id": None, "identifier_id": None} if is_muted else {}
        sent = Sent(*challenges.replace(challenge, digits, settings, now, **changes))
    events.record_about(sent.challenge, "code.asked_again", now, visitor=visitor)
    return sent


def prove(
    challenge: Challenge, code: str, visitor: Visitor, settings: Settings, now: datetime
) -> Outcome | Limited:
    """Judge `code` and, if it is right, sign its user in."""
    lane = lane_of(challenge, visitor)
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
    assert challenge.user_id and challenge.identifier_id  # noqa: S101 - a decoy accepts nothing
    budgets.was_right(lane, settings)
    users.mark_verified(challenge.identifier_id, now)
    # Programs hold no cookies that they could be known by.
    known: tuple[str, ...] = ()
    if challenge.door == "page":
        known = known_browsers.remember(visitor, lane.known, challenge.user_id, now)
    token, expires_at = sessions.start(challenge, visitor, now)
    return Outcome(judged.verdict, challenge, token=token, expires_at=expires_at, known=known)


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


def _go_on(ask: Ask, handles: Iterable[str], settings: Settings, now: datetime) -> Begun | None:
    """Return the open challenge among `handles` for the asked address, with the newest choices."""
    for handle in handles:
        challenge = challenges.find(handle)
        if challenge is None or challenge.subject != ask.address.key:
            continue
        if challenges.is_open(challenge, settings, now):
            challenges.choose(challenge, ask)
            return Begun(challenge, handle, is_new=False)
    return None


def _issue(
    ask: Ask,
    owner: Owner | None,
    lane: Lane,
    settings: Settings,
    now: datetime,
    detail: str = "",
) -> Begun:
    if challenges.find(ask.handle):
        # An old form sent once more, whose challenge is over: that handle is used up.
        ask = replace(ask, handle=new_handle())
    digits = budgets.digits(lane.whose, settings, now)
    challenge = challenges.issue(ask, owner, digits, settings, now)
    events.record_about(challenge, "code.asked", now, visitor=ask.visitor, detail=detail)
    return Begun(challenge, ask.handle, is_new=True)
