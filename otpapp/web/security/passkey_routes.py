"""Adding a passkey: a script has the browser make one."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from otpapp.rules.factors import passkey
from otpapp.rules.factors import passkey_options as options
from otpapp.rules.factors.ceremonies import Wish
from otpapp.rules.sign_in import Arrival
from otpapp.transaction import transaction
from otpapp.web import cookie, messages, passkeys
from otpapp.web.current import holder, now, settings
from otpapp.web.guards import adds_factor
from otpapp.web.redirects import safe_path
from otpapp.web.security import enrolment, pages
from otpapp.web.security.forms import PasskeyForm
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("passkey", __name__, url_prefix="/account/security/passkey")


@blueprint.get("")
@adds_factor(passkey.KIND)
def new_passkey() -> ResponseReturnValue:
    """Show the page whose script has a passkey made."""
    passkeys.need()
    return pages.new_passkey(PasskeyForm(formdata=None, next=safe_path(request.args.get("next"))))


@blueprint.post("/options")
@adds_factor(passkey.KIND)
def passkey_options() -> ResponseReturnValue:
    """Tell that script what kind of passkey to make."""
    passkeys.need()
    user_id, browser = holder().user_id, cookie.browser_secret()
    with transaction():
        asked = options.to_enrol(user_id, browser, current_visitor(), settings(), now())
    return passkeys.options(asked)


@blueprint.post("")
@adds_factor(passkey.KIND)
def enrol_passkey() -> ResponseReturnValue:
    """Keep the passkey that was made."""
    passkeys.need()
    form = PasskeyForm()
    if not form.validate_on_submit():
        return pages.new_passkey(form, messages.UNPROCESSABLE)
    kept = _keep(form)
    if isinstance(kept, str):
        return pages.new_passkey(form, messages.UNPROCESSABLE, alarm=kept)
    return enrolment.to_recovery_codes(kept, form.next.data)


def _keep(form: PasskeyForm) -> Arrival | str:
    """Keep the passkey, which is a proof at once; else return what is wrong with it."""
    user_id = holder().user_id
    name = form.name.data or f"Passkey from {current_visitor().browser}"
    answer = passkeys.read(form.passkey.data)
    if isinstance(answer, str):
        return answer
    taken = passkeys.take(Wish("enrol", cookie.browser_secret(), user_id), answer)
    if taken is None:
        return passkeys.LATE
    with transaction():
        kept = passkey.enrol(user_id, answer, taken, name, settings(), now())
        if isinstance(kept, passkey.Refused):
            return passkeys.FAULTS[kept.fault]
        return enrolment.enrolled(passkey.KIND, kept, name)
