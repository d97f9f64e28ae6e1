"""One more proof: on the way to a session, or to step one up."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from otpapp.rules import pending, second, sign_in
from otpapp.rules.factors import hotp, recovery_codes, totp
from otpapp.rules.second import Answered
from otpapp.rules.sign_in import DONE
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.arrival import land
from otpapp.web.current import holder, now, pending_sign_in, settings, worker
from otpapp.web.guards import half_signed_in, public
from otpapp.web.prove import pages, words
from otpapp.web.prove.forms import AnswerForm
from otpapp.web.redirects import safe_path
from otpapp.web.visitor import current_visitor

VERIFY = {"totp": totp.verify, "hotp": hotp.verify, "recovery": recovery_codes.verify}
FACTOR = f"<any({', '.join(VERIFY)}):factor>"
blueprint = Blueprint("prove", __name__, url_prefix="/prove")


@blueprint.get("")
@half_signed_in
def go_on() -> ResponseReturnValue:
    """Lead to the proof that is missing."""
    next_path, held = safe_path(request.args.get("next")), pending_sign_in()
    if held:
        step = sign_in.missing(held, settings())
        if step == DONE:
            # What was missing is demanded no more: the next code is enough.
            return redirect(url_for("sign_in.identify"), 303)
        if step.verb == "enrol":
            return pages.enrol(step.factors)
    elif second.is_stepped_up(current_user.signed_in, now()):
        return redirect(next_path, 303)
    offered = pages.offered()
    return pages.to_factor(offered[0], next_path) if offered else pages.by_code(next_path)


@blueprint.get(f"/{FACTOR}")
@half_signed_in
def ask(factor: str) -> ResponseReturnValue:
    """Show the page that takes the answer to one factor."""
    next_path = safe_path(request.args.get("next"))
    if factor not in pages.offered():
        return redirect(url_for("prove.go_on", next=next_path), 303)
    return pages.factor(factor, AnswerForm(formdata=None, next=next_path))


@blueprint.post(f"/{FACTOR}")
@half_signed_in
def answer(factor: str) -> ResponseReturnValue:
    """Judge the answer, and go on from there."""
    form = AnswerForm()
    if factor not in pages.offered():
        return redirect(url_for("prove.go_on", next=safe_path(form.next.data)), 303)
    typed = words.read(factor, form.code.data or "", form.after.data or "")
    fault = words.shape(factor, typed)
    if fault:
        return pages.factor(factor, form, messages.UNPROCESSABLE, error=fault)
    answered = _judge(factor, typed, trust=bool(form.trust.data))
    if isinstance(answered, Limited):
        return pages.limited(factor, form, answered)
    if answered is None or answered.verdict in (Verdict.LOCKED, Verdict.EXPIRED):
        return _over()
    if answered.arrival is None:
        return pages.refused(factor, form, answered)
    return land(
        answered.arrival, safe_path(form.next.data) if current_user.is_authenticated else ""
    )


@blueprint.post("/code")
def send_code() -> ResponseReturnValue:
    """Have a code sent to whoever is signed in and has nothing else to prove."""
    next_path = safe_path(AnswerForm().next.data)
    begun = pages.begin_again(next_path)
    if isinstance(begun, Limited):
        return pages.by_code(next_path, begun)
    worker().ring(begun.challenge.channel)
    cookie.remember_challenge(begun.challenge.reference, begun.handle)
    return redirect(url_for("sign_in.enter_code", ref=begun.challenge.reference), 303)


@blueprint.post("/cancel")
@public
def cancel() -> ResponseReturnValue:
    """Give the sign-in up, to start again."""
    held = pending_sign_in()
    if held is None:
        return redirect(url_for("sign_in.identify"), 303)
    with transaction():
        pending.end(held, now())
    cookie.clear()
    return redirect(url_for("sign_in.identify"), 303)


@blueprint.errorhandler(CSRFError)
def stale_form(_: CSRFError) -> ResponseReturnValue:
    """Lead a tab that outlived its cookie to the step that is missing now."""
    return redirect(url_for("prove.go_on"), 303)


def _judge(factor: str, typed: str, *, trust: bool) -> Answered | Limited | None:
    """Charge, compare outside of any lock, then consume."""
    who, visitor = holder(), current_visitor()
    with transaction():
        charged = second.charge(who, factor, visitor, settings(), now())
    if charged is None or isinstance(charged, Limited):
        return charged
    match = VERIFY[factor](who.user_id, typed, settings(), now())
    with transaction():
        return second.settle(who, charged, match, visitor, settings(), now(), trust=trust)


def _over() -> ResponseReturnValue:
    cookie.clear()
    cookie.leave_note("too_many")
    return redirect(url_for("sign_in.identify"), 303)
