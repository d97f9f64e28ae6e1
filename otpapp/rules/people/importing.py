"""Doing what a file of people says: looked at first, then some at a time, and twice is once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from otpapp.extensions import db
from otpapp.models import Identifier, Membership, User
from otpapp.rules import groups, roles, users
from otpapp.rules.identifiers import Address
from otpapp.rules.people import adding
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.people.reading import Cause, Fault, Row
from otpapp.settings import Settings
from otpapp.transaction import execute

BATCH = 500  # people a transaction, so that nobody waits long to sign in
_OWNERS = select(Identifier.key, Identifier.user_id, Identifier.removed_at).where(
    Identifier.key.in_(bindparam("keys", expanding=True))
)
_ROLES = select(User.id, User.role).where(User.id.in_(bindparam("users", expanding=True)))
_GROUPS = select(Membership.user_id, Membership.name).where(
    Membership.user_id.in_(bindparam("users", expanding=True))
)


class Done(StrEnum):
    """What a line does: makes somebody new, changes somebody, or nothing."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Step:
    """What one line does; `missing` are the addresses that it adds to somebody who is known."""

    row: Row
    done: Done
    user_id: UUID | None = None
    missing: tuple[Address, ...] = ()


@dataclass(frozen=True)
class _Known:
    """What is kept of those whom some lines mean."""

    owners: dict[str, UUID]
    roles: dict[UUID, str]
    groups: dict[UUID, frozenset[str]]
    removed: frozenset[str] = frozenset()


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield as many rows as one transaction shall do, until all are done."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def preview(rows: Sequence[Row]) -> list[Step | Fault]:
    """Return what each line would do now; changes nothing.

    Two lines that mean one person are a fault of the second: they would undo each other each time.
    """
    found: list[Step | Fault] = []
    lines: dict[UUID, int] = {}
    for batch in batches(rows):
        for step in _steps(batch):
            if isinstance(step, Step) and step.user_id:
                first = lines.setdefault(step.user_id, step.row.line)
                if first != step.row.line:
                    step = _fault(step.row, Cause.SAME_PERSON, first)
            found.append(step)
    return found


def seen_by(steps: Sequence[Step | Fault]) -> str:
    """Return what tells a preview from any other, also of the same file."""
    return sha256(repr(steps).encode()).hexdigest()


def apply(
    batch: Sequence[Row], settings: Settings, now: datetime, by: UUID | None = None
) -> list[Step | Fault]:
    """Do what some lines say, each of them wholly or not at all; return what that did.

    `by` is the admin who does it; at the command line nobody.
    """
    steps = _steps(batch)
    new = [one.row for one in steps if isinstance(one, Step) and one.done is Done.NEW]
    are_in = not new or _are_added(new, settings, now, by)
    return [
        one
        if isinstance(one, Fault) or (are_in and one.done is Done.NEW)
        else _do(one, settings, now, by)
        for one in steps
    ]


def _are_added(rows: Sequence[Row], settings: Settings, now: datetime, by: UUID | None) -> bool:
    """Add all who are new at once; False, and nobody, where somebody else has just added one."""
    try:
        with db.session.begin_nested():
            adding.add_all(rows, settings, now, by)
    except IntegrityError:
        return False
    return True


def _steps(batch: Sequence[Row]) -> list[Step | Fault]:
    known = _known(batch)
    return [_step(row, known) for row in batch]


def _known(batch: Sequence[Row]) -> _Known:
    keys = [one.key for row in batch for one in row.addresses]
    found = execute(_OWNERS, {"keys": keys}).all()
    owners = {row.key: row.user_id for row in found}
    removed = frozenset(row.key for row in found if row.removed_at)
    mine = {"users": list(set(owners.values()))}
    members = defaultdict[UUID, set[str]](set)
    for row in execute(_GROUPS, mine):
        members[row.user_id].add(row.name)
    of_each = {whose: frozenset(names) for whose, names in members.items()}
    return _Known(owners, {row.id: row.role for row in execute(_ROLES, mine)}, of_each, removed)


def _step(row: Row, known: _Known) -> Step | Fault:
    owners = {known.owners[one.key] for one in row.addresses if one.key in known.owners}
    # One that was removed lately still waits whether it comes back to whom it was taken from.
    if len(owners) > 1 or any(one.key in known.removed for one in row.addresses):
        return _fault(row, Cause.OTHERS)
    if not owners:
        return Step(row, Done.NEW)
    (user_id,) = owners
    missing = tuple(one for one in row.addresses if one.key not in known.owners)
    is_same = (
        not missing
        and row.role in ("", known.roles.get(user_id))
        and row.groups in (frozenset(), known.groups.get(user_id))
    )
    return Step(row, Done.SAME if is_same else Done.CHANGED, user_id, missing)


def _do(step: Step, settings: Settings, now: datetime, by: UUID | None) -> Step | Fault:
    if step.done is Done.NEW:
        if _are_added([step.row], settings, now, by):
            return step
        (found,) = _steps([step.row])  # somebody else has just added them
        if isinstance(found, Fault) or found.done is Done.NEW:
            return _fault(step.row, Cause.OTHERS)
        step = found
    with db.session.begin_nested() as kept:
        fault = _change(step, now, by)
        if fault:
            kept.rollback()
    return _fault(step.row, fault) if fault else step


def _change(step: Step, now: datetime, by: UUID | None) -> Cause | None:
    """Do what a line says about somebody who is known; return why that cannot be."""
    assert step.user_id  # noqa: S101 - only who is new has none
    for one in step.missing:
        if not users.add_identifier(step.user_id, one, now, by):
            return Cause.OTHERS
    _set_groups(step.user_id, step.row.groups, now, by)
    if step.row.role:
        given = roles.give(step.user_id, step.row.role, now, by)
        return Cause.LAST_ADMIN if given.outcome is Outcome.LAST_ADMIN else None
    return None


def _set_groups(user_id: UUID, names: frozenset[str], now: datetime, by: UUID | None) -> None:
    """Have a user in these groups and no others; in those that they are in where none is named."""
    if not names:
        return
    before = set(groups.of(user_id))
    for name in sorted(names - before):
        groups.add(user_id, name, now, by)
    for name in sorted(before - names):
        groups.remove(user_id, name, now, by)


def _fault(row: Row, cause: Cause, other: int = 0) -> Fault:
    named = " and ".join(one.text for one in row.addresses)
    return Fault(row.line, cause, named, other)
