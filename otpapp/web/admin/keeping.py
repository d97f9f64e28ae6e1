"""Changing an app as a form says, or the page that says why not."""

from typing import Any

from flask import Response
from flask_wtf import FlaskForm

from otpapp.rules.gate import apps, changing
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.changing import Outcome
from otpapp.transaction import transaction
from otpapp.web.admin import pages, words
from otpapp.web.current import now, settings


def keep(template: str, typed: FlaskForm, name: str, plan: Plan, **shown: Any) -> Response | None:
    """Make the app of this name what `plan` says; nothing typed is lost where that cannot be.

    `typed` brings back what its page showed of the app: what somebody else changed since is shown
    first.
    """
    faults = apps.faults(plan, settings())
    if faults:
        return pages.form(template, typed, faults, app=pages.app_or_gone(name), **shown)
    with transaction():
        outcome = changing.change(name, typed["seen"].data or "", plan, pages.me(), now())
    if outcome is Outcome.DONE:
        return None
    app = pages.app_or_gone(name)
    if outcome is Outcome.STALE:
        return pages.stale(template, typed, app, **shown)
    return pages.form(template, typed, [words.CHANGED[outcome]], app=app, **shown)
