"""One more proof: on the way to a session, or to step one up."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from otpapp.rules import pending, second, sign_in
from otpapp.rules.factors import passkey
from otpapp.rules.factors import passkey_options as options
from otpapp.rules.second import Answered
from otpapp.rules.sign_in import DONE
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from otpapp.web import cookie, messages, passkeys
from otpapp.web.arrival import land
from otpapp.web.current import holder, now, pending_sign_in, settings, worker
from otpapp.web.guards import half_signed_in, public
from otpapp.web.prove import pages, words
from otpapp.web.prove.forms import AnswerForm
from otpapp.web.prove.judging import FACTOR, judge, judge_passkey
from otpapp.web.prove.words import WORDS
from otpapp.web.redirects import safe_path
from otpapp.web.visitor import current_visitor

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
    elif second.is_stepped_up(current_user.signed_in, settings(), now()):
        return redirect(next_path, 303)
    offered = pages.offered()
    return pages.to_factor(offered[0], next_path) if offered else pages.by_code(next_path)


@blueprint.get(f"/<any({', '.join(WORDS)}):factor>")
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
    return _lead_on(factor, form, judge(factor, typed, trust=bool(form.trust.data)))


@blueprint.post("/passkey/options")
@half_signed_in
def passkey_options() -> ResponseReturnValue:
    """Tell the script of the passkey's page what to ask for."""
    if passkey.KIND not in pages.offered():
        return redirect(url_for("prove.go_on"), 303)
    user_id, browser = holder().user_id, cookie.browser_secret()
    with transaction():
        asked = options.to_prove(user_id, browser, current_visitor(), settings(), now())
    return passkeys.options(asked)


@blueprint.post("/passkey")
@half_signed_in
def answer_by_passkey() -> ResponseReturnValue:
    """Judge what a passkey signed, and go on from there."""
    form = AnswerForm()
    if passkey.KIND not in pages.offered():
        return redirect(url_for("prove.go_on", next=safe_path(form.next.data)), 303)
    answer = passkeys.read(form.passkey.data)
    if not isinstance(answer, str):
        judged = judge_passkey(answer, trust=bool(form.trust.data))
        if not isinstance(judged, str):
            return _lead_on(passkey.KIND, form, judged)
        answer = judged
    return pages.factor(passkey.KIND, form, messages.UNPROCESSABLE, error=answer)


@blueprint.get("/code")
@half_signed_in
def ask_for_code() -> ResponseReturnValue:
    """Offer to send a code, where one is a proof that is missing."""
    next_path = safe_path(request.args.get("next"))
    if not pages.may_have_code():
        return redirect(url_for("prove.go_on", next=next_path), 303)
    return pages.by_code(next_path)


@blueprint.post("/code")
@half_signed_in
def send_code() -> ResponseReturnValue:
    """Have that code sent."""
    next_path = safe_path(AnswerForm().next.data)
    if not pages.may_have_code():
        return redirect(url_for("prove.go_on", next=next_path), 303)
    begun = pages.send_code(next_path)
    if isinstance(begun, Limited):
        return pages.by_code(next_path, begun)
    if begun is None:
        return redirect(url_for("prove.go_on"), 303)
    worker().ring(begun.challenge.channel)
    if begun.handle:
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


def _lead_on(
    factor: str, form: AnswerForm, answered: Answered | Limited | None
) -> ResponseReturnValue:
    if isinstance(answered, Limited):
        return pages.limited(factor, form, answered)
    if isinstance(answered, Answered) and answered.verdict is Verdict.LOCKED:
        return _over()
    if answered is None or answered.verdict is Verdict.EXPIRED:
        # Perhaps a second click: the first may have signed this browser in.
        cookie.leave_note("ended_meanwhile")
        return redirect(url_for("sign_in.identify"), 303)
    if answered.arrival is None:
        return pages.refused(factor, form, answered)
    return land(
        answered.arrival, safe_path(form.next.data) if current_user.is_authenticated else ""
    )


def _over() -> ResponseReturnValue:
    cookie.clear()
    cookie.leave_note("too_many")
    return redirect(url_for("sign_in.identify"), 303)
