"""The apps behind the gate: added, changed, found, removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from otpapp.extensions import db
from otpapp.models import App, AppSession, Ticket
from otpapp.rules import events
from otpapp.rules.gate import guests, rules
from otpapp.rules.gate.rules import Rule
from otpapp.rules.gate.wanted import canonical_origin, host_of, is_within
from otpapp.settings import Settings
from otpapp.settings.safety import is_loopback
from otpapp.transaction import execute

LONGEST_TITLE = 80  # characters
MOST_RULES = 50
_ALL = select(App).order_by(App.name)
_BY_NAME = select(App).where(App.name == bindparam("name"))
_LOCK = _BY_NAME.with_for_update().execution_options(populate_existing=True)
_END_SESSIONS = delete(AppSession).where(AppSession.app_id == bindparam("app"))
_END_TICKETS = delete(Ticket).where(Ticket.app_id == bindparam("app"))
_BY_ORIGIN = select(App).where(App.origin == bindparam("origin"))


@dataclass(frozen=True)
class Plan:
    """What an app shall be; `origin` is canonical."""

    name: str
    title: str
    origin: str
    rules: tuple[Rule, ...]


def faults(plan: Plan, settings: Settings) -> list[str]:
    """Return one sentence for each reason not to keep this app."""
    return [*_faults_of_name(plan), *_faults_of_origin(plan, settings), *_faults_of_rules(plan)]


def every() -> list[App]:
    """Return all apps, in the order of their names."""
    return list(db.session.scalars(_ALL))


def find(name: str) -> App | None:
    """Return the app of this name."""
    return _first(_BY_NAME, name)


def at(origin: str) -> App | None:
    """Return the app of this canonical origin."""
    return db.session.scalars(_BY_ORIGIN, {"origin": origin}).first()


def plan_of(app: App) -> Plan:
    """Return what an app is now."""
    return Plan(app.name, app.title, app.origin, rules.from_rows(app.rules))


def lock(name: str) -> App | None:
    """Return the app of this name as it is now; nobody else changes it in this transaction."""
    return _first(_LOCK, name)


def keep(plan: Plan, now: datetime, by: UUID | None = None) -> str | None:
    """Add the app or change the one of its name; return added, changed, or same.

    None where another app has its host. `by` is the admin who does it; at the command line
    nobody.
    """
    before = lock(plan.name)
    if before and plan_of(before) == plan:
        return "same"
    done = "changed" if before else "added"
    return done if put(before or App(created_at=now), plan, done, now, by) else None


def keep_all(plans: Sequence[Plan], now: datetime, by: UUID | None = None) -> dict[str, str | None]:
    """Keep each of the plans; return by name what that did, None where another app has its host.

    Two apps may swap their addresses.
    """
    for plan in sorted(plans, key=lambda one: one.name):
        app = lock(plan.name)
        if app and app.origin != plan.origin:
            app.origin = f"moving:{plan.name}"  # no address is kept twice, not even for a moment
    db.session.flush()
    return {plan.name: keep(plan, now, by) for plan in plans}


def put(app: App, plan: Plan, done: str, now: datetime, by: UUID | None = None) -> bool:
    """Make an app what `plan` says; False where another app has its name or host.

    X28: cookies do not tell ports apart, so that each of two would be sent the other's.
    """
    host = host_of(plan.origin)
    if any(one.id != app.id and host_of(one.origin) == host for one in every()):
        return False
    was, has_moved = app.name, app.origin not in (None, plan.origin)
    gone = {row["path"] for row in app.rules or ()} - {rule.path for rule in plan.rules}
    try:
        with db.session.begin_nested():
            app.name, app.title, app.origin = plan.name, plan.title, plan.origin
            app.changed_at = now
            app.rules = [rule.as_row() for rule in plan.rules]
            db.session.add(app)
    except IntegrityError:
        return False
    if has_moved:
        # Whoever gets the name that it had receives the cookies that browsers still hold there.
        execute(_END_SESSIONS, {"app": app.id})
        execute(_END_TICKETS, {"app": app.id})
    if gone:
        guests.end_at(app, gone, now, by)
    detail = f"was {was}" if was and was != plan.name else ""
    events.record(f"app.{done}", now, user_id=by, subject=plan.name, detail=detail)
    return True


def remove(name: str, now: datetime, by: UUID | None = None) -> bool:
    """Have the gate let nobody through to an app any more, and forget its guests."""
    app = find(name)
    if app is None:
        return False
    db.session.delete(app)
    db.session.flush()
    events.record("app.removed", now, user_id=by, subject=name)
    return True


def _first(statement: Select[App], name: str) -> App | None:
    if not rules.NAME.fullmatch(name):
        return None  # PostgreSQL refuses to be asked for some
    return db.session.scalars(statement, {"name": name}).first()


def _faults_of_name(plan: Plan) -> Iterator[str]:
    if not rules.NAME.fullmatch(plan.name):
        yield rules.NAME_FAULT.format("wiki")
    if not plan.title.isprintable() or not 0 < len(plan.title) <= LONGEST_TITLE:
        yield f"a title has 1 to {LONGEST_TITLE} printable characters"


def _faults_of_origin(plan: Plan, settings: Settings) -> Iterator[str]:
    if plan.origin != canonical_origin(plan.origin):
        yield "an address is scheme and host, like https://wiki.example.org"
        return
    name = host_of(plan.origin)
    if name == settings.public.hostname:
        # X28: cookies do not tell ports apart, so the app would be sent this site's own.
        yield f"{name} is the host of this site itself; an app needs one of its own"
    elif settings.gate_cookie_domain and not is_within(plan.origin, settings.gate_cookie_domain):
        yield f"{name} gets no cookie of OTPAPP_GATE_COOKIE_DOMAIN"
    elif not plan.origin.startswith("https:") and settings.is_production and not is_loopback(name):
        yield "an address must be https, or http on a loopback address for trying it out"


def _faults_of_rules(plan: Plan) -> Iterator[str]:
    paths = [rule.path for rule in plan.rules]
    if len(paths) > MOST_RULES:
        yield f"an app has at most {MOST_RULES} rules"
    if len(set(paths)) < len(paths):
        yield "two rules are for the same path"
    for rule in plan.rules:
        yield from (f"{rule.path}: {fault}" for fault in _faults_of_rule(rule))


def _faults_of_rule(rule: Rule) -> Iterator[str]:
    if rule.path != rules.canonical_path(rule.path):
        yield rules.PATH_FAULT
    if not rule.allow:
        yield "a rule says whom it allows: anyone, everyone, group:NAME or an address"
    if rule.proofs not in rules.PROOFS:
        yield "proofs are one, two or passkey"
    if rule.fresh and not rules.MINUTE <= rule.fresh <= rules.LONGEST_FRESH:
        yield "fresh is 1 minute to 30 days"
    if rules.ANYONE in rule.allow and (rule.fresh or rule.proofs != "one"):
        yield "what is open to anyone asks for no proofs"
