"""What the pages of my identifiers show."""

from flask import Response, make_response, render_template
from flask_login import current_user

from otpapp.models import Identifier
from otpapp.rules import users
from otpapp.web import messages
from otpapp.web.account.forms import PlainForm


def every(note: str) -> Response:
    """Return the page that lists them."""
    held = users.addresses_of(current_user.signed_in.user_id)
    shown = {"note": messages.note(note), "addresses": held, "form": PlainForm(formdata=None)}
    return make_response(render_template("account/identifiers.html", **shown))


def ask_to_remove(one: Identifier, status: int = 200) -> Response:
    """Return the page that asks once more, or says why this one stays."""
    held = users.addresses_of(current_user.signed_in.user_id)
    is_last = all(other.id == one.id or other.verified_at is None for other in held)
    shown = {"one": one, "is_last": is_last, "form": PlainForm(formdata=None)}
    return make_response(render_template("account/identifier_remove.html", **shown), status)
