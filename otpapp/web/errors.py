"""Every error as a page in our look, or as JSON for programs."""

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

RETRY_AFTER = 5  # seconds
UNAUTHORIZED = 401
API_PATHS = ("/api/", "/verify/")
TEXTS = {
    400: ("That did not work", "What your browser sent could not be understood. Start again."),
    401: ("Please sign in", "This needs someone who is signed in."),
    403: ("Not allowed", "You may not open this page."),
    404: ("Page not found", "There is no page at this address. Check the spelling."),
    405: ("That did not work", "This address cannot be used that way. Start again."),
    413: ("Too much at once", "What your browser sent is too large. Send less."),
    422: ("Please check what you typed", "Something in the form is not right. Go back and check."),
    429: ("Too many requests", "That was too often. Wait a little, then try again."),
    500: ("Something broke", "The fault is ours. Nothing was lost; try again in a minute."),
    503: (
        "Just a moment",
        "The server cannot answer right now. Nothing is lost: try again in a few seconds.",
    ),
}
# What a database says that is gone, locked or full; InternalError is PostgreSQL's "read-only".
DATABASE_FAULTS = (OperationalError, InterfaceError, InternalError)
SECRETS = {"password": "Your password", "typed": "The key of your token"}  # by name of the field
SECRET_ANSWERS = {"password": "Your password", "recovery": "Your recovery code"}  # by factor
log = logging.getLogger("otpapp.web")


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(HTTPException, _http)
    for kind in DATABASE_FAULTS:
        app.register_error_handler(kind, _busy)
    app.register_error_handler(Exception, _broken)


def wants_json() -> bool:
    """Say whether the asker is a program."""
    return request.path.startswith(API_PATHS)


def _http(error: HTTPException) -> ResponseReturnValue:
    own_words = error.description if error.description != type(error).description else None
    found = answer(error.code or 500, own_words if (error.code or 500) < 500 else None)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            found.headers[name] = value
    if error.code == UNAUTHORIZED:
        found.headers["WWW-Authenticate"] = 'Bearer realm="otpapp"'  # RFC 6750 section 3
    return found


def _busy(error: DBAPIError) -> ResponseReturnValue:
    log.error("the database did not answer: %s", error.orig)
    return _http(ServiceUnavailable(retry_after=RETRY_AFTER))


def _broken(error: Exception) -> ResponseReturnValue:
    log.exception("a fault in %s", request.endpoint, exc_info=error)
    return _http(InternalServerError())


def answer(status: int, words: str | None) -> Response:
    """Return a page, or JSON for a program, that says what went wrong."""
    title, usual = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    words = words or usual
    if wants_json():
        found = jsonify(error=title, message=words, status=status)
    else:
        shown = {"title": title, "words": words, "status": status}
        more = again() if status == ServiceUnavailable.code else {}
        found = make_response(render_template("errors/error.html", **shown, **more))
    found.status_code = status
    return found


def again() -> dict[str, Any]:
    """Return what sends the failed request once more, with all that was typed but secrets.

    Its CSRF token is the one that came with it, so that what another site had sent stays refused.
    What stays secret is typed once more: a page that shows it could be kept by the browser.
    """
    if request.endpoint is None or request.method not in ("GET", "POST"):
        return {}
    factor = (request.view_args or {}).get("factor", "")
    secrets = SECRETS | ({"code": SECRET_ANSWERS[factor]} if factor in SECRET_ANSWERS else {})
    typed = {name: label for name, label in secrets.items() if request.form.get(name)}
    where = url_for(request.endpoint, **(request.view_args or {}))
    query = request.query_string.decode("ascii", "replace")
    return {
        "again": f"{where}?{query}" if query else where,
        "is_form": request.method == "POST",
        "fields": {name: text for name, text in request.form.items() if name not in typed},
        "secrets": typed,
    }
