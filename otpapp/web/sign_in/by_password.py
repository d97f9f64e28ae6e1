"""The password before the code: the same page for everybody, whoever they are (X12)."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from otpapp.models import Challenge
from otpapp.rules import challenges, password_first, pending
from otpapp.rules.factors import password
from otpapp.rules.second import Answered
from otpapp.rules.sign_in import Arrival, Sent
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from otpapp.web import cookie, messages, sending
from otpapp.web.arrival import land
from otpapp.web.current import now, settings, worker
from otpapp.web.guards import public
from otpapp.web.looks import said, time_element
from otpapp.web.sign_in import pages
from otpapp.web.sign_in.forms import PasswordForm
from otpapp.web.sign_in.half_way import half_way
from otpapp.web.visitor import current_visitor

WRONG = "That password is not right."
blueprint = Blueprint("sign_in_by_password", __name__, url_prefix="/sign-in/password")
blueprint.before_request(half_way)


@blueprint.before_request
def signed_in_already() -> ResponseReturnValue | None:
    """Lead whoever is signed in to the page that says so."""
    is_in = current_user.is_authenticated
    return redirect(url_for("sign_in.identify"), 303) if is_in else None


@blueprint.get("")
@public
def ask() -> ResponseReturnValue:
    """Ask for the password of whoever wants to sign in."""
    challenge = _challenge(request.args.get("ref", ""))
    return _page(challenge) if challenge else _gone(request.args.get("ref", ""), 200)


@blueprint.post("")
@public
def answer() -> ResponseReturnValue:
    """Judge the password, and go on with the code."""
    form = PasswordForm()
    challenge = _challenge(form.ref.data or "")
    if challenge is None:
        return _gone(form.ref.data or "", messages.UNPROCESSABLE)
    typed = form.password.data or ""
    if not typed:
        return _page(challenge, messages.UNPROCESSABLE, error="Enter your password")
    answered = _judge(challenge, typed)
    if isinstance(answered, Limited):
        page = _page(challenge, messages.TOO_MANY, error=sending.limit_words(answered))
        page.headers.update(messages.retry_after(answered, now()))
        return page
    if answered is None or answered.verdict is Verdict.LOCKED:
        cookie.leave_note("too_many")
        return redirect(url_for("sign_in.identify"), 303)
    if answered.arrival is None:
        return _page(challenge, messages.UNPROCESSABLE, error=_words(answered))
    led = land(answered.arrival)
    return _send_code(answered.arrival.pending) if _needs_code(answered.arrival) else led


@blueprint.post("/none")
@public
def without() -> ResponseReturnValue:
    """Go on with a code alone, for whoever has no password."""
    reference = PasswordForm().ref.data or ""
    with transaction():
        challenge = _challenge(reference)
        sent = (
            password_first.send_without(challenge, current_visitor(), settings(), now())
            if challenge
            else None
        )
    if sent is None:
        return _gone(reference, messages.UNPROCESSABLE)
    worker().ring(sent.challenge.channel)
    cookie.forget_challenge(reference)
    cookie.remember_challenge(sent.challenge.reference, sent.handle)
    return pages.to_code_page(sent.challenge, note="")


@blueprint.errorhandler(CSRFError)
def stale_form(_: CSRFError) -> ResponseReturnValue:
    """Show the page again: a tab that outlived its cookie loses nothing but the password."""
    challenge = _challenge(request.form.get("ref", ""))
    if challenge is None:
        return _gone(request.form.get("ref", ""), messages.BAD)
    return _page(challenge, messages.BAD, error=messages.STALE)


def _judge(challenge: Challenge, typed: str) -> Answered | Limited | None:
    """Charge, compare outside of any lock, then begin the sign-in."""
    visitor = current_visitor()
    with transaction():
        charged = password_first.charge(challenge, visitor, settings(), now())
    if charged is None or isinstance(charged, Limited):
        return charged
    whose = challenge.user_id or password.NOBODY
    match = password.verify(whose, typed, settings(), now())
    with transaction():
        return password_first.settle(challenge, charged, match, visitor, settings(), now())


def _needs_code(arrival: Arrival) -> bool:
    return arrival.step.factors[:1] == ("code",)


def _send_code(token: str) -> ResponseReturnValue:
    """Have the code sent that is missing after the password, and lead to its page."""
    with transaction():
        held = pending.resume(token, now())
        sent = (
            password_first.send_after(held, current_visitor(), settings(), now()) if held else None
        )
    if not isinstance(sent, Sent):
        return redirect(url_for("prove.go_on"), 303)
    worker().ring(sent.challenge.channel)
    cookie.remember_challenge(sent.challenge.reference, sent.handle)
    return pages.to_code_page(sent.challenge, note="")


def _challenge(reference: str) -> Challenge | None:
    """Return this browser's challenge that waits for a password."""
    found = pages.held_challenge(reference)
    is_open = found and challenges.is_open(found, settings(), now())
    return found if found and is_open and found.purpose == "password" else None


def _gone(reference: str, status: int) -> ResponseReturnValue:
    """Lead a page that was open for too long to a new start, with the address filled in."""
    over = pages.held_challenge(reference)
    if over is None or over.purpose != "password":
        return pages.not_asked_here(status)
    cookie.leave_note("too_late")
    return redirect(url_for("sign_in.identify", ref=over.reference), 303)


def _words(answered: Answered) -> str:
    left, more = answered.tries_left, answered.guesses_left
    if more and more.waiting:
        return f"{WRONG} {messages.limited(more.waiting, now(), time_element)}"
    if left <= messages.FEW_TRIES:
        return f"{WRONG} {left} {'try' if left == 1 else 'tries'} left."
    return WRONG


def _page(challenge: Challenge, status: int = 200, *, error: str = "") -> Response:
    form = PasswordForm(formdata=None, ref=challenge.reference)
    shown = {"form": form, "challenge": challenge, "error": said(error)}
    return make_response(render_template("sign_in/password.html", **shown), status)
