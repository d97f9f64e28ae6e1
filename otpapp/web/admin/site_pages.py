"""What the page of settings shows: what is configured, what is unsafe, how the site fares."""

from typing import Any

from flask import current_app

from otpapp.delivery.post import CHANNELS
from otpapp.extensions import db
from otpapp.rules import messages as outbox
from otpapp.rules import readiness, vitals
from otpapp.settings.advice import advice
from otpapp.settings.shown import overview
from otpapp.web import messages
from otpapp.web.admin import words
from otpapp.web.current import now, settings, worker


def about() -> dict[str, Any]:
    """Return all that the page shows."""
    environ = current_app.extensions["otpapp.environ"]
    faults = readiness.faults(settings())
    warnings = [] if faults else readiness.warnings(settings())
    return {
        "unsafe": [*faults, *warnings, *advice(settings(), environ)],
        "parts": overview(settings(), environ),
        "database": words.DATABASES[db.engine.dialect.name],
        "revision": "" if faults else readiness.newest_revision(),
        "sender": _sender(),
        "flows": [_flow(one) for one in CHANNELS if one == "email" or settings().offers_sms],
    }


def _sender() -> str:
    if settings().sender == "none":
        return words.SENDER_ELSEWHERE
    return words.SENDER_RUNS if worker().runs else words.SENDER_WAITS


def _flow(channel: str) -> str:
    waiting = vitals.queue(channel, now()).depth
    said = messages.flow(outbox.flow(channel, now()), channel)
    return f"{said} {waiting} wait{'s' * (waiting == 1)}." if waiting else said
