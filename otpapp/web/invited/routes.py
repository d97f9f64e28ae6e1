"""Where the link of an invitation leads: a GET only shows, and nothing here signs in (X56)."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from otpapp.delivery import invitations
from otpapp.rules.people import accepting
from otpapp.rules.people.accepting import Opened
from otpapp.rules.people.invitations import Standing
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.current import now, settings
from otpapp.web.guards import public
from otpapp.web.looks import day
from otpapp.web.visitor import current_visitor

# Short, since a text message has to hold it.
blueprint = Blueprint("invited", __name__, url_prefix="/invited")
CONFLICT = 409
GONE = 410


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Say who invites to what and until when, or what became of it."""
    return _page(_opened(token), token)


@blueprint.post("/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Make a user of whoever reads that mail, and lead them to the sign-in page."""
    with transaction():
        # Before the link is looked at, so that wrong ones count too.
        refused = accepting.may_try(current_visitor(), settings(), now())
        opened = None if refused else accepting.open_link(token, settings(), now())
        one = opened.invitation if opened else None
        is_in = one is not None and accepting.accept(one, current_visitor(), settings(), now())
    if refused:
        return _too_often(refused)
    if one is None or not is_in:
        return _page(_opened(token), token, is_refused=True)
    cookie.leave_note("accepted")
    cookie.leave_note(one.address, cookie.ADDRESS)
    return redirect(url_for("sign_in.identify"), 303)


def _opened(token: str) -> Opened:
    found = accepting.open_link(token, settings(), now())
    return found or abort(404, "This link is not whole. Open it from the message once more.")


def _page(opened: Opened, token: str, *, is_refused: bool = False) -> Response:
    one, standing = opened.invitation, opened.standing
    if one and standing is Standing.OPEN:
        says = invitations.says(one, settings().site_name)
        page, status = ("refused", CONFLICT) if is_refused else ("open", 200)
        shown = {"says": says, "until": one.ends_at, "token": token}
    else:
        page, status = ("accepted", 200) if standing is Standing.ACCEPTED else ("over", GONE)
        shown = {"standing": standing, "one": one}
    return make_response(render_template(f"invited/{page}.html", **shown), status)


def _too_often(refused: Limited) -> Response:
    shown = render_template("invited/too_often.html", until=day(refused.until))
    answer = make_response(shown, messages.TOO_MANY)
    answer.headers.update(messages.retry_after(refused, now()))
    return answer
