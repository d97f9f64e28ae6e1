"""Reading what the commands of apps have in common."""

from datetime import datetime

import click
from flask import current_app

from otpapp.models import App
from otpapp.rules.gate import apps, reading
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.settings import Settings


def settings() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.extensions["otpapp.settings"]
    return found


def app_of(name: str) -> App:
    """Return the app of this name, or end the command with the names that there are."""
    found = apps.find(name)
    if found is None:
        names = ", ".join(one.name for one in apps.every()) or "none yet"
        shown = name if name.isprintable() else ascii(name)
        raise click.ClickException(f"There is no app {shown}. There are: {names}.")
    return found


def rule_of(path: str, allow: tuple[str, ...], proofs: str, fresh: int | None) -> Rule:
    """Return the rule that the options spell, or end the command."""
    found = reading.rule_of(path, allow, proofs, fresh or 0, settings())
    if isinstance(found, Rule):
        return found
    raise click.ClickException(
        f"{found[0]} names nobody. Say anyone, everyone, group:NAME, or an address."
    )


def check(plan: Plan) -> None:
    """End the command with every reason not to keep this app."""
    found = apps.faults(plan, settings())
    if found:
        raise click.ClickException("; ".join(found) + ".")


def end_of(day: str) -> datetime:
    """Return the end of a day, written as 2026-12-24, in UTC."""
    found = reading.end_of(day)
    if found is None:
        raise click.ClickException(f"{day} is no day; write it as 2026-12-24.")
    return found
