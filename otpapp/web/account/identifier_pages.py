"""What the pages of my identifiers show."""

from flask import Response, make_response, render_template
from flask_login import current_user
from flask_wtf import FlaskForm

from otpapp.models import Identifier
from otpapp.rules import users
from otpapp.web.account import pages


def every() -> Response:
    """Return the page that lists them."""
    held = users.addresses_of(current_user.signed_in.user_id)
    return pages.page("account/identifiers.html", addresses=held, form=FlaskForm(formdata=None))


def ask_to_remove(one: Identifier, status: int = 200) -> Response:
    """Return the page that asks once more, or says why this one stays."""
    held = users.addresses_of(current_user.signed_in.user_id)
    is_last = all(other.id == one.id or other.verified_at is None for other in held)
    shown = {"one": one, "is_last": is_last, "form": FlaskForm(formdata=None)}
    return make_response(render_template("account/identifier_remove.html", **shown), status)
