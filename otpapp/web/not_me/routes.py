"""Where the link in a message leads: a GET only shows, so mail scanners change nothing (X56)."""

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import Challenge
from otpapp.rules import links, stopping
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.current import now, settings
from otpapp.web.guards import public
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("not_me", __name__, url_prefix="/not-me")
GONE = 410


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Ask whether codes like this one shall be stopped, or say that they are."""
    challenge = _challenge(token)
    note = messages.note(cookie.take_note())
    until = stopping.muted_until(challenge.identifier_id, now())
    if until and challenge.closed_at:
        return render_template("not_me/stopped.html", until=until, token=token)
    return render_template("not_me/ask.html", challenge=challenge, token=token, note=note)


@blueprint.post("/<token>")
@public
def stop(token: str) -> ResponseReturnValue:
    """Stop them."""
    with transaction():
        stopping.stop(_challenge(token), current_visitor(), now())
    return redirect(url_for("not_me.show", token=token), 303)


@blueprint.post("/<token>/undo")
@public
def undo(token: str) -> ResponseReturnValue:
    """Send them again: it was a mistake."""
    with transaction():
        stopping.go_on(_challenge(token), current_visitor(), now())
    cookie.leave_note("resumed")
    return redirect(url_for("not_me.show", token=token), 303)


def _challenge(token: str) -> Challenge:
    found = links.challenge_to_stop(token, settings())
    if found is None or found.identifier_id is None:
        abort(404, "This link is not whole. Open it from the message once more.")
    if stopping.is_over(found, now()):
        abort(make_response(render_template("not_me/over.html"), GONE))
    return found
