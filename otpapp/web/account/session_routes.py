"""Where I am signed in, and which browsers I am known by.

X52 and ASVS 7.5.2 ask for a fresh proof. To sign out everywhere else needs one: it also ends codes
and sign-ins under way, and could be pressed again and again to keep their owner out. To end one
session, or to forget a browser, needs none: neither opens anything to whoever stole a session, who
puts its owner out of one browser for as long as a code takes; but the owner who sees a stranger
here can end that at once, while the phone for the proof is out of reach or in the stranger's hand.
"""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.rules import elsewhere
from otpapp.rules.account import browsers
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.account import pages
from otpapp.web.current import now
from otpapp.web.guards import changes_factors
from otpapp.web.visitor import current_visitor

LARGEST = 2**53  # a row's number fits in it, and in every database
NUMBER = f"<int(max={LARGEST}):number>"
blueprint = Blueprint("account_sessions", __name__, url_prefix="/account/sessions")


@blueprint.get("")
def every() -> ResponseReturnValue:
    """Show where whoever is here is signed in, and which browsers are known."""
    return pages.sessions()


@blueprint.post(f"/{NUMBER}/end")
def end(number: int) -> ResponseReturnValue:
    """End one other session."""
    with transaction():
        ending = elsewhere.end_one(current_user.signed_in, number, current_visitor(), now())
    if ending is None:
        abort(404, "There is no such session.")
    cookie.leave_note(ending)
    return _back()


@blueprint.get("/elsewhere")
@changes_factors
def ask_to_end() -> ResponseReturnValue:
    """Ask whether to end all other sessions."""
    return pages.ask_to_end()


@blueprint.post("/elsewhere")
@changes_factors
def end_elsewhere() -> ResponseReturnValue:
    """End all other sessions."""
    with transaction():
        elsewhere.end(current_user.signed_in, current_visitor(), now())
    cookie.leave_note("ended_elsewhere")
    return _back()


@blueprint.post(f"/browsers/{NUMBER}/forget")
def forget(number: int) -> ResponseReturnValue:
    """Forget one browser; 0 stands for all of them."""
    with transaction():
        count = browsers.forget(current_user.signed_in.user_id, number, current_visitor(), now())
    cookie.leave_note("forgotten" if count else "forgotten_before")
    return _back()


@blueprint.post(f"/browsers/{NUMBER}/distrust")
def distrust(number: int) -> ResponseReturnValue:
    """Ask for a second proof again in one browser; 0 stands for all of them."""
    with transaction():
        browsers.distrust(current_user.signed_in.user_id, number, current_visitor(), now())
    cookie.leave_note("distrusted")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("account_sessions.every"), 303)
