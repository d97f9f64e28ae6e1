"""The browsers that somebody is known by: seen, asked for a second proof again, forgotten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from otpapp.extensions import db
from otpapp.models import KnownBrowser
from otpapp.rules import events, known_browsers
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

ALL = 0  # in place of the number of one browser
_LIVING = (KnownBrowser.user_id == bindparam("whose"), KnownBrowser.revoked_at.is_(None))
_OF = (
    select(KnownBrowser)
    .where(*_LIVING)
    .order_by(KnownBrowser.seen_at.desc(), KnownBrowser.id.desc())
)
_FORGET = (
    update(KnownBrowser)
    .where(*_LIVING, or_(KnownBrowser.id == bindparam("number"), bindparam("number") == ALL))
    .values(revoked_at=bindparam("now"))
    .returning(KnownBrowser.browser, KnownBrowser.ip)
)


def of(user_id: UUID) -> list[KnownBrowser]:
    """Return the browsers that this user is known by, the one that signed them in last first."""
    return list(db.session.scalars(_OF, {"whose": user_id}))


def forget(user_id: UUID, number: int, visitor: Visitor, now: datetime) -> int:
    """Treat one browser of this user, or ALL, as a stranger's again; return how many there were.

    Nobody is signed out by it.
    """
    found = execute(_FORGET, {"whose": user_id, "number": number, "now": now}).all()
    if found:
        which = f"{found[0].browser}, IP {found[0].ip}" if number else str(len(found))
        kind = "browser.forgotten" if number else "browsers.forgotten"
        events.record(kind, now, visitor=visitor, user_id=user_id, detail=which)
    return len(found)


def distrust(user_id: UUID, number: int, visitor: Visitor, now: datetime) -> int:
    """Ask for a second proof again in one browser of this user, or in ALL; return how many."""
    count = known_browsers.distrust(user_id, number)
    if count:
        events.record(
            "browsers.distrusted", now, visitor=visitor, user_id=user_id, detail=str(count)
        )
    return count
