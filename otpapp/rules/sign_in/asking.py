"""Asking for a code: the first time, and once more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from otpapp.models import Challenge
from otpapp.rules import budgets, challenges, events, stopping, users
from otpapp.rules.challenges import Ask
from otpapp.rules.handles import new_handle
from otpapp.rules.lanes import Lane, lane_of, lane_to
from otpapp.rules.users import Owner
from otpapp.rules.verdicts import Limited
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
