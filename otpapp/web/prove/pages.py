"""What the pages of proofs show, and what they know of whoever proves."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from otpapp.models import Identifier
from otpapp.rules import challenges, password_first, second, sign_in, users
from otpapp.rules.asks import Ask
from otpapp.rules.factors import passkey
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.second import Answered
from otpapp.rules.sign_in import Begun, Sent
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from otpapp.web import cookie, messages
from otpapp.web.current import now, pending_sign_in, settings
from otpapp.web.looks import address, breakable, time_element
from otpapp.web.prove import words
from otpapp.web.prove.forms import AnswerForm
from otpapp.web.prove.words import WORDS
from otpapp.web.visitor import current_visitor


def offered() -> tuple[str, ...]:
    """Return the factors that whoever is here may prove now, the best first."""
    held = pending_sign_in()
    if held is None:
        return second.may_step_up(current_user.signed_in, settings())
    step = sign_in.missing(held, settings())
    return step.factors if step.verb == "prove" else ()


def may_have_code() -> bool:
    """Say whether a code that is sent is what whoever is here may prove by now."""
    found = offered()
    return "code" in found or (pending_sign_in() is None and not found)


def to_factor(factor: str, next_path: str) -> ResponseReturnValue:
    """Lead to the page of one factor."""
    wanted = next_path if pending_sign_in() is None else None
    if factor == "code":
        return redirect(url_for("prove.ask_for_code", next=wanted), 303)
    return redirect(url_for("prove.ask", factor=factor, next=wanted), 303)


def factor(name: str, form: AnswerForm, status: int = 200, *, error: str = "") -> Response:
    """Return the page that takes the answer to one factor, and the ways to the others."""
    cookie.browser_secret()
    return _page(
        "prove/passkey.html" if name == passkey.KIND else "prove/factor.html",
        status,
        factor=name,
        words=WORDS[name],
        form=form,
        error=error,
        is_step_up=pending_sign_in() is None,
        may_trust=_may_trust(name),
        others=_others(name),
    )


def refused(name: str, form: AnswerForm, answered: Answered) -> Response:
    """Return the page that says why an answer was refused; the field is empty for the next one."""
    form.code.data = form.after.data = ""
    error = words.refused(name, answered, now(), time_element)
    # Our own words and times only.
    return factor(name, form, messages.UNPROCESSABLE, error=Markup(error))  # noqa: S704


def limited(name: str, form: AnswerForm, refused: Limited) -> Response:
    """Return the page that says which limit was reached; nothing is lost."""
    if not WORDS[name].digits:
        form.code.data = ""  # no page holds a password or a recovery code
    page = factor(name, form, messages.TOO_MANY, error=_limited(refused))
    page.headers.update(messages.retry_after(refused, now()))
    return page


def enrol(factors: tuple[str, ...]) -> Response:
    """Return the page that leads whoever needs a second proof through having one."""
    return _page("prove/enrol.html", 200, factors=factors)


def by_code(next_path: str, refused: Limited | None = None) -> Response:
    """Return the page that offers a code to whoever has to prove that way."""
    page = _page(
        "prove/by_code.html",
        messages.TOO_MANY if refused else 200,
        form=AnswerForm(formdata=None, next=next_path),
        to=_destination(),
        is_step_up=pending_sign_in() is None,
        others=_others("code"),
        alarm=_limited(refused) if refused else "",
    )
    if refused:
        page.headers.update(messages.retry_after(refused, now()))
    return page


def send_code(next_path: str) -> Begun | Sent | Limited | None:
    """Have a code sent to whoever is here, on the way or signed in."""
    held = pending_sign_in()
    if held is None:
        return begin_again(next_path)
    with transaction():
        return password_first.send_after(held, current_visitor(), settings(), now())


def begin_again(next_path: str) -> Begun | Limited:
    """Have a code sent to whoever is signed in, as if they signed in anew."""
    own = _own_address()
    ask = Ask(
        # As it is kept: a country that was taken off the list since has its codes as before.
        address=Address(own.channel, own.key, own.address),
        visitor=current_visitor(),
        handle=new_handle(),
        keep=current_user.signed_in.keep,
        next_path=next_path,
        purpose="step_up",
    )
    with transaction():
        return sign_in.begin(ask, reversed(cookie.handles().values()), settings(), now())


def _may_trust(name: str) -> bool:
    held = pending_sign_in()
    return held is not None and name != "recovery" and sign_in.may_trust(held, settings())


def _others(name: str) -> list[tuple[str, str]]:
    return [(one, words.offer(one)) for one in offered() if one != name]


def _destination() -> Markup:
    held = pending_sign_in()
    if held is None:
        return address(_own_address())
    challenge = challenges.get(held.challenge_id or 0)
    return breakable(challenge.destination if challenge else "")


def _own_address() -> Identifier:
    """Return the identifier that this session rests on, else the first that was verified."""
    signed_in = current_user.signed_in
    found = users.addresses_of(signed_in.user_id)
    proved = {one.credential for one in signed_in.proofs}
    return next((one for one in found if str(one.id) in proved), found[0])


def _limited(refused: Limited) -> Markup:
    return Markup(words.limited(refused, now(), time_element))  # noqa: S704 - our own words


def _page(template: str, status: int, **shown: object) -> Response:
    return make_response(render_template(template, **shown), status)
