"""Who I am, once signed in, and what I may open."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.rules import holdings, users
from otpapp.rules.account import leaving
from otpapp.rules.factors import recovery_codes
from otpapp.rules.gate import people
from otpapp.web.current import now, settings

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show whoever is signed in who they are here, until when, and what is open to them."""
    signed_in = current_user.signed_in
    given = signed_in.proofs
    return render_template(
        "home/home.html",
        signed_in=signed_in,
        addresses=users.addresses_of(signed_in.user_id),
        openings=people.openings(signed_in.user_id, given, settings(), now()),
        codes_left=_few_codes(signed_in.user_id),
        leaves_at=leaving.when(signed_in.user_id),
    )


def _few_codes(user_id: UUID) -> int | None:
    """Return how many recovery codes are left, where somebody should be told that these are few."""
    left = recovery_codes.left(user_id)
    if left > recovery_codes.FEW or not holdings.has_factor(user_id, settings()):
        return None
    return left
