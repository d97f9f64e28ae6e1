"""Who I am, once signed in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.rules import users

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show whoever is signed in who they are here, and until when."""
    signed_in = current_user.signed_in
    addresses = users.addresses_of(signed_in.user_id)
    return render_template("home/home.html", signed_in=signed_in, addresses=addresses)
