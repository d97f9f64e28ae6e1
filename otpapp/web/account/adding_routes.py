"""Adding an identifier: it counts once the code that was sent to it is typed here."""

import hashlib
import hmac
import secrets

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.models import Challenge
from otpapp.rules import challenges, codes
from otpapp.rules.account import adding
from otpapp.rules.account.adding import Added
from otpapp.rules.account.refusals import Refused
from otpapp.rules.asks import Ask
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.account import adding_pages as pages
from otpapp.web.account.forms import AddForm, CodeForm
from otpapp.web.current import holder, now, settings, worker
from otpapp.web.guards import with_fresh_proof
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("adding", __name__, url_prefix="/account/identifiers")


@blueprint.get("/new")
@with_fresh_proof
def new() -> ResponseReturnValue:
    """Ask for another address."""
    cookie.browser_secret()
    return pages.new(AddForm(formdata=None, form_id=secrets.token_urlsafe(12)))


@blueprint.post("/new")
@with_fresh_proof
def ask() -> ResponseReturnValue:
    """Have a code sent there; until it comes back, the address counts for nothing."""
    form = AddForm()
    if not form.validate_on_submit():
        return pages.new(form, messages.UNPROCESSABLE)
    with transaction():
        begun = adding.begin(_ask(form), holder().user_id, settings(), now())
    if isinstance(begun, Refused):
        return pages.refused(form, begun)
    if isinstance(begun, Limited):
        return pages.asked_too_often(form, begun)
    worker().ring(begun.challenge.channel)
    cookie.hold_adding(begun.handle)
    return redirect(url_for("adding.enter_code"), 303)


@blueprint.get("/code")
def enter_code() -> ResponseReturnValue:
    """Take the code; showing the page sends nothing."""
    challenge = _asked_here()
    return pages.code(challenge, note=cookie.take_note()) if challenge else pages.none_asked()


@blueprint.post("/code")
def answer() -> ResponseReturnValue:
    """Judge the code, and keep the address."""
    challenge, typed = _asked_here(), CodeForm().code.data or ""
    if challenge is None:
        return pages.none_asked()
    code = codes.find(typed, challenge.digits)
    if len(code) != challenge.digits:
        is_open = challenges.is_open(challenge, settings(), now())
        shape = messages.shape(code, challenge.digits) if is_open else ""
        return pages.code(challenge, messages.UNPROCESSABLE, error=shape, typed=typed)
    with transaction():
        added = adding.prove(
            challenge, code, holder().user_id, current_visitor(), settings(), now()
        )
    return _added(challenge, added, typed)


@blueprint.post("/code/resend")
def resend() -> ResponseReturnValue:
    """Send the same code once more, or a new one when it is nearly over."""
    challenge, typed = _asked_here(), CodeForm().code.data or ""
    if challenge is None:
        return pages.none_asked()
    with transaction():
        sent = adding.send_again(challenge, holder().user_id, current_visitor(), settings(), now())
    if isinstance(sent, Refused):
        return pages.none_asked()
    if isinstance(sent, Limited):
        return pages.limited(challenge, sent, typed)
    worker().ring(challenge.channel)
    if sent.handle:
        cookie.hold_adding(sent.handle)
    cookie.leave_note("new" if sent.handle else "again")
    return redirect(url_for("adding.enter_code"), 303)


def _ask(form: AddForm) -> Ask:
    # Only this browser can derive it, and the same form posted twice derives the same one.
    seed = f"add|{cookie.browser_secret()}|{form.form_id.data}|{form.address.key}"
    handle = hmac.digest(settings().secret_key.encode(), seed.encode(), hashlib.sha256).hex()
    return Ask(form.address, current_visitor(), handle)


def _asked_here() -> Challenge | None:
    """Return the challenge of the address that is being added in this browser, by who is here."""
    handle = cookie.adding()
    found = challenges.find_to_add(handle) if handle else None
    return found if found and found.user_id in (None, holder().user_id) else None


def _added(challenge: Challenge, added: Added | Limited, typed: str) -> ResponseReturnValue:
    if isinstance(added, Limited):
        return pages.limited(challenge, added, typed)
    if added.outcome.verdict is not Verdict.ACCEPTED:
        return pages.wrong(challenge, added.outcome)
    if added.refused:
        return pages.not_added(challenge, added.refused)
    cookie.leave_note("address_added")
    return redirect(url_for("identifiers.every"), 303)
