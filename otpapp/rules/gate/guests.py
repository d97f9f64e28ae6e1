"""Guests: who may open an app until a date, because somebody let them in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from otpapp.extensions import db
from otpapp.models import App, Guest
from otpapp.rules import events
from otpapp.transaction import execute

_LOCK = (
    select(App)
    .where(App.id == bindparam("app"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
LIVING = (Guest.ended_at.is_(None), Guest.until > bindparam("now"))
_OF_APP = (
    select(Guest)
    .where(Guest.app_id == bindparam("app"), *LIVING)
    .order_by(Guest.key, Guest.path, Guest.id)
)
_OF_KEYS = (
    select(Guest.app_id, Guest.path)
    .where(Guest.key.in_(bindparam("keys", expanding=True)), *LIVING)
    .order_by(Guest.id)
)
_END_AT = (
    update(Guest)
    .where(
        Guest.app_id == bindparam("app"),
        Guest.path.in_(bindparam("paths", expanding=True)),
        *LIVING,
    )
    .values(ended_at=bindparam("now"))
    .returning(Guest.key)
)
_END = (
    update(Guest)
    .where(Guest.app_id == bindparam("app"), Guest.key == bindparam("who"), *LIVING)
    .values(ended_at=bindparam("now"))
    .returning(Guest.id)
)
_FORGET = (
    delete(Guest)
    .where(Guest.key.in_(bindparam("keys", expanding=True)))
    .returning(Guest.app_id, Guest.key, Guest.until, Guest.ended_at)
)


def of_app(app: App, now: datetime) -> list[Guest]:
    """Return the guests of an app whose date is yet to come, in the order of their identifiers."""
    return list(db.session.scalars(_OF_APP, {"app": app.id, "now": now}))


def paths_of(keys: tuple[str, ...], now: datetime) -> dict[int, tuple[str, ...]]:
    """Return, by the number of the app, which rules the owner of these identifiers may pass."""
    found: dict[int, tuple[str, ...]] = {}
    for row in execute(_OF_KEYS, {"keys": keys, "now": now}):
        found[row.app_id] = (*found.get(row.app_id, ()), row.path)
    return found


def let_in(
    app: App, path: str, key: str, until: datetime, now: datetime, by: UUID | None = None
) -> bool:
    """Let somebody pass one rule of an app until a date; False if it has no such rule any more.

    In place of the date before. `by` is the admin who does it; nobody's id at the command line.
    """
    # Else who takes the rule away meanwhile would not see this guest, who then passes the next.
    held = db.session.scalars(_LOCK, {"app": app.id}).first()
    if held is None or path not in [row["path"] for row in held.rules]:
        return False
    for one in of_app(app, now):
        if (one.key, one.path) == (key, path):
            one.ended_at = now
    db.session.add(Guest(app_id=app.id, path=path, key=key, until=until, created_at=now))
    db.session.flush()
    detail = f"{app.name}{path} until {until:%Y-%m-%d %H:%M} UTC"
    events.record("guest.let_in", now, user_id=by, subject=key, detail=detail[:200])
    return True


def end(app: App, key: str, now: datetime, by: UUID | None = None) -> int:
    """Let a guest of an app in no more; return how many rules that was for."""
    ended = len(execute(_END, {"app": app.id, "who": key, "now": now}).all())
    if ended:
        events.record("guest.ended", now, user_id=by, subject=key, detail=app.name)
    return ended


def end_at(app: App, paths: Iterable[str], now: datetime, by: UUID | None = None) -> None:
    """End the guests of rules that are no more: another rule of that path may be for others."""
    ended = execute(_END_AT, {"app": app.id, "paths": sorted(paths), "now": now})
    for key in ended.scalars().all():
        events.record("guest.ended", now, user_id=by, subject=key, detail=app.name)


def forget(keys: tuple[str, ...], now: datetime, by: UUID | None = None) -> None:
    """Forget that the owner of these identifiers ever was a guest: they are deleted."""
    for row in execute(_FORGET, {"keys": keys}).all():
        app = db.session.get(App, row.app_id)
        if app and row.ended_at is None and row.until > now:
            events.record("guest.ended", now, user_id=by, subject=row.key, detail=app.name)
