"""Deleting all that is mine, and keeping it after all."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from otpapp.rules.account import leaving
from otpapp.rules.people.outcomes import Outcome, is_last_admin
from otpapp.transaction import transaction
from otpapp.web import cookie
from otpapp.web.account import pages
from otpapp.web.current import now, settings
from otpapp.web.guards import changes_factors
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("account_leaving", __name__, url_prefix="/account/delete")


@blueprint.get("")
def ask() -> ResponseReturnValue:
    """Say what goes and when, or that it is going to."""
    who = current_user.signed_in
    return pages.page(
        "account/delete.html",
        form=FlaskForm(formdata=None),
        leaves_at=leaving.when(who.user_id),
        is_last_admin=who.role == "admin" and is_last_admin(who.user_id),
    )


@blueprint.post("")
@changes_factors
def leave() -> ResponseReturnValue:
    """Delete it all in seven days."""
    who, visitor = current_user.signed_in, current_visitor()
    with transaction():
        outcome = leaving.ask(who, visitor, settings(), now())
    if outcome is Outcome.DONE:
        cookie.leave_note("leaves")
    return redirect(url_for("account_leaving.ask"), 303)


@blueprint.post("/keep")
def keep() -> ResponseReturnValue:
    """Keep it: that takes nothing from anybody, so it needs no fresh proof."""
    with transaction():
        leaving.stay(current_user.signed_in.user_id, current_visitor(), now())
    cookie.leave_note("stays")
    return redirect(url_for("account_leaving.ask"), 303)
