"""Where a browser is led once something was proved, and what its cookie holds from there on."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules.sign_in import Arrival
from otpapp.web import cookie
from otpapp.web.redirects import safe_path


def land(arrival: Arrival, next_path: str = "") -> ResponseReturnValue:
    """Lead to where the sign-in was meant to lead, or to the step that is missing."""
    if arrival.pending:
        cookie.hold_pending(arrival.pending)
    if not arrival.token:
        return redirect(url_for("prove.go_on"), 303)
    cookie.renew(arrival.token, keep=arrival.keep)
    if arrival.known:
        cookie.keep_known_browser(arrival.known)
    return redirect(safe_path(next_path or arrival.next_path), 303)
