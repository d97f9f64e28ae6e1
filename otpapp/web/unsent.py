"""A form that cannot be taken as things are: a page that sends it again, so that nothing is lost.

For forms that hold more than is typed in a moment, and never for secrets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf

from otpapp.web import errors
from otpapp.web.current import pending_sign_in
from otpapp.web.origins import comes_from_here

View = TypeVar("View", bound=Callable[..., Any])
FORBIDDEN = 403
COOKIES = (
    "This page was open in another state of your browser, or your browser does not keep our "
    "cookie. Allow cookies for this site and start again."
)


@dataclass(frozen=True)
class Reason:
    """Why it cannot be taken, and what to do first; nothing where it only was too long ago."""

    said: str
    first: str = ""


SIGNED_OUT = Reason("You are signed out by now.", "Sign in, in a new tab")
NO_PROOF = Reason("This needs a fresh proof that it is you.", "Show it, in a new tab")
STALE = Reason("You signed in anew since this page was opened, or it stood open for too long.")


def init_app(app: Flask) -> None:
    """Register what answers a form whose token does not count."""
    app.register_error_handler(CSRFError, _forged)


def keeps_typed(view: View) -> View:
    """Have a form of this view come back where it cannot be taken, with all that was typed."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def page(reason: Reason) -> Response | None:
    """Return the page that sends the form of this request again; None where it is not for that.

    X08: only what this browser says was sent from here, for one click sends it with a good token.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "keeps_typed", False) or request.method != "POST" or not comes_from_here():
        return None
    shown = errors.again()
    shown["fields"] = {**shown["fields"], "csrf_token": generate_csrf()}
    way = url_for("prove.go_on" if _is_known() else "sign_in.identify")
    return make_response(
        render_template("errors/unsent.html", reason=reason, way=way, **shown), FORBIDDEN
    )


def _forged(_: CSRFError) -> ResponseReturnValue:
    reason = STALE if current_user.is_authenticated else SIGNED_OUT
    return page(reason) or errors.answer(400, COOKIES)


def _is_known() -> bool:
    return bool(current_user.is_authenticated or pending_sign_in())
