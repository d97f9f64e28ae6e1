"""Enrolling factors and removing them; each change needs a fresh proof (X52)."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.models import Credential
from otpapp.rules import codes, holdings
from otpapp.rules.factors import changes, credentials, password, recovery_codes, totp
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.current import holder, now, settings
from otpapp.web.guards import adds_factor, changes_factors
from otpapp.web.redirects import safe_path
from otpapp.web.security import enrolment, pages
from otpapp.web.security.forms import AppForm, PlainForm
from otpapp.web.visitor import current_visitor

WRONG = (
    "That is not the code that belongs to this key. Type the newest one, and check that the clock "
    "of your phone is set automatically."
)
blueprint = Blueprint("security", __name__, url_prefix="/account/security")


@blueprint.get("")
def overview() -> ResponseReturnValue:
    """Show how whoever is signed in signs in, and what can be added."""
    return pages.overview(messages.note(cookie.take_note()))


@blueprint.get("/app")
@adds_factor(totp.KIND)
def new_app() -> ResponseReturnValue:
    """Offer the key for an authenticator app: another one each time the page is opened (X54)."""
    return pages.new_app(AppForm(formdata=None, next=safe_path(request.args.get("next"))))


@blueprint.post("/app")
@adds_factor(totp.KIND)
def enrol_app() -> ResponseReturnValue:
    """Keep the app whose code confirms that it holds the key."""
    form = AppForm()
    key = enrolment.offered_key(form)
    if key is None:
        form.code.data = ""
        return pages.new_app(form, messages.UNPROCESSABLE, alarm=enrolment.TOO_LATE)
    if not form.validate_on_submit():
        return pages.new_app(form, messages.UNPROCESSABLE)
    name = form.name.data or pages.KINDS[totp.KIND]
    code = codes.find(form.code.data or "", totp.DIGITS)
    with transaction():
        number = totp.enrol(holder().user_id, key, code, name, settings(), now())
        arrival = enrolment.enrolled(totp.KIND, number, name) if number else None
    if arrival is None:
        return pages.new_app(form, messages.UNPROCESSABLE, error=WRONG)
    return enrolment.to_recovery_codes(arrival, form.next.data)


@blueprint.get("/recovery-codes")
@changes_factors
def new_codes() -> ResponseReturnValue:
    """Ask whether to make new recovery codes; showing the page makes none."""
    if not holdings.has_factor(holder().user_id, settings()):
        return redirect(url_for("security.overview"), 303)
    return pages.ask_for_codes(safe_path(request.args.get("next")))


@blueprint.post("/recovery-codes")
@changes_factors
def make_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, this once."""
    if not holdings.has_factor(holder().user_id, settings()):
        # X52: they stand in for factors; made before there are any they would be a way round them.
        return redirect(url_for("security.overview"), 303)
    user_id, visitor, next_path = holder().user_id, current_visitor(), PlainForm().next.data
    with transaction():
        refused = recovery_codes.may_make(current_user.signed_in, visitor, settings(), now())
    if refused:
        return pages.ask_for_codes(safe_path(next_path), refused)
    new = recovery_codes.new_codes()
    with transaction():
        recovery_codes.enrol(user_id, new, now())
        changes.enrolled(user_id, recovery_codes.KIND, "", visitor, settings(), now())
    return pages.show_codes(new.codes, safe_path(next_path))


@blueprint.get("/<uuid:number>/remove")
@changes_factors
def ask_to_remove(number: UUID) -> ResponseReturnValue:
    """Ask whether to remove a factor; nothing is removed by one click."""
    return pages.ask_to_remove(_own(number))


@blueprint.post("/<uuid:number>/remove")
@changes_factors
def remove(number: UUID) -> ResponseReturnValue:
    """Remove a factor."""
    credential = _own(number)
    if password.would_be_alone(credential, settings()):
        return pages.ask_to_remove(credential, messages.UNPROCESSABLE)
    with transaction():
        changes.remove(credential, current_visitor(), settings(), now())
    cookie.leave_note("factor_removed")
    return redirect(url_for("security.overview"), 303)


def _own(number: UUID) -> Credential:
    found = next((one for one in credentials.of(holder().user_id) if one.id == number), None)
    return found or abort(404, "This factor is not there any more.")
