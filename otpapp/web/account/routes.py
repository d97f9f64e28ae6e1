"""Who I am here."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.rules import groups, users
from otpapp.rules.account import leaving
from otpapp.web.account import pages

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def you() -> ResponseReturnValue:
    """Show whoever is signed in what this site knows them by."""
    signed_in = current_user.signed_in
    return pages.page(
        "account/you.html",
        addresses=users.addresses_of(signed_in.user_id),
        role=signed_in.role,
        groups=groups.of(signed_in.user_id),
        since=users.created_at(signed_in.user_id),
        leaves_at=leaving.when(signed_in.user_id),
    )
