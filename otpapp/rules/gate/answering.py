"""Answering who asks for access: how things stand with a request, and the two answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from otpapp.extensions import db
from otpapp.models import AccessRequest, App
from otpapp.rules import events, notices
from otpapp.rules.gate import apps, deciding, guests, people, requests, wanted
from otpapp.rules.gate.deciding import Answer, Somebody
from otpapp.rules.gate.rules import Rule
from otpapp.settings import Settings
from otpapp.transaction import execute

DAY = timedelta(days=1)
USUAL_DAYS, MOST_DAYS = 30, 365
MOST_SHOWN, LATELY = 100, 20
GRANTED, REFUSED = "granted", "refused"
_ANSWER = (
    update(AccessRequest)
    .where(AccessRequest.id == bindparam("number"), requests.IS_OPEN)
    .values(
        answered_at=bindparam("now"),
        answered_by=bindparam("by"),
        verdict=bindparam("said"),
        until=bindparam("last"),
    )
    .returning(AccessRequest.id)
)
_OPEN = (
    select(AccessRequest)
    .where(requests.IS_OPEN, AccessRequest.id > bindparam("after"))
    .order_by(AccessRequest.id)
    .limit(MOST_SHOWN)
)
_HOW_MANY = select(func.count()).select_from(AccessRequest).where(requests.IS_OPEN)
_LATELY = (
    select(AccessRequest)
    .where(AccessRequest.answered_at.is_not(None))
    .order_by(AccessRequest.answered_at.desc(), AccessRequest.id.desc())
    .limit(LATELY)
)


class Chance(StrEnum):
    """What can become of a request now: it can be granted, needs no grant any more, or cannot."""

    GRANTABLE = "grantable"
    OPEN_ALREADY = "open_already"
    NO_RULE = "no_rule"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """What became of an answer: it counts, somebody else's came before, or it was none.

    STALE: by now another rule refuses them than the one that was shown.
    """

    DONE = "done"
    LATE = "late"
    BAD_DATE = "bad_date"
    IMPOSSIBLE = "impossible"
    STALE = "stale"


@dataclass(frozen=True)
class Case:
    """A request, and how things stand with it now: who asks, and the rule that refuses them."""

    request: AccessRequest
    app: App
    who: Somebody | None
    rule: Rule | None
    chance: Chance


def open_ones(settings: Settings, now: datetime, after: int = 0) -> list[Case]:
    """Return the open requests after one of this number, the oldest first; 100 at most."""
    found = db.session.scalars(_OPEN, {"after": after}).all()
    return [case_of(one, settings, now) for one in found]


def how_many_open() -> int:
    """Return how many requests wait for an answer."""
    return db.session.scalar(_HOW_MANY) or 0


def answered_lately(settings: Settings, now: datetime) -> list[Case]:
    """Return the 20 requests that were answered last, the newest first."""
    return [case_of(one, settings, now) for one in db.session.scalars(_LATELY).all()]


def case_of(request: AccessRequest, settings: Settings, now: datetime) -> Case:
    """Return how things stand with a request now, whatever was changed since it was made."""
    app = db.session.get_one(App, request.app_id)
    who, found = people.somebody(request.user_id, app, (), now), wanted.read(request.url)
    if who is None or found is None or not who.addresses:
        return Case(request, app, who, None, Chance.NOBODY)
    decision = deciding.decide(apps.plan_of(app).rules, found, who, settings, now)
    if decision.answer is not Answer.REFUSED:
        return Case(request, app, who, decision.rule, Chance.OPEN_ALREADY)
    chance = Chance.GRANTABLE if decision.rule else Chance.NO_RULE
    return Case(request, app, who, decision.rule, chance)


def grant(
    request: AccessRequest,
    until: datetime | None,
    path: str,
    by: UUID,
    settings: Settings,
    now: datetime,
) -> Outcome:
    """Let the asker in until a date, as a guest of the rule at `path`, which refuses them now.

    Where no rule does any more there is no date, and nobody becomes a guest.
    """
    apps.lock(db.session.get_one(App, request.app_id).name)
    case = case_of(request, settings, now)
    if case.chance is Chance.OPEN_ALREADY:
        return _answer(case, GRANTED, None, by, settings, now)
    if case.who is None or case.rule is None:
        return Outcome.IMPOSSIBLE
    if case.rule.path != path:
        return Outcome.STALE
    if until is None or not now + DAY <= until <= now + (MOST_DAYS + 1) * DAY:
        return Outcome.BAD_DATE
    outcome = _answer(case, GRANTED, until, by, settings, now)
    if outcome is Outcome.DONE:
        guests.let_in(case.app, case.rule.path, case.who.addresses[0], until, now, by)
    return outcome


def refuse(request: AccessRequest, by: UUID, settings: Settings, now: datetime) -> Outcome:
    """Leave the asker out; they may ask again."""
    return _answer(case_of(request, settings, now), REFUSED, None, by, settings, now)


def _answer(
    case: Case, verdict: str, until: datetime | None, by: UUID, settings: Settings, now: datetime
) -> Outcome:
    """Close a request: of two admins who answer at once, one does, and the other is told."""
    request, app = case.request, case.app
    values = {"number": request.id, "now": now, "by": by, "said": verdict, "last": until}
    if execute(_ANSWER, values).first() is None:
        return Outcome.LATE
    subject = case.who.addresses[0] if case.who and case.who.addresses else str(request.user_id)
    detail = app.name + (case.rule.path if case.rule else request.path)
    events.record(f"access.{verdict}", now, user_id=by, subject=subject, detail=detail[:200])
    named = requests.name_for_trail(request.id, app)
    asker, kind = request.user_id, requests.ANSWERED
    notices.record_by_mail(kind, asker, settings, now, subject=app.name, detail=named)
    return Outcome.DONE
