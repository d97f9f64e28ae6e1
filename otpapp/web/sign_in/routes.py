"""The sign-in pages. Only a POST sends anything; every success ends in a 303."""

import hashlib
import hmac
import secrets

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from otpapp.models import Challenge
from otpapp.rules import challenges, codes, pending, sessions, sign_in
from otpapp.rules.asks import Ask
from otpapp.rules.sign_in import Outcome
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from otpapp.web import cookie, messages, sending
from otpapp.web.arrival import land
from otpapp.web.current import now, pending_sign_in, settings, worker
from otpapp.web.guards import public
from otpapp.web.redirects import HOME, safe_path
from otpapp.web.sign_in import pages
from otpapp.web.sign_in.forms import ONCE, STAY, CodeForm, IdentifierForm
from otpapp.web.sign_in.half_way import half_way
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("sign_in", __name__)
blueprint.before_request(half_way)


@blueprint.get("/sign-in")
@public
def identify() -> ResponseReturnValue:
    """Show the entry page, filled in for who changes the address or accepted an invitation."""
    if current_user.is_authenticated:
        return pages.signed_in_already(safe_path(request.args.get("next")))
    reference = request.args.get("ref")
    before = pages.held_challenge(reference) if reference else None
    cookie.browser_secret()
    form = IdentifierForm(
        identifier=before.destination if before else cookie.take_note(cookie.ADDRESS),
        stay=STAY if before and before.keep else ONCE,
        next=before.next_path if before else safe_path(request.args.get("next")),
        form_id=secrets.token_urlsafe(12),
    )
    return pages.identify_page(form, note=messages.note(cookie.take_note()))


@blueprint.post("/sign-in")
@public
def ask_for_code() -> ResponseReturnValue:
    """Have a code sent and lead to the page that takes it."""
    if current_user.is_authenticated:
        return redirect(url_for("sign_in.identify"), 303)
    form = IdentifierForm()
    if not form.validate_on_submit():
        return pages.identify_page(form, messages.UNPROCESSABLE)
    with transaction():
        begun = sign_in.begin(_ask(form), reversed(cookie.handles().values()), settings(), now())
    if isinstance(begun, Limited):
        return pages.asked_too_often(form, begun)
    worker().ring(begun.challenge.channel)
    cookie.remember_challenge(begun.challenge.reference, begun.handle)
    return pages.to_code_page(begun.challenge, note="" if begun.is_new else "already")


@blueprint.get("/sign-in/code")
@public
def enter_code() -> ResponseReturnValue:
    """Show the page that takes the code; showing it sends nothing."""
    challenge = pages.held_challenge(request.args.get("ref", ""))
    if pages.is_anothers(challenge):
        return pages.signed_in_already(HOME)
    if challenge is None:
        return pages.not_asked_here(200)
    if pages.waits_for_password(challenge):
        return pages.to_code_page(challenge, note="")
    return pages.code_page(challenge, note=cookie.take_note())


@blueprint.get("/sign-in/code/delivery/<any(email, sms):channel>")
@public
def delivery(channel: str) -> ResponseReturnValue:
    """Tell an open code page how messages leave this site, whoever looks."""
    return sending.delivery(channel)


@blueprint.post("/sign-in/code")
@public
def answer() -> ResponseReturnValue:
    """Judge the code and sign in."""
    form = CodeForm()
    typed, visitor = form.code.data or "", current_visitor()
    if pages.is_anothers(pages.held_challenge(form.ref.data or "")):
        return redirect(url_for("sign_in.identify"), 303)
    with transaction():
        challenge = pages.held_challenge(form.ref.data or "")
        outcome = _judge(challenge, typed, visitor) if challenge else None
    if challenge is None or outcome is None:
        return pages.not_asked_here(messages.UNPROCESSABLE)
    if isinstance(outcome, Limited):
        return pages.limited(challenge, outcome, typed)
    if isinstance(outcome, str) or outcome.verdict is not Verdict.ACCEPTED:
        return pages.refused(challenge, outcome)
    assert outcome.arrival  # noqa: S101 - an accepted answer leads somewhere
    return land(outcome.arrival)


@blueprint.post("/sign-in/code/resend")
@public
def resend() -> ResponseReturnValue:
    """Send the same code once more, or a new one when it is nearly over."""
    form = CodeForm()
    reference = form.ref.data or ""
    if pages.is_anothers(pages.held_challenge(reference)):
        return redirect(url_for("sign_in.identify"), 303)
    with transaction():
        challenge = pages.held_challenge(reference)
        if challenge:
            sent = sign_in.send_again(challenge, current_visitor(), settings(), now())
    if challenge is None:
        return pages.not_asked_here(messages.UNPROCESSABLE)
    if isinstance(sent, Limited):
        return pages.limited(challenge, sent, form.code.data or "")
    worker().ring(challenge.channel)
    if sent.handle:
        cookie.forget_challenge(reference)
        cookie.remember_challenge(sent.challenge.reference, sent.handle)
    return pages.to_code_page(sent.challenge, note="new" if sent.handle else "again")


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session, here and on the server."""
    token, held = cookie.token(), pending_sign_in()
    if token or held:
        with transaction():
            if token:
                sessions.end(token, "page", current_visitor(), now())
            if held:
                pending.end(held, now())
    cookie.clear()
    cookie.leave_note("signed_out")
    answer = redirect(url_for("sign_in.identify"), 303)
    # X34: not "cookies", which would empty those of every app of this domain.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.errorhandler(CSRFError)
def stale_form(_: CSRFError) -> ResponseReturnValue:
    """Show the page again with what was typed: a tab that outlived its cookie loses nothing."""
    if current_user.is_authenticated or request.endpoint == "sign_in.sign_out":
        return redirect(url_for("sign_in.identify"), 303)
    if request.endpoint == "sign_in.ask_for_code":
        form = IdentifierForm()
        form.form_id.data = secrets.token_urlsafe(12)
        return pages.identify_page(form, messages.BAD, alarm=messages.STALE)
    challenge = pages.held_challenge(request.form.get("ref", ""))
    if challenge is None:
        return pages.not_asked_here(messages.BAD)
    typed = request.form.get("code", "")
    return pages.code_page(challenge, messages.BAD, error=messages.STALE, typed=typed)


def _ask(form: IdentifierForm) -> Ask:
    # Only this browser can derive it, and the same form posted twice derives the same one.
    seed = f"{cookie.browser_secret()}|{form.form_id.data}|{form.address.key}"
    return Ask(
        address=form.address,
        visitor=current_visitor(),
        handle=hmac.digest(settings().secret_key.encode(), seed.encode(), hashlib.sha256).hex(),
        keep=form.stay.data == STAY,
        next_path=safe_path(form.next.data),
    )


def _judge(challenge: Challenge, typed: str, visitor: Visitor) -> Outcome | Limited | str:
    """Return what became of `typed`, or, free of charge, why it cannot be a code."""
    code = codes.find(typed, challenge.digits)
    if len(code) != challenge.digits:
        # Of a challenge that is over the page itself says so: no code would be right there.
        is_open = challenges.is_open(challenge, settings(), now())
        return messages.shape(code, challenge.digits) if is_open else ""
    held = pending_sign_in()
    outcome = sign_in.prove(challenge, code, visitor, settings(), now(), held)
    if isinstance(outcome, Outcome) and outcome.arrival and current_user.is_authenticated:
        # Whoever stepped up by a code has a new session; the one before is over (ASVS 7.2.4).
        sessions.end(cookie.token(), "page", visitor, now())
    return outcome
