"""What every request must pass before any view sees it; pages are closed unless said otherwise."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from otpapp.rules import second, sign_in
from otpapp.rules.factors import credentials
from otpapp.web import cookie, unsent
from otpapp.web.current import holder, now, pending_sign_in, settings
from otpapp.web.hosts import known_host
from otpapp.web.origins import comes_from_elsewhere, referring

View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS")  # RFC 9110 section 9.2.1


def public(view: View) -> View:
    """Open a view to people who are not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def half_signed_in(view: View) -> View:
    """Open a view to a sign-in under way too."""
    view.is_on_the_way = True  # type: ignore[attr-defined]
    return view


def changes_factors(view: View) -> View:
    """Open a view to a session with a fresh proof.

    Any other session is led to prove once more, and then back here (X52, ASVS 7.5.1).
    """

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        result: ResponseReturnValue = to_fresh_proof() or view(**values)
        return result

    return guarded  # type: ignore[return-value]


def with_fresh_proof(view: View) -> View:
    """Open a view to a session with a fresh proof; any other is led to prove once more, and back.

    What was typed into a form meanwhile comes back too.
    """

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        away = to_fresh_proof(request.full_path.rstrip("?"))
        if away:
            return unsent.page(unsent.NO_PROOF) or away
        result: ResponseReturnValue = view(**values)
        return result

    return unsent.keeps_typed(guarded)  # type: ignore[return-value]


def adds_factor(kind: str) -> Callable[[View], View]:
    """Open a view to a session with a fresh proof, and to a sign-in that must enrol this factor."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            away = _to_missing_step(kind) if pending_sign_in() else to_fresh_proof()
            result: ResponseReturnValue = away or _to_make_room(kind) or view(**values)
            return result

        return half_signed_in(guarded)  # type: ignore[return-value]

    return guard


def init_app(app: Flask) -> None:
    """Put the guards before every request, the cheapest first."""
    for guard in (small_body, known_host, one_cookie, plain_form, same_site, signed_in):
        app.before_request(guard)


def small_body() -> None:
    """Refuse a body of over 16 KiB, whether or not the view would read it (X38)."""
    most, length = current_app.config["MAX_CONTENT_LENGTH"], request.content_length
    if length is None and request.method not in SAFE:
        # In chunks it has no length, and Werkzeug would cut it off at the limit without a word.
        length = len(request.get_data()) + 1
    if (length or 0) > most:
        abort(413)


def one_cookie() -> None:
    """Refuse two cookies of our name: a sibling host planted one of them (X09)."""
    name = current_app.config["SESSION_COOKIE_NAME"]
    if len(request.cookies.getlist(name)) > 1:
        abort(400, "Your browser sent two of our cookies. Clear the cookies of this site.")


def plain_form() -> None:
    """Refuse what no form of ours sends: JSON, files, a field given twice (X16, X37)."""
    if request.is_json and request.blueprint != "api":
        abort(415, "A form is not sent as JSON.")
    if request.files:
        abort(400, "No form here takes a file.")
    for fields in (request.args, request.form):
        if any(len(values) > 1 for values in _lists(fields)):
            abort(400, "A field was sent twice.")


def same_site() -> None:
    """Refuse what another site made this browser send (X08), sibling hosts included."""
    if request.method in SAFE:
        return
    # Flask-WTF reads the referrer too, and chokes on one that is no address.
    if comes_from_elsewhere() or referring() == "null":
        abort(400, "This form was not sent from this site.")


def signed_in() -> Response | None:
    """Lead whoever is not signed in to the sign-in page, and programs to a 401."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if current_user.is_authenticated:
        return None
    if request.blueprint == "api":
        abort(401)
    if kept := unsent.page(unsent.SIGNED_OUT):
        return kept
    if pending_sign_in():
        if getattr(view, "is_on_the_way", False):
            return None
        return redirect(url_for("prove.go_on"), 303)  # type: ignore[return-value]
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(  # type: ignore[return-value]
        url_for("sign_in.identify", next=None if wanted == "/" else wanted), 303
    )


def to_fresh_proof(back: str = "") -> ResponseReturnValue | None:
    """Lead a session without a fresh proof to one, and then back; None where it has one."""
    if second.is_stepped_up(current_user.signed_in, settings(), now()):
        return None
    return redirect(url_for("prove.go_on", next=back or request.path), 303)


def _to_missing_step(kind: str) -> ResponseReturnValue | None:
    held = pending_sign_in()
    step = sign_in.missing(held, settings()) if held else None
    if step and step.verb == "enrol" and kind in step.factors:
        return None
    return redirect(url_for("prove.go_on"), 303)


def _to_make_room(kind: str) -> ResponseReturnValue | None:
    if not credentials.is_full(holder().user_id, kind, settings()):
        return None
    cookie.leave_note("full")
    return redirect(url_for("security.overview"), 303)


def _lists(fields: MultiDict[str, str]) -> list[list[str]]:
    return [values for _, values in fields.lists()]
