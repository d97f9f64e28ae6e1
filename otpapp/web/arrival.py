"""Where a browser is led once something was proved, and what its cookie holds from there on."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules import sessions
from otpapp.rules.sign_in import Arrival
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.current import now
from otpapp.web.redirects import safe_path
from otpapp.web.visitor import current_visitor


def land(arrival: Arrival, next_path: str = "") -> ResponseReturnValue:
    """Lead to where the sign-in was meant to lead, or to the step that is missing."""
    if arrival.pending or arrival.token:
        _end_former()
    if arrival.pending:
        cookie.hold_pending(arrival.pending)
    if not arrival.token:
        return redirect(url_for("prove.go_on"), 303)
    cookie.renew(arrival.token, keep=arrival.keep)
    if arrival.known:
        cookie.keep_known_browser(arrival.known)
    return redirect(safe_path(next_path or arrival.next_path), 303)


def _end_former() -> None:
    """End the session that this browser held before: nobody could end it any more (X07)."""
    former = cookie.token()
    if former and sessions.resume(former, "page", now()):
        with transaction():
            sessions.end(former, "page", current_visitor(), now())
