"""What the account pages show."""

from flask import Response, make_response, render_template
from flask_login import current_user
from flask_wtf import FlaskForm

from otpapp.rules import elsewhere, known_browsers
from otpapp.rules.account import browsers
from otpapp.web import cookie
from otpapp.web.account import words
from otpapp.web.current import now
from otpapp.web.visitor import current_visitor

MOST_SHOWN = 50  # sessions or browsers; whoever has more can end or forget all at once


def page(template: str, **shown: object) -> Response:
    """Return a page, with what the one before left to be said."""
    note = words.NOTES.get(cookie.take_note(), "")
    return make_response(render_template(template, note=note, **shown))


def sessions() -> Response:
    """Return the page of sessions and known browsers."""
    signed_in = current_user.signed_in
    others = elsewhere.sessions(signed_in, now())
    known = browsers.of(signed_in.user_id)
    shown = (elsewhere.this(signed_in), *others[:MOST_SHOWN])
    return page(
        "account/sessions.html",
        sessions=shown,
        name_of=words.name_of,
        hidden=len(others) + 1 - len(shown),
        opened=elsewhere.opened(one.id for one in shown),
        browsers=known[:MOST_SHOWN],
        hidden_browsers=len(known[MOST_SHOWN:]),
        trusted={one.id for one in known_browsers.trusted(signed_in.user_id, now())},
        here=known_browsers.number_of(current_visitor(), signed_in.user_id),
    )


def ask_to_end() -> Response:
    """Return the page that asks once more before all other sessions end."""
    others = elsewhere.sessions(current_user.signed_in, now())
    return page("account/elsewhere.html", elsewhere=others, form=FlaskForm(formdata=None))
