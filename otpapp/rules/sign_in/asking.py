"""Asking for a code: the first time, and once more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from otpapp.models import Challenge
from otpapp.rules import budgets, challenges, events, signing_up, stopping, users
from otpapp.rules.asks import Ask
from otpapp.rules.factors import password
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
        ask = replace(ask, purpose=_purpose(ask, owner, lane, settings))
        owner = signing_up.sign_up(ask.address, owner, settings, now)
        withheld = _withheld(ask, owner, lane, settings, now)
        if withheld:
            # Whoever wants no codes from strangers looks to those like nobody.
            return _issue(ask, None, lane, settings, now, detail=withheld)
        return _issue(ask, owner, lane, settings, now)
    # The same form posted twice at once: the other request has just issued its challenge.
    begun = _go_on(ask, (ask.handle,), settings, now)
    if begun is None:
        events.record_limited(ask.address.key, ask.visitor, refused, now)
    return begun or refused


def send_again(
    challenge: Challenge,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    *,
    proved: bool = False,
    lane: Lane | None = None,
) -> Sent | Limited:
    """Send the same code once more, or a new one when it is over or nearly so.

    `proved` says that whoever asks gave the password of its user; `lane` is whose budgets it draws
    on, where not the usual one.
    """
    lane = lane or lane_of(challenge, visitor)
    refused = budgets.may_send(lane, settings, now)
    if refused:
        events.record_limited(challenge.subject, visitor, refused, now)
        return refused
    left = challenge.expires_at - now
    is_new = challenge.purpose == "password" or left < challenges.SAME_CODE_WHILE
    if is_new or not challenges.is_open(challenge, settings, now):
        return send_new(challenge, lane, visitor, settings, now, proved=proved)
    if not _is_withheld_again(challenge, lane, settings, now, proved=proved):
        challenges.send_same(challenge, settings, now)
    events.record_about(challenge, "code.asked_again", now, visitor=visitor)
    return Sent(challenge)


def send_new(
    old: Challenge,
    lane: Lane,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    *,
    proved: bool = False,
) -> Sent:
    """Send a new code in place of one that is over, or that waited for a password."""
    digits = budgets.digits(lane.whose, settings, now)
    withheld = _is_withheld_again(old, lane, settings, now, proved=proved)
    changes = {"user_id": None, "identifier_id": None} if withheld else {}
    sent = Sent(*challenges.replace(old, digits, settings, now, **changes))
    events.record_about(sent.challenge, "code.asked_again", now, visitor=visitor)
    return sent


def _purpose(ask: Ask, owner: Owner | None, lane: Lane, settings: Settings) -> str:
    """Return what a challenge is for: a code, or a password before one is sent.

    X12: strangers are asked for one whoever they ask for. A browser that is known is asked only
    where its user has one.
    """
    if not settings.passwords or ask.door != "page" or ask.purpose == "step_up":
        return "sign_in"
    has_none = lane.known and not password.is_set(owner.user_id if owner else None, settings)
    return "sign_in" if has_none else "password"


def _withheld(ask: Ask, owner: Owner | None, lane: Lane, settings: Settings, now: datetime) -> str:
    """Return why strangers get no code for this owner; nothing where they do."""
    # Programs are asked for no password: they could have codes sent to whoever has one. Of nobody
    # it is looked up too (X13).
    has_one = False
    if settings.passwords and ask.door == "api":
        has_one = password.is_set(owner.user_id if owner else None, settings)
    if owner is None or lane.known or ask.purpose == "password":
        return ""  # a password is asked for first, and nothing is sent yet
    if stopping.is_muted(owner, now):
        return "muted"
    return "password" if has_one else ""


def _is_withheld_again(
    challenge: Challenge, lane: Lane, settings: Settings, now: datetime, *, proved: bool
) -> bool:
    is_muted = bool(stopping.muted_until(challenge.identifier_id, now))
    if challenge.purpose == "password" and not proved:
        is_muted = password.is_set(challenge.user_id, settings) or is_muted
    return is_muted and not lane.known


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
