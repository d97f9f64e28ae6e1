"""Changing apps on pages, where two admins may do so at once: no change is lost unseen."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from otpapp.extensions import db
from otpapp.models import App
from otpapp.rules.gate import apps, files
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.wanted import host_of


class Outcome(StrEnum):
    """What became of a change; STALE: somebody else's came first, GONE: the app was removed."""

    DONE = "done"
    STALE = "stale"
    GONE = "gone"
    NAME_TAKEN = "name_taken"
    ADDRESS_TAKEN = "address_taken"


@dataclass(frozen=True)
class Step:
    """What importing a plan would do: added, changed, same, or taken by another app at its host."""

    plan: Plan
    done: str


def version(plans: Iterable[Plan]) -> str:
    """Return what tells these plans from any others, for a form to bring back."""
    return hashlib.sha256(files.write(plans).encode()).hexdigest()[:32]


def version_of(app: App) -> str:
    """Return what tells an app as it is now from what others make of it."""
    return version([apps.plan_of(app)])


def add(plan: Plan, by: UUID, now: datetime) -> Outcome:
    """Add an app; one of its name stays as it is."""
    if apps.find(plan.name):
        return Outcome.NAME_TAKEN
    done = apps.put(App(created_at=now), plan, "added", now, by)
    return Outcome.DONE if done else Outcome.ADDRESS_TAKEN


def change(name: str, seen: str, plan: Plan, by: UUID, now: datetime) -> Outcome:
    """Make the app of this name what `plan` says, if it still is as it was `seen`."""
    app = apps.lock(name)
    if app is None:
        return Outcome.GONE
    if version_of(app) != seen:
        return Outcome.STALE
    if plan.name != name and apps.find(plan.name):
        return Outcome.NAME_TAKEN
    if plan == apps.plan_of(app) or apps.put(app, plan, "changed", now, by):
        return Outcome.DONE
    return Outcome.ADDRESS_TAKEN


def steps(plans: Sequence[Plan]) -> list[Step]:
    """Return what importing each plan would do now; changes nothing."""
    others = [apps.plan_of(one) for one in apps.every()]
    names = {plan.name for plan in plans}
    then = [*plans, *(one for one in others if one.name not in names)]
    hosts = [host_of(one.origin) for one in then]
    return [Step(plan, _step(plan, hosts)) for plan in plans]


def seen_by(plans: Sequence[Plan]) -> str:
    """Return what tells an import, and the apps that it would change, from any other."""
    found = [apps.find(plan.name) for plan in plans]
    return version([*plans, *(apps.plan_of(app) for app in found if app)])


def import_all(plans: Sequence[Plan], seen: str, by: UUID, now: datetime) -> Outcome:
    """Add and change all apps as the plans say, or none of them."""
    for plan in plans:
        apps.lock(plan.name)
    if seen_by(plans) != seen:
        return Outcome.STALE
    with db.session.begin_nested() as kept:
        if all(apps.keep_all(plans, now, by).values()):
            return Outcome.DONE
        kept.rollback()
    return Outcome.ADDRESS_TAKEN


def _step(plan: Plan, hosts: list[str]) -> str:
    app = apps.find(plan.name)
    if hosts.count(host_of(plan.origin)) > 1:
        return "taken"
    if app is None:
        return "added"
    return "same" if apps.plan_of(app) == plan else "changed"
