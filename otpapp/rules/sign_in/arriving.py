"""What proofs lead to: a session, or a sign-in that waits for the next proof."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from otpapp.models import Challenge, PendingSignIn, Proof
from otpapp.rules import holdings, known_browsers, notices, pending, sessions
from otpapp.rules.proofs import BROWSER, Demand
from otpapp.rules.sign_in.steps import DONE, Step, next_step
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings


@dataclass(frozen=True)
class Route:
    """Where a sign-in comes from and where it shall lead.

    `known` is the number of its browser, where that signed this user in before; `challenge_id` the
    challenge that it began with.
    """

    user_id: UUID
    challenge_id: int | None
    door: str
    keep: bool
    next_path: str
    visitor: Visitor
    known: int


@dataclass(frozen=True)
class Arrival:
    """How far a sign-in came: `step` says what is missing.

    Where nothing is, `token` is that of a new session, which ends at `expires_at`, and `known` what
    the browser shall be known by; else `pending` is the token of a sign-in under way.
    """

    step: Step
    keep: bool
    next_path: str
    token: str = ""
    expires_at: datetime | None = None
    known: tuple[str, ...] = ()
    pending: str = ""


def route_of(challenge: Challenge, visitor: Visitor, known: int) -> Route:
    """Return the route of a sign-in that began with `challenge`, which is somebody's."""
    assert challenge.user_id  # noqa: S101 - a decoy accepts nothing
    return Route(
        user_id=challenge.user_id,
        challenge_id=challenge.id,
        door=challenge.door,
        keep=challenge.keep,
        next_path=challenge.next_path,
        visitor=visitor,
        known=known,
    )


def arrive(route: Route, proofs: tuple[Proof, ...], settings: Settings, now: datetime) -> Arrival:
    """Start a session after a first proof, or a pending sign-in where more is demanded."""
    step, proofs = _step(route, proofs, settings, now)
    if step == DONE:
        return _start(route, proofs, settings, now)
    token = ""
    if route.door == "page":
        # Programs have nowhere to prove anything else: theirs ends here.
        token = pending.start(
            route.user_id, route.challenge_id, proofs, route.keep, route.next_path, now
        )
    return Arrival(step, route.keep, route.next_path, pending=token)


def go_on(
    held: PendingSignIn,
    proof: Proof,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    trust: bool = False,
) -> Arrival:
    """Add one more proof to a pending sign-in, which ends where nothing is missing any more."""
    known = known_browsers.number_of(visitor, held.user_id)
    route = Route(
        held.user_id, held.challenge_id, "page", held.keep, held.next_path, visitor, known
    )
    proofs = (*held.proofs, proof)
    step, _ = _step(route, proofs, settings, now)
    if step != DONE:
        pending.add(held, proof)
        return Arrival(step, held.keep, held.next_path)
    pending.end(held, now)
    trust = trust and may_trust(held, settings)
    return _start(route, proofs, settings, now, trust=trust)


def may_trust(held: PendingSignIn, settings: Settings) -> bool:
    """Say whether its browser can be trusted: not where a passkey is demanded each time."""
    return holdings.demand(holdings.of(held.user_id, settings), settings) is Demand.TWO


def missing(held: PendingSignIn, settings: Settings) -> Step:
    """Return the step that a pending sign-in waits for."""
    holds = holdings.of(held.user_id, settings)
    return next_step(held.proofs, holds, holdings.demand(holds, settings))


def _step(
    route: Route, proofs: tuple[Proof, ...], settings: Settings, now: datetime
) -> tuple[Step, tuple[Proof, ...]]:
    holds = holdings.of(route.user_id, settings)
    demand = holdings.demand(holds, settings)
    step = next_step(proofs, holds, demand)
    if step != DONE and known_browsers.is_trusted(route.known, now):
        by_trust = next_step(proofs, holds, demand, trusted=True)
        if by_trust == DONE:
            return DONE, (*proofs, Proof(BROWSER, now, str(route.known)))
    return step, proofs


def _start(
    route: Route,
    proofs: tuple[Proof, ...],
    settings: Settings,
    now: datetime,
    *,
    trust: bool = False,
) -> Arrival:
    known: tuple[str, ...] = ()
    if route.door == "page":
        _tell_of_new_browser(route, settings, now)
        # Programs hold no cookies that they could be known by.
        known = known_browsers.remember(route.visitor, route.known, route.user_id, now, trust=trust)
    token, expires_at = sessions.start(
        route.user_id, route.challenge_id, route.door, proofs, route.keep, route.visitor, now
    )
    return Arrival(DONE, route.keep, route.next_path, token, expires_at, known)


def _tell_of_new_browser(route: Route, settings: Settings, now: datetime) -> None:
    """Have a user told by mail of a sign-in from a browser that is not known; not of their first.

    Whoever could read one code signs in as its owner does, who would see nothing of it. No text
    message goes out: strangers who sign up with a number could have us pay for them (X20).
    """
    is_news = settings.notice_new_browsers and not route.known
    if is_news and sessions.has_had_any(route.user_id):
        visitor, kind = route.visitor, known_browsers.MET
        notices.record_by_mail(kind, route.user_id, settings, now, visitor=visitor)
