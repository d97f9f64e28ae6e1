"""My identifiers: shown, removed, put in order."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.models import Identifier
from otpapp.rules import users
from otpapp.rules.account import owning
from otpapp.rules.account.owning import Outcome
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.account import identifier_pages as pages
from otpapp.web.current import now, settings
from otpapp.web.guards import with_fresh_proof
from otpapp.web.visitor import current_visitor

LARGEST = 2**53  # a row's number fits in it, and in every database
NUMBER = f"<int(max={LARGEST}):number>"
GONE = "This address is not yours any more."
blueprint = Blueprint("identifiers", __name__, url_prefix="/account/identifiers")


@blueprint.get("")
def every() -> ResponseReturnValue:
    """Show by which addresses whoever is here signs in."""
    return pages.every()


@blueprint.get(f"/{NUMBER}/remove")
@with_fresh_proof
def ask_to_remove(number: int) -> ResponseReturnValue:
    """Ask whether to remove one; nothing is removed by one click."""
    return pages.ask_to_remove(_own(number))


@blueprint.post(f"/{NUMBER}/remove")
@with_fresh_proof
def remove(number: int) -> ResponseReturnValue:
    """Remove it, but the last one."""
    who, visitor = current_user.signed_in, current_visitor()
    with transaction():
        outcome = owning.remove(who, number, visitor, settings(), now())
    if outcome is Outcome.LAST:
        return pages.ask_to_remove(_own(number), messages.UNPROCESSABLE)
    return _done(outcome, "address_removed")


@blueprint.post(f"/{NUMBER}/first")
@with_fresh_proof
def choose(number: int) -> ResponseReturnValue:
    """Have it stand first."""
    who, visitor = current_user.signed_in, current_visitor()
    with transaction():
        outcome = owning.choose_first(who, number, visitor, settings(), now())
    return _done(outcome, "address_first")


def _done(outcome: Outcome, note: str) -> ResponseReturnValue:
    if outcome is Outcome.GONE:
        abort(404, GONE)
    cookie.leave_note("address_unproved" if outcome is Outcome.UNPROVED else note)
    return redirect(url_for("identifiers.every"), 303)


def _own(number: int) -> Identifier:
    held = users.addresses_of(current_user.signed_in.user_id)
    return next((one for one in held if one.id == number), None) or abort(404, GONE)
