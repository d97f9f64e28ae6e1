"""How a browser that is signed in here becomes signed in at an app: by a ticket, used once."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select

from otpapp.models import App, AppSession, Ticket, User, UserSession
from otpapp.models.proof import Proofs
from otpapp.rules import clocks, events, sessions
from otpapp.rules.gate.wanted import Wanted
from otpapp.rules.handles import digest, new_token
from otpapp.rules.sessions import SignedIn
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

LASTS = timedelta(seconds=60)
_ADD_TICKET = insert(Ticket)
_FORGET_TICKETS = delete(Ticket).where(
    Ticket.session_id == bindparam("session"), Ticket.expires_at <= bindparam("now")
)
_SWEEP = delete(Ticket).where(Ticket.expires_at <= bindparam("now"))
_REDEEM = (
    delete(Ticket)
    .where(
        Ticket.token_hash == bindparam("hash"),
        Ticket.app_id == bindparam("app"),
        Ticket.expires_at > bindparam("now"),
        Ticket.created_at <= bindparam("latest"),
    )
    .returning(Ticket.session_id, Ticket.url, Ticket.browser_hash)
)
_HANDED_OVER = (
    select(UserSession.user_id, UserSession.proofs)
    .join(User)
    .where(
        UserSession.id == bindparam("session"),
        *sessions.LIVES,
        User.disabled_at.is_(None),
    )
)
_FORGET = delete(AppSession).where(
    AppSession.session_id == bindparam("session"),
    AppSession.app_id.is_not_distinct_from(bindparam("app")),
    or_(
        AppSession.created_at <= bindparam("before"),
        AppSession.proofs != bindparam("proved", type_=Proofs()),
    ),
)
_ADD = insert(AppSession)


@dataclass(frozen=True)
class Entered:
    """The token that a browser shall hold at an app, and where it was going.

    No token where the ticket was made for another browser, or for what this one held before.
    """

    token: str | None
    url: str


def issue(who: SignedIn, app: App, browser: bytes, wanted: Wanted, now: datetime) -> str:
    """Return a ticket to `app` for the browser whose hash this is: once, within 60 seconds."""
    token = new_token()
    row = {
        "token_hash": digest(token),
        "session_id": who.session_id,
        "app_id": app.id,
        "browser_hash": browser,
        "url": wanted.url,
        "created_at": now,
        "expires_at": now + LASTS,
    }
    execute(_FORGET_TICKETS, {"session": who.session_id, "now": now})
    execute(_ADD_TICKET, row)
    return token


def forget_unused(now: datetime) -> None:
    """Delete the tickets that nobody came over by in time."""
    execute(_SWEEP, {"now": now})


def redeem(ticket: str, app: App, browser: str, visitor: Visitor, now: datetime) -> Entered | None:
    """Use a ticket up; None where it is of another app, was used, or is too old.

    X28: what comes of it opens nothing but this app. Who brings it without a `browser` may have
    been sent by somebody else, who made it for none: they would be signed in as that one.
    """
    values = {
        "hash": digest(ticket),
        "app": app.id,
        "now": now,
        "latest": now + clocks.APART,
    }
    row = execute(_REDEEM, values).first()
    if row is None:
        return None
    if not browser or not hmac.compare_digest(row.browser_hash, digest(browser)):
        return Entered(None, row.url)  # used up all the same: somebody else has seen it
    token = _start(row.session_id, app, visitor, now)
    return Entered(token, row.url) if token else None


def share(who: SignedIn, app: App, visitor: Visitor, now: datetime) -> str | None:
    """Return a token that opens all apps, for the one cookie that they share; None if it ended."""
    return _start(who.session_id, app, visitor, now, is_shared=True)


def _start(
    session_id: int, app: App, visitor: Visitor, now: datetime, *, is_shared: bool = False
) -> str | None:
    values = {"session": session_id, "now": now, "latest": now + clocks.SET_BACK}
    found = execute(_HANDED_OVER, values).first()
    if found is None:
        return None
    app_id = None if is_shared else app.id
    # What this browser held before opens nothing from here on (ASVS 7.2.4); but for what its other
    # tabs were just given, which all came in at once.
    former = {"session": session_id, "app": app_id, "before": now - LASTS, "proved": found.proofs}
    execute(_FORGET, former)
    token = new_token()
    row = {
        "token_hash": digest(token),
        "session_id": session_id,
        "app_id": app_id,
        "proofs": found.proofs,
        "created_at": now,
    }
    execute(_ADD, row)
    events.record("app.entered", now, visitor=visitor, user_id=found.user_id, subject=app.name)
    return token
