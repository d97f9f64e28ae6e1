"""What the gate reads for a check: an app, and who asks for it, by one statement built once."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Engine,
    Integer,
    ScalarSelect,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from otpapp.models import (
    App,
    AppSession,
    Guest,
    Identifier,
    Membership,
    User,
    UserSession,
)
from otpapp.models.identifier import LIVES
from otpapp.prepared import Prepared
from otpapp.rules import clocks, lifetimes, sessions
from otpapp.rules.gate import rules
from otpapp.rules.gate.deciding import Somebody
from otpapp.rules.gate.guests import LIVING
from otpapp.rules.gate.rules import Rule
from otpapp.rules.handles import digest

APART = "\n"  # between what a list of the statement holds; it is in no identifier, group or path

_BREAK = literal_column(f"'{APART}'", String)  # part of the statement, not one of its values


def _list(what: Any, *conditions: Any) -> ScalarSelect[str]:
    joined = func.aggregate_strings(cast(what, Text), _BREAK)  # type: ignore[arg-type]
    lines = select(joined).where(*conditions)
    return lines.correlate(User, App).scalar_subquery()


_MINE = (Identifier.user_id == User.id, Identifier.verified_at.is_not(None), LIVES)
_PLACE = case((Identifier.is_first, 0), else_=Identifier.id)
_LOOK = (
    select(
        App.id,
        cast(App.rules, Text).label("rules"),
        AppSession.proofs,
        UserSession.id.label("session_id"),
        UserSession.seen_at,
        UserSession.idle_seconds,
        User.id.label("user_id"),
        User.role,
        # Under its place each: a list of a statement has no order.
        _list(cast(_PLACE, String) + " " + Identifier.key, *_MINE).label("addresses"),
        _list(Membership.name, Membership.user_id == User.id).label("groups"),
        _list(
            Guest.path,
            Guest.app_id == App.id,
            Guest.key.in_(select(Identifier.key).where(*_MINE).correlate(User)),
            *LIVING,
        ).label("guest_of"),
    )
    .select_from(App)
    .outerjoin(
        AppSession,
        and_(
            AppSession.token_hash == bindparam("hash"),
            or_(
                AppSession.app_id == App.id,
                and_(AppSession.app_id.is_(None), bindparam("is_shared", type_=Integer) == 1),
            ),
        ),
    )
    .outerjoin(UserSession, and_(UserSession.id == AppSession.session_id, *sessions.LIVES))
    .outerjoin(User, and_(User.id == UserSession.user_id, User.disabled_at.is_(None)))
    .where(App.origin == bindparam("origin"))
)


@dataclass(frozen=True)
class Seen:
    """An app, and who is there; `due` is the session whose idle clock should be set anew."""

    app_id: int
    rules: tuple[Rule, ...]
    who: Somebody | None = None
    due: int | None = None


def prepare(engine: Engine) -> Prepared:
    """Return what `look` runs, compiled for a database."""
    return Prepared(_LOOK, engine)


def look(
    looking: Prepared, origin: str, token: str, now: datetime, *, is_shared: bool = False
) -> Seen | None:
    """Return what the rows say now of the app at `origin` and of who holds `token` there.

    None where no such app is. User, role, groups, guests and rules are read each time: whoever is
    signed out, disabled or taken out of a group is so at the next check (X29).
    """
    values = {
        "origin": origin,
        "hash": digest(token),
        "is_shared": int(is_shared),
        "now": now,
        "latest": now + clocks.SET_BACK,
    }
    row = looking.first(values)
    if row is None:
        return None
    found = _read_rules(row["rules"])
    if row["user_id"] is None or lifetimes.is_idle(row["seen_at"], row["idle_seconds"], now):
        return Seen(row["id"], found)
    due = row["session_id"] if lifetimes.is_due(row["seen_at"], now) else None
    return Seen(row["id"], found, _somebody(row), due)


def _somebody(row: dict[str, Any]) -> Somebody:
    placed = (line.partition(" ") for line in _lines(row["addresses"]))
    addresses = sorted((int(place), key) for place, _, key in placed)
    return Somebody(
        row["user_id"],
        row["role"],
        tuple(key for _, key in addresses),
        tuple(sorted(_lines(row["groups"]))),
        row["proofs"],
        tuple(_lines(row["guest_of"])),
    )


def _lines(text: str | None) -> list[str]:
    return text.split(APART) if text else []


@lru_cache(maxsize=256)
def _read_rules(text: str) -> tuple[Rule, ...]:
    return rules.from_rows(json.loads(text))
