"""What belongs to the present request: its one instant, its settings, who is signed in."""

from contextlib import suppress
from datetime import datetime

from flask import Flask, Request, current_app, g, request
from flask_login import UserMixin, current_user

from otpapp.clock import utc_now
from otpapp.delivery.worker import Worker
from otpapp.extensions import login_manager
from otpapp.models import PendingSignIn
from otpapp.rules import holdings, lifetimes, pending, sessions
from otpapp.rules.second import Holder
from otpapp.rules.sessions import SignedIn
from otpapp.settings import Settings
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.errors import DATABASE_FAULTS

TOUCH_WAITS = 100  # milliseconds


class CurrentUser(UserMixin):
    """The user of a live session, as Flask-Login wants to see them."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Return the session's number; who holds the token is never asked from it."""
        return str(self.signed_in.session_id)


def settings() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.extensions["otpapp.settings"]
    return found


def worker() -> Worker:
    """Return the sender of the running app."""
    found: Worker = current_app.extensions["otpapp.worker"]
    return found


def now() -> datetime:
    """Return the instant of this request: one request, one instant."""
    if "now" not in g:
        g.now = utc_now()
    instant: datetime = g.now
    return instant


def pending_sign_in() -> PendingSignIn | None:
    """Return the sign-in under way in this browser, if one is and nobody is signed in."""
    if "pending" not in g:
        token = cookie.pending_token()
        is_on_the_way = token and not current_user.is_authenticated
        g.pending = pending.resume(token, now()) if is_on_the_way else None
    found: PendingSignIn | None = g.pending
    return found


def holder() -> Holder:
    """Return who is here: the session of this browser, or its sign-in under way."""
    found: Holder = pending_sign_in() or current_user.signed_in
    return found


def bearer_token() -> str:
    """Return the token of the `Authorization: Bearer` header, or nothing (RFC 6750 section 2.1)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def init_app(app: Flask) -> None:
    """Have Flask-Login ask our session rows, and nothing else."""
    # No context processor: an error page must not ask the database that has just failed.
    login_manager.init_app(app, add_context_processor=False)
    # Its own session protection and remember cookie rest on what a client says (security.md 4.2).
    login_manager.session_protection = None
    # There is no switch for the latter, and any app on this host could set a cookie of its usual
    # name; none can have a name with a semicolon (RFC 6265 section 4.1.1).
    app.config["REMEMBER_COOKIE_NAME"] = "otpapp;never"


@login_manager.request_loader
def _load(asked: Request) -> CurrentUser | None:
    door = "api" if asked.blueprint == "api" else "page"
    token = bearer_token() if door == "api" else cookie.token()
    signed_in = sessions.resume(token, door, now()) if token else None
    if signed_in is None or not holdings.is_still_enough(
        signed_in.proofs, signed_in.role, settings()
    ):
        return None
    if lifetimes.is_due(signed_in.seen_at, now()):
        # Whoever only reads is not turned away by a database that cannot be written to just now:
        # the next page sets the idle clock, and one that is never set ends the session early.
        with suppress(*DATABASE_FAULTS), transaction(patience=TOUCH_WAITS):
            sessions.touch(signed_in.session_id, now())
    return CurrentUser(signed_in)
