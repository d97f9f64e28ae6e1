"""What the pages of admins show."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, abort, make_response, render_template
from flask_login import current_user
from flask_wtf import FlaskForm

from otpapp.models import App
from otpapp.rules.gate import answering, apps, changing, guests, keys
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.web import cookie, messages, reasons
from otpapp.web.admin import words
from otpapp.web.current import now, settings

CONFLICT = 409


def app_or_gone(name: str) -> App:
    """Return the app of this name, or end the request."""
    return apps.find(name) or abort(404, words.GONE)


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """Return a page of admins, with what the page before left to be said."""
    note = words.NOTES.get(cookie.take_note(), "")
    waiting = answering.how_many_open()
    return make_response(render_template(template, note=note, waiting=waiting, **shown), status)


def every_app() -> Response:
    """Return the list of apps."""
    return page("admin/apps.html", apps=[apps.plan_of(one) for one in apps.every()])


def one_app(app: App) -> Response:
    """Return all there is to know of an app."""
    mine, programs = guests.of_app(app, now()), keys.of_app(app, now())
    return page("admin/app.html", **_of(app), guests=mine, keys=programs)


def form(
    template: str,
    typed: FlaskForm,
    faults: Iterable[str] = (),
    *,
    app: App | None = None,
    status: int = 0,
    **shown: Any,
) -> Response:
    """Return the page of a form: empty, or as it was typed, with what is wrong with it."""
    found = list(faults)
    status = status or (messages.UNPROCESSABLE if found else 200)
    return page(template, status, form=typed, faults=found, **_of(app), **shown)


def stale(template: str, typed: FlaskForm, app: App, **shown: Any) -> Response:
    """Return a form as it was typed, beside what somebody else made of the app meanwhile."""
    typed["seen"].data = changing.version_of(app)
    fault = words.CHANGED[changing.Outcome.STALE]
    return form(template, typed, [fault], app=app, status=CONFLICT, is_stale=True, **shown)


def _of(app: App | None) -> dict[str, Any]:
    plan = apps.plan_of(app) if app else None
    return {"app": plan, "rules": [in_words(one) for one in plan.rules] if plan else []}


def in_words(rule: Rule) -> dict[str, str]:
    """Return a rule in words."""
    asks = reasons.asks_for(rule, "member", settings())
    return {"path": rule.path, "whom": reasons.whom(rule), "asks": asks}


def me() -> UUID:
    """Return who is here."""
    found: UUID = current_user.signed_in.user_id
    return found


def days_ahead(days: int) -> str:
    """Return a day as date fields write it."""
    return f"{now() + timedelta(days=days):%Y-%m-%d}"


def rule_or_gone(plan: Plan, path: str) -> Rule:
    """Return the rule of an app at `path`, or end the request."""
    found = next((one for one in plan.rules if one.path == path), None)
    return found or abort(404, words.GONE_RULE)
