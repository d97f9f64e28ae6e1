"""Adding a counter token: a small thing with a button, or an app that counts."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from otpapp.otp import keys
from otpapp.rules import codes
from otpapp.rules.factors import hotp
from otpapp.transaction import transaction
from otpapp.web import messages
from otpapp.web.current import holder, now, settings
from otpapp.web.guards import adds_factor
from otpapp.web.redirects import safe_path
from otpapp.web.security import enrolment, pages
from otpapp.web.security.forms import TokenForm

NO_KEY = "That is no key of a token. It has 32 letters and digits, or 40 if it is hexadecimal."
WRONG = "These are not two codes in a row of this key. Press the button twice and type both codes."
blueprint = Blueprint("token", __name__, url_prefix="/account/security/token")


@blueprint.get("")
@adds_factor(hotp.KIND)
def new_token() -> ResponseReturnValue:
    """Take the key of a token, or offer one: another one each time the page is opened (X54)."""
    return pages.new_token(TokenForm(formdata=None, next=safe_path(request.args.get("next"))))


@blueprint.post("")
@adds_factor(hotp.KIND)
def enrol_token() -> ResponseReturnValue:
    """Keep the token whose two codes confirm that it holds the key."""
    form = TokenForm()
    given = (form.typed.data or "").strip()
    key = keys.read_key(given) if given else enrolment.offered_key(form)
    if key is None and not given:
        return pages.new_token(form, messages.UNPROCESSABLE, alarm=enrolment.TOO_LATE)
    if not form.validate_on_submit() or key is None:
        return pages.new_token(form, messages.UNPROCESSABLE, alarm="" if key else NO_KEY)
    name = form.name.data or pages.KINDS[hotp.KIND]
    typed = (codes.find(form.code.data or "", 0), codes.find(form.after.data or "", 0))
    with transaction():
        number = hotp.enrol(holder().user_id, key, typed, name, settings(), now())
        arrival = enrolment.enrolled(hotp.KIND, number, name) if number else None
    if arrival is None:
        return pages.new_token(form, messages.UNPROCESSABLE, error=WRONG)
    return enrolment.to_recovery_codes(arrival, form.next.data)
