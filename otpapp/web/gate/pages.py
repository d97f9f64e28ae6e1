"""The pages of the gate: which template, with what, under which status."""

from flask import Response, jsonify, make_response, redirect, render_template, request
from werkzeug import Response as Answer

from otpapp.models import App
from otpapp.rules.gate import requests
from otpapp.rules.gate.deciding import Decision, Somebody
from otpapp.rules.gate.wanted import Wanted
from otpapp.rules.sign_in import Step
from otpapp.web import messages
from otpapp.web.current import settings
from otpapp.web.gate import words

FORBIDDEN, UNAVAILABLE, LOOP = 403, 503, 508  # the last by RFC 5842 section 7.2


def refused(app: App, wanted: Wanted, decision: Decision, who: Somebody | None) -> Response:
    """Return who is signed in, why this is not for them, and how to ask for it."""
    why = words.why_not(app, decision.rule)
    if "text/html" not in request.headers.get("Accept", ""):
        return make_response(jsonify(error="refused", message=why, status=FORBIDDEN), FORBIDDEN)
    can_ask = requests.can_be_made(decision, who)
    shown = {"app": app, "wanted": wanted, "why": why, "who": who, "can_ask": can_ask}
    return _page("gate/refused.html", FORBIDDEN, **shown)


def asks_for_more(app: App, wanted: Wanted, step: Step, asked: str) -> Response:
    """Return what has to be set up before an app that asks for more can be opened."""
    return _page("gate/more.html", FORBIDDEN, app=app, wanted=wanted, step=step, asked=asked)


def over(app: App, way: str) -> Answer:
    """Lead over to an app.

    Where a form of ours led here, by a page: browsers hold redirects of a form to the addresses
    that our pages may send forms to (CSP Level 3, form-action), and apps are none of them.
    """
    referer = request.headers.get("Referer", "")
    by_form = "same-origin" if referer.startswith(settings().public_url + "/") else "none"
    if request.headers.get("Sec-Fetch-Site", by_form) == "same-origin":
        return _page("gate/over.html", 200, app=app, way=way)
    return redirect(way, 303)


def form_lost(app: App, back: Wanted, way: str) -> Response:
    """Return that what was sent did not arrive, with the way on."""
    return _page("gate/form_lost.html", 200, app=app, back=back, way=way)


def leads_elsewhere(app: App | None) -> Response:
    """Return that a link leads to no app of ours (X23)."""
    return _said("elsewhere", app)


def no_way_over(app: App, *, has_cookie: bool) -> Response:
    """Return why a ticket did not open anything."""
    return _said("used" if has_cookie else "no_cookie", app)


def two_cookies(app: App) -> Response:
    """Return that a browser sends two cookies where one is meant, which only its user can end."""
    return _said("two_cookies", app)


def goes_round(app: App) -> Response:
    """Return that the web server of an app asks us the wrong way, before that becomes a loop."""
    return _said("round", app, LOOP)


def nothing(app: App) -> Response:
    """Return that nginx itself refuses what the gate let through, as a folder without a page."""
    return _said("nothing", app, FORBIDDEN)


def try_again(app: App, wanted: Wanted | None) -> Response:
    """Return that the gate could not tell, and can now."""
    return _said("again", app, UNAVAILABLE, way=wanted.url if wanted else "")


def _said(name: str, app: App | None, status: int = messages.BAD, way: str = "") -> Response:
    title, sentence = words.SAID[name]
    return _page(
        "gate/said.html",
        status,
        app=app,
        title=title,
        words=sentence,
        way=way or (app and app.origin + "/"),
    )


def _page(template: str, status: int, **shown: object) -> Response:
    return make_response(render_template(template, **shown), status)
