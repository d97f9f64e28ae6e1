"""The answers that the sign-in views give: which template, with what, under which status."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.models import Challenge
from otpapp.rules import challenges, users
from otpapp.rules.lanes import lane_of
from otpapp.rules.sign_in import Outcome
from otpapp.rules.verdicts import Limited
from otpapp.web import cookie, messages, sending
from otpapp.web.current import now, settings
from otpapp.web.looks import said, time_element
from otpapp.web.sign_in.forms import CodeForm, IdentifierForm
from otpapp.web.visitor import current_visitor


def held_challenge(reference: str) -> Challenge | None:
    """Return this browser's challenge under `reference`; without one, its newest.

    One that waited for a password is none any more where the site takes none since.
    """
    handle = cookie.handle(reference)
    found = challenges.find(handle) if handle else None
    return None if found and found.purpose == "password" and not settings().passwords else found


def is_anothers(challenge: Challenge | None) -> bool:
    """Say whether somebody is signed in who did not ask for this code to step up."""
    if not current_user.is_authenticated:
        return False
    return challenge is None or challenge.user_id != current_user.signed_in.user_id


def waits_for_password(challenge: Challenge) -> bool:
    """Say whether the code of `challenge` is not sent before a password is given."""
    return challenge.purpose == "password"


def identify_page(
    form: IdentifierForm, status: int = 200, *, note: str = "", alarm: str = ""
) -> Response:
    """Return the entry page; `alarm` says what stands in the way though nothing typed is wrong."""
    return _page("sign_in/identify.html", status, form=form, note=note, alarm=alarm)


def asked_too_often(form: IdentifierForm, refused: Limited) -> Response:
    """Return the entry page with what was typed, and when it can be sent."""
    words = said(messages.asked_elsewhere(refused, now(), time_element))
    return _retry_later(identify_page(form, messages.TOO_MANY, alarm=words), refused)


def code_page(
    challenge: Challenge,
    status: int = 200,
    *,
    error: str = "",
    blames_code: bool = False,
    typed: str = "",
    note: str = "",
) -> Response:
    """Return the page that takes the code; one that is over offers a new one instead.

    `error` is what was wrong, with the code where `blames_code`; `typed` is kept in the field;
    `note` names what the page before left to say.
    """
    is_open = challenges.is_open(challenge, settings(), now())
    return _page(
        "sign_in/enter_code.html",
        status,
        form=CodeForm(formdata=None, ref=challenge.reference, code=typed),
        challenge=challenge,
        now=now(),
        is_open=is_open,
        error=error,
        error_is_code=is_open and blames_code,
        note=said(messages.note(note, challenge, time_element)),
        delivery=sending.delivery(challenge.channel),
        **sending.wait(lane_of(challenge, current_visitor())),
    )


def refused(challenge: Challenge, reason: Outcome | str) -> Response:
    """Return the code page that says why an answer was refused."""
    if isinstance(reason, Outcome):
        reason = said(messages.verdict(reason, now(), time_element))
    return code_page(challenge, messages.UNPROCESSABLE, error=reason, blames_code=True)


def limited(challenge: Challenge, reason: Limited, typed: str) -> Response:
    """Return the code page that says which limit was reached and when it ends; nothing is lost."""
    page = code_page(challenge, messages.TOO_MANY, error=sending.limit_words(reason), typed=typed)
    return _retry_later(page, reason)


def to_code_page(challenge: Challenge, note: str) -> ResponseReturnValue:
    """Lead to the page of this challenge, with a word about what happened."""
    if note:
        cookie.leave_note(note)
    page = "sign_in_by_password.ask" if waits_for_password(challenge) else "sign_in.enter_code"
    return redirect(url_for(page, ref=challenge.reference), 303)


def not_asked_here(status: int) -> ResponseReturnValue:
    """Lead a tab that was left behind to the newest code; another browser asks for its own."""
    newest = held_challenge("")
    if newest:
        return to_code_page(newest, note="newer")
    return _page("sign_in/other_browser.html", status)


def signed_in_already(next_path: str) -> Response:
    """Return the page that says who is signed in, with ways to go on or to leave."""
    addresses = users.addresses_of(current_user.signed_in.user_id)
    return _page("sign_in/already.html", 200, addresses=addresses, next_path=next_path)


def _page(template: str, status: int, **shown: object) -> Response:
    return make_response(render_template(template, **shown), status)


def _retry_later(page: Response, limit: Limited) -> Response:
    page.headers.update(messages.retry_after(limit, now()))
    return page
