"""Where the link in a notice leads: a GET only shows, so mail scanners change nothing (X56)."""

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from otpapp.delivery import notices
from otpapp.models import Event
from otpapp.rules import links
from otpapp.rules.account import taking_back
from otpapp.rules.factors import objections, recovery_codes
from otpapp.rules.verdicts import Standing
from otpapp.transaction import transaction
from otpapp.web.current import now, settings
from otpapp.web.guards import public
from otpapp.web.visitor import current_visitor

# Short, since a text message has to hold it.
blueprint = Blueprint("changed", __name__, url_prefix="/changed")
GONE = 410
PAGES = {
    Standing.OPEN: "changed/open.html",
    Standing.DONE: "changed/done.html",
    Standing.PASSED: "changed/passed.html",
}


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Ask whether to undo the change or to freeze the sign-in, or say what became of it."""
    event = _change(token)
    return render_template(
        PAGES[objections.standing(event)],
        event=event,
        says=notices.says(event, settings().site_name),
        undoes=objections.undoes(event),
        is_of_addresses=taking_back.undoes(event),
        has_codes=bool(event.user_id and recovery_codes.left(event.user_id)),
        token=token,
    )


@blueprint.post("/<token>")
@public
def objected(token: str) -> ResponseReturnValue:
    """Undo it, or freeze the sign-in; a second press only shows again that it was done."""
    with transaction():
        objections.make(_change(token), current_visitor(), settings(), now())
    return redirect(url_for("changed.show", token=token), 303)


def _change(token: str) -> Event:
    found = links.change_to_answer(token, settings())
    if found is None or not objections.can_be_made(found):
        abort(404, "This link is not whole. Open it from the message once more.")
    if objections.is_over(found, now()):
        abort(make_response(render_template("changed/over.html"), GONE))
    return found
