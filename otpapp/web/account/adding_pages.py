"""What the pages of adding an identifier show."""

from flask import Response, make_response, render_template

from otpapp.models import Challenge
from otpapp.rules import challenges
from otpapp.rules.account import adding
from otpapp.rules.account.refusals import Refused
from otpapp.rules.sign_in import Outcome
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.web import messages, sending
from otpapp.web.account.forms import AddForm, CodeForm
from otpapp.web.current import holder, now, settings
from otpapp.web.looks import said, time_element
from otpapp.web.visitor import current_visitor

REFUSED = {
    Refused.YOURS: "You sign in with that one already.",
    Refused.FULL: "There is room for ten. Remove one that you no longer use.",
    Refused.TAKEN: "That address belongs to another sign-in here, or did until lately, so it was "
    "not added.",
}
SPENT = "That code was already used. Look at your addresses, or have a new code sent."


def new(form: AddForm, status: int = 200, *, alarm: str = "") -> Response:
    """Return the page that asks for an address; `alarm` says what stands in the way of any."""
    return _page("account/identifier_new.html", status, form=form, alarm=alarm)


def refused(form: AddForm, why: Refused) -> Response:
    """Return it with what was typed, and why that one is not added."""
    return new(form, messages.UNPROCESSABLE, alarm=REFUSED[why])


def asked_too_often(form: AddForm, why: Limited) -> Response:
    """Return it with what was typed, and when it can be sent."""
    page = new(form, messages.TOO_MANY, alarm=_limit(why))
    page.headers.update(messages.retry_after(why, now()))
    return page


def none_asked() -> Response:
    """Return the page for a browser in which nothing is being added."""
    return _page("account/identifier_none.html", 200)


def not_added(challenge: Challenge, why: Refused) -> Response:
    """Return the page that says why the code was right and the address is not theirs."""
    shown = {"challenge": challenge, "why": REFUSED[why]}
    return _page("account/identifier_taken.html", messages.UNPROCESSABLE, **shown)


def code(
    challenge: Challenge, status: int = 200, *, error: str = "", typed: str = "", note: str = ""
) -> Response:
    """Return the page that takes the code; one that is over offers a new one instead."""
    return _page(
        "account/identifier_code.html",
        status,
        form=CodeForm(formdata=None, code=typed),
        challenge=challenge,
        is_open=challenges.is_open(challenge, settings(), now()),
        error=error,
        note=messages.note(note),
        delivery=sending.delivery(challenge.channel),
        **sending.wait(adding.sending_lane(challenge, holder().user_id, current_visitor())),
    )


def wrong(challenge: Challenge, outcome: Outcome) -> Response:
    """Return it with the reason why an answer was refused."""
    is_spent = outcome.verdict is Verdict.SPENT
    error = SPENT if is_spent else said(messages.verdict(outcome, now(), time_element))
    return code(challenge, messages.UNPROCESSABLE, error=error)


def limited(challenge: Challenge, why: Limited, typed: str) -> Response:
    """Return it with the limit that was reached and when it ends; nothing is lost."""
    page = code(challenge, messages.TOO_MANY, error=sending.limit_words(why), typed=typed)
    page.headers.update(messages.retry_after(why, now()))
    return page


def _limit(why: Limited) -> str:
    return said(messages.asked_elsewhere(why, now(), time_element))


def _page(template: str, status: int, **shown: object) -> Response:
    return make_response(render_template(template, **shown), status)
