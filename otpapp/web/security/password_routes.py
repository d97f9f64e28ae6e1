"""Choosing a password, where the site takes them."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from otpapp.rules.factors import password
from otpapp.rules.factors.password import Fault
from otpapp.transaction import transaction
from otpapp.web import messages
from otpapp.web.current import holder, now, settings
from otpapp.web.guards import adds_factor
from otpapp.web.redirects import safe_path
from otpapp.web.security import enrolment
from otpapp.web.security.forms import PasswordForm

FAULTS = {
    Fault.SHORT: "Use a longer password, of {shortest} characters at least. Several words are easy "
    "to remember",
    Fault.LONG: "Use a shorter password, of 256 characters at most",
    Fault.COMMON: "Many people use that password, so it is tried first. Choose another one",
    Fault.YOURS: "That is little more than your address or the site's name. Choose another one",
}
blueprint = Blueprint("password", __name__, url_prefix="/account/security/password")


@blueprint.get("")
@adds_factor(password.KIND)
def new_password() -> ResponseReturnValue:
    """Ask for a password."""
    return _page(PasswordForm(formdata=None, next=safe_path(request.args.get("next"))))


@blueprint.post("")
@adds_factor(password.KIND)
def enrol_password() -> ResponseReturnValue:
    """Keep the password that was chosen; the one before opens nothing any more."""
    form, user_id = PasswordForm(), holder().user_id
    typed = form.password.data or ""
    fault = password.fault(user_id, typed, settings())
    if fault:
        shortest = password.shortest(user_id, settings())
        return _page(form, messages.UNPROCESSABLE, FAULTS[fault].format(shortest=shortest))
    new = password.hashed(typed)
    with transaction():
        kept = password.enrol(user_id, new, settings(), now())
        arrival = enrolment.enrolled(password.KIND, kept.number, "Password", replaces=kept.replaces)
    return enrolment.to_recovery_codes(arrival, form.next.data)


def _page(form: PasswordForm, status: int = 200, error: str = "") -> ResponseReturnValue:
    user_id = holder().user_id
    shown = {
        "form": form,
        "error": error,
        "whose": enrolment.whose(),
        "shortest": password.shortest(user_id, settings()),
        "alone": password.ALONE,
        "is_set": password.is_set(user_id, settings()),
    }
    return make_response(render_template("security/password.html", **shown), status)
