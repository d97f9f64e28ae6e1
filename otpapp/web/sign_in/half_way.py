"""Where somebody belongs who is on the way to a session."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules import sign_in
from otpapp.rules.sign_in import DONE
from otpapp.web.current import pending_sign_in, settings

LEAVING = ("sign_in.sign_out", "sign_in.delivery")
OF_CODES = ("sign_in.enter_code", "sign_in.answer", "sign_in.resend")


def half_way() -> ResponseReturnValue | None:
    """Lead whoever is on the way to the step that is missing, wherever they look for another."""
    held = None if request.endpoint in LEAVING else pending_sign_in()
    if held is None:
        return None
    step = sign_in.missing(held, settings())
    if step == DONE or (request.endpoint in OF_CODES and "code" in step.factors):
        return None
    return redirect(url_for("prove.go_on"), 303)
