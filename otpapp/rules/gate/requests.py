"""Asking for access: what somebody can do who was refused at the gate."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from otpapp.extensions import db
from otpapp.models import AccessRequest, App, Event, User
from otpapp.rules import events, limits, notices, tallies
from otpapp.rules.factors import credentials
from otpapp.rules.gate.deciding import Answer, Decision, Somebody
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

LONGEST = 300  # characters of somebody's words
ANNOUNCED, ANSWERED = "access.announced", "access.answered"
IS_OPEN = AccessRequest.answered_at.is_(None)
_OF_RULE = (
    AccessRequest.user_id == bindparam("who"),
    AccessRequest.app_id == bindparam("app"),
    AccessRequest.path == bindparam("at"),
    IS_OPEN,
)
_CHANGE = (
    update(AccessRequest)
    .where(*_OF_RULE)
    .values(words=bindparam("said"), url=bindparam("to"))
    .returning(AccessRequest.id)
)
_ADD = insert(AccessRequest).returning(AccessRequest.id)
_BY_ID = select(AccessRequest).where(AccessRequest.id == bindparam("number"))
_OPEN_AT = select(AccessRequest).where(*_OF_RULE)
_LAST = (
    select(AccessRequest)
    .where(
        AccessRequest.user_id == bindparam("who"),
        AccessRequest.app_id == bindparam("app"),
        AccessRequest.answered_at.is_not(None),
    )
    .order_by(AccessRequest.answered_at.desc(), AccessRequest.id.desc())
    .limit(1)
)
_ADMINS = select(User.id).where(User.role == "admin", User.disabled_at.is_(None)).order_by(User.id)


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: to pass the rule at `path` of an app, since they want `url`."""

    app: App
    path: str
    url: str
    words: str


def can_be_made(decision: Decision, who: Somebody | None) -> bool:
    """Say whether an admin could let this person in: a rule refuses them, and they have a name."""
    return decision.answer is Answer.REFUSED and bool(decision.rule and who and who.addresses)


def can_be_said(words: str) -> bool:
    """Say whether these words can stand in a request: one line that every list can show (X40)."""
    return 0 < len(words) <= LONGEST and words.isprintable()


def ask(
    wish: Wish, who: Somebody, visitor: Visitor, settings: Settings, now: datetime
) -> Limited | None:
    """Keep what somebody asks for, and have the admins told of it; return what is in the way.

    To ask again while it is open changes the words, and tells nobody once more.
    """
    credentials.lock(who.user_id)  # of two that are sent at once, the second changes the first
    if _change(wish, who):
        return None
    limit, subject = limits.access_requests_per_user(settings), str(who.user_id)
    refused = tallies.take(limit, subject, now)
    if refused:
        events.record_limited(subject, visitor, refused, now)
        return refused
    events.record(
        "access.asked",
        now,
        visitor=visitor,
        user_id=who.user_id,
        subject=wish.app.name,
        detail=wish.path[:200],
    )
    _announce(_add(wish, who, now), wish.app, who, settings, now)
    return None


def find(number: int) -> AccessRequest | None:
    """Return the request with this number."""
    return db.session.scalars(_BY_ID, {"number": number}).first()


def open_at(app: App, path: str, user_id: UUID) -> AccessRequest | None:
    """Return the open request of somebody for the rule at `path`."""
    return db.session.scalars(_OPEN_AT, {"app": app.id, "at": path, "who": user_id}).first()


def last_answered(app: App, user_id: UUID) -> AccessRequest | None:
    """Return the request of somebody for an app that was answered last."""
    return db.session.scalars(_LAST, {"app": app.id, "who": user_id}).first()


def name_for_trail(number: int, app: App) -> str:
    """Return how an event names a request, for `of_event` to find it again."""
    return f"{number} {app.name}"


def of_event(event: Event) -> AccessRequest | None:
    """Return the request that a notice is about, if it is still there.

    X49: when rows are deleted or a backup is put back, a number can come a second time.
    """
    number = event.detail.partition(" ")[0]
    found = find(int(number)) if number.isdecimal() else None
    if found is None:
        return None
    was = found.created_at if event.kind == ANNOUNCED else found.answered_at
    return found if was == event.at else None


def is_settled(event: Event) -> bool:
    """Say whether nobody waits for this notice any more: it was answered meanwhile, or is gone."""
    found = of_event(event)
    return found is None or (event.kind == ANNOUNCED and found.answered_at is not None)


def _change(wish: Wish, who: Somebody) -> bool:
    values = {"who": who.user_id, "app": wish.app.id, "at": wish.path}
    return execute(_CHANGE, {**values, "said": wish.words, "to": wish.url}).first() is not None


def _add(wish: Wish, who: Somebody, now: datetime) -> int:
    row = {
        "app_id": wish.app.id,
        "user_id": who.user_id,
        "path": wish.path,
        "url": wish.url,
        "words": wish.words,
        "created_at": now,
        "verdict": "",
    }
    number: int = execute(_ADD, row).scalar_one()
    return number


def _announce(number: int, app: App, who: Somebody, settings: Settings, now: datetime) -> None:
    """Have each admin told, as often as a day has room for; the list has them all."""
    limit = limits.access_notices_per_admin(settings)
    subject, detail = who.addresses[0], name_for_trail(number, app)
    for admin in execute(_ADMINS).scalars().all():
        if tallies.take(limit, str(admin), now) is None:
            notices.record_by_mail(ANNOUNCED, admin, settings, now, subject=subject, detail=detail)
