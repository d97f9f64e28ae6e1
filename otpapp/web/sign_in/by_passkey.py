"""Signing in from the entry page with a passkey, which says by itself whose it is."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from otpapp.rules import sign_in
from otpapp.rules.factors import passkey
from otpapp.rules.factors import passkey_options as options
from otpapp.rules.factors.ceremonies import Wish
from otpapp.rules.factors.passkey import Refused
from otpapp.rules.factors.passkey_json import Answer
from otpapp.rules.sign_in import Arrival, Way
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from otpapp.web import cookie, messages, passkeys
from otpapp.web.arrival import land
from otpapp.web.current import now, settings
from otpapp.web.guards import public
from otpapp.web.redirects import safe_path
from otpapp.web.sign_in import pages
from otpapp.web.sign_in.forms import STAY, IdentifierForm
from otpapp.web.sign_in.half_way import half_way
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("sign_in_by_passkey", __name__, url_prefix="/sign-in/passkey")
blueprint.before_request(half_way)


@blueprint.post("/options")
@public
def passkey_options() -> ResponseReturnValue:
    """Tell the script of the entry page what to ask for, whoever looks at it."""
    passkeys.need()
    browser = cookie.browser_secret()
    with transaction():
        asked = options.to_sign_in(browser, current_visitor(), settings(), now())
    return passkeys.options(asked)


@blueprint.post("")
@public
def answer() -> ResponseReturnValue:
    """Sign in whoever the passkey belongs to."""
    if current_user.is_authenticated:
        return redirect(url_for("sign_in.identify"), 303)
    form = IdentifierForm()
    signed = passkeys.read(form.passkey.data)
    judged = signed if isinstance(signed, str) else _judge(signed, form)
    if isinstance(judged, Arrival):
        return land(judged)
    if isinstance(judged, Limited):
        return pages.asked_too_often(form, judged)
    alarm = passkeys.FAULTS[judged.fault] if isinstance(judged, Refused) else judged
    return pages.identify_page(form, messages.UNPROCESSABLE, alarm=alarm)


@blueprint.errorhandler(CSRFError)
def stale_form(_: CSRFError) -> ResponseReturnValue:
    """Show the entry page again: a tab that outlived its cookie asks once more."""
    if current_user.is_authenticated:
        return redirect(url_for("sign_in.identify"), 303)
    return pages.identify_page(IdentifierForm(), messages.BAD, alarm=messages.STALE)


def _judge(answer: Answer, form: IdentifierForm) -> Arrival | Refused | Limited | str:
    """Use the challenge up, verify outside of any lock, then consume."""
    taken = passkeys.take(Wish("sign_in", cookie.browser_secret()), answer)
    if taken is None:
        return passkeys.LATE
    found = passkey.verify(None, answer, taken, settings())
    way = Way(form.stay.data == STAY, safe_path(form.next.data), current_visitor())
    with transaction():
        return sign_in.prove_by_passkey(answer, found, way, settings(), now())
