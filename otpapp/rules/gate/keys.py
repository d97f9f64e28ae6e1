"""Access keys: what lets programs through, to one app, from a path down, until a date."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, bindparam, select, update

from otpapp.extensions import db
from otpapp.models import AccessKey, App
from otpapp.prepared import Prepared
from otpapp.rules import events, lifetimes
from otpapp.rules.gate import rules
from otpapp.rules.gate.deciding import Answer
from otpapp.rules.gate.wanted import Wanted, covers
from otpapp.rules.handles import digest, new_token
from otpapp.transaction import execute

PREFIX = "otpk_"  # by which programs that look for secrets in what is published know ours
_LIVING = (AccessKey.ended_at.is_(None), AccessKey.until > bindparam("now"))
_OF_APP = (
    select(AccessKey)
    .where(AccessKey.app_id == bindparam("app"), *_LIVING)
    .order_by(AccessKey.name, AccessKey.id)
)
_LOOK = (
    select(AccessKey.id, AccessKey.name, AccessKey.path, AccessKey.used_at)
    .join(App)
    .where(App.origin == bindparam("origin"), AccessKey.token_hash == bindparam("hash"), *_LIVING)
)
_USE = update(AccessKey).where(AccessKey.id == bindparam("used")).values(used_at=bindparam("now"))
_END = (
    update(AccessKey)
    .where(AccessKey.app_id == bindparam("app"), AccessKey.name == bindparam("called"), *_LIVING)
    .values(ended_at=bindparam("now"))
    .returning(AccessKey.id)
)


@dataclass(frozen=True)
class Program:
    """Who holds a key; `due` says that its last use should be noted anew."""

    key_id: int
    name: str
    path: str
    due: bool


def faults(name: str, path: str) -> list[str]:
    """Return one sentence for each reason not to make a key of this name, from this path down."""
    found = [] if rules.NAME.fullmatch(name) else [rules.NAME_FAULT.format("backup")]
    return found if rules.canonical_path(path) else [*found, rules.PATH_FAULT]


def make(
    app: App, name: str, path: str, until: datetime, now: datetime, by: UUID | None = None
) -> str | None:
    """Return a new key, to be shown once; None where the app has a living one of this name.

    `by` is the admin who made it, where a page was used.
    """
    if name in {one.name for one in of_app(app, now)}:
        return None
    token = PREFIX + new_token()
    db.session.add(
        AccessKey(
            app_id=app.id,
            name=name,
            token_hash=digest(token),
            path=path,
            until=until,
            created_at=now,
        )
    )
    db.session.flush()
    detail = f"{app.name}{path} until {until:%Y-%m-%d %H:%M} UTC"
    events.record("access_key.made", now, user_id=by, subject=name, detail=detail[:200])
    return token


def of_app(app: App, now: datetime) -> list[AccessKey]:
    """Return the keys to an app that open it, in the order of their names."""
    return list(db.session.scalars(_OF_APP, {"app": app.id, "now": now}))


def end(app: App, name: str, now: datetime, by: UUID | None = None) -> bool:
    """Have a key open nothing any more; False if there is none of this name."""
    if not rules.NAME.fullmatch(name):
        return False  # a database could refuse to be asked
    ended = execute(_END, {"app": app.id, "called": name, "now": now}).first() is not None
    if ended:
        events.record("access_key.ended", now, user_id=by, subject=name, detail=app.name)
    return ended


def prepare(engine: Engine) -> Prepared:
    """Return what `look` runs, compiled for a database."""
    return Prepared(_LOOK, engine)


def look(looking: Prepared, origin: str, token: str, now: datetime) -> Program | None:
    """Return whose key `token` is at the app of `origin`; None where it opens nothing there."""
    values = {"origin": origin, "hash": digest(token), "now": now}
    row = looking.first(values)
    if row is None:
        return None
    due = row["used_at"] is None or lifetimes.is_due(row["used_at"], now)
    return Program(row["id"], row["name"], row["path"], due)


def use(program: Program, now: datetime) -> None:
    """Note the last use of a key."""
    execute(_USE, {"used": program.key_id, "now": now})


def decide(program: Program, wanted: Wanted) -> Answer:
    """Return whether a program may open an address: what its key is for, whatever the rules say.

    X26: a path that servers could read in several ways is none that it is for.
    """
    is_for_it = covers(program.path, wanted.path) and not wanted.is_ambiguous
    return Answer.ENTER if is_for_it else Answer.REFUSED
