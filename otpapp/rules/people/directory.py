"""Finding people: by a part of an address, by role, group and standing, a page at a time."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from otpapp.models import Identifier, Membership, User
from otpapp.models.identifier import LIVES
from otpapp.rules import budgets, freezing
from otpapp.settings import Settings
from otpapp.transaction import execute

PAGE = 50  # people
SORTED = 2000  # members: of more it is faster to walk until a page is full
_DIGITS = re.compile(r"\+?[0-9 ()./-]+")
_ADDRESSES = (
    select(Identifier.user_id, Identifier.key)
    .where(Identifier.user_id.in_(bindparam("users", expanding=True)), LIVES)
    .order_by(Identifier.is_first.desc(), Identifier.id)
)
_GROUPS = (
    select(Membership.user_id, Membership.name)
    .where(Membership.user_id.in_(bindparam("users", expanding=True)))
    .order_by(Membership.name)
)
_SIZE = select(func.count()).where(Membership.name == bindparam("group"))
_ADMINS = select(User.id).where(User.role == literal_column("'admin'"))
_DISABLED = select(User.id).where(User.disabled_at.is_not(None))


class Standing(StrEnum):
    """Whether somebody can sign in.

    DISABLED: an operator shut them out; FROZEN: they did so themselves; CLOSED: too many wrong
    codes in a row were tried on them.
    """

    ACTIVE = "active"
    DISABLED = "disabled"
    FROZEN = "frozen"
    CLOSED = "closed"


@dataclass(frozen=True)
class Wanted:
    """Whom to look for; what is empty asks for nothing."""

    part: str = ""
    role: str = ""
    group: str = ""
    standing: Standing | None = None


@dataclass(frozen=True)
class Person:
    """One person in a list: their identifiers, the first of them first, and what they are here."""

    user_id: UUID
    keys: tuple[str, ...]
    role: str
    groups: tuple[str, ...]
    standing: Standing
    created_at: datetime


@dataclass(frozen=True)
class Page:
    """Some people, in the order of the alphabet; the next page begins `after`, if there is one."""

    people: tuple[Person, ...]
    after: str = ""


def page(wanted: Wanted, settings: Settings, after: str = "", most: int = PAGE) -> Page:
    """Return the first people whom `wanted` means and who come after the key `after`."""
    closed = budgets.closed(settings)
    rows = execute(_listing(wanted, closed).limit(most + 1), {"after": after}).all()
    shown = rows[:most]
    last = shown[-1].key if len(rows) > most else ""
    return Page(tuple(_people(shown, closed)), last)


def standing_of(user: User | Row[Any], closed: frozenset[UUID]) -> Standing:
    """Return how somebody stands; `closed` are those on whom too many codes were tried."""
    if user.disabled_at:
        return Standing.FROZEN if user.disabled_by == freezing.OWNER else Standing.DISABLED
    return Standing.CLOSED if user.id in closed else Standing.ACTIVE


def _listing(wanted: Wanted, closed: frozenset[UUID]) -> Select[*tuple[Any, ...]]:
    """Return who is wanted, each at the first of their identifiers that fits.

    The unique index of identifiers is walked from `after` on, so that a page costs the same
    wherever it begins.
    """
    found = (
        select(
            User.id,
            User.disabled_at,
            User.disabled_by,
            User.role,
            User.created_at,
            Identifier.key,
        )
        .join(User, User.id == Identifier.user_id)
        .where(LIVES, Identifier.key > bindparam("after"), *_fits(Identifier.key, wanted.part))
        .where(_is_first(wanted.part))
        .where(*_stands(wanted.standing, closed))
        .order_by(Identifier.key)
    )
    if wanted.role:
        is_rare = [_among(_ADMINS)] if wanted.role == "admin" else []
        found = found.where(User.role == wanted.role, *is_rare)
    return _in_group(found, wanted.group) if wanted.group else found


def _is_first(part: str) -> ColumnElement[bool]:
    other = aliased(Identifier)
    earlier = select(other.id).where(
        other.user_id == Identifier.user_id,
        other.key < Identifier.key,
        other.removed_at.is_(None),
        *_fits(other.key, part),
    )
    return ~earlier.exists()


def _in_group(found: Select[*tuple[Any, ...]], group: str) -> Select[*tuple[Any, ...]]:
    """Leave those who are in a group.

    SQLite knows no sizes: told nothing, it sorts a group of everybody, or walks all for one of two.
    """
    is_mine = (Membership.user_id == User.id, Membership.name == group)
    if (execute(_SIZE, {"group": group}).scalar() or 0) > SORTED:
        return found.where(select(Membership.id).where(*is_mine).exists())
    return found.join(Membership, and_(*is_mine))


def _fits(key: InstrumentedAttribute[str], part: str) -> list[ColumnElement[bool]]:
    """Return what `key` must be like; numbers are found however they are grouped."""
    text = part.strip().lower()
    if _DIGITS.fullmatch(text):
        text = re.sub(r"[ ()./-]", "", text)
    return [key.contains(text, autoescape=True)] if text else []


def _stands(standing: Standing | None, closed: frozenset[UUID]) -> list[ColumnElement[bool]]:
    is_frozen = User.disabled_by.is_not_distinct_from(freezing.OWNER)
    meant: dict[Standing | None, list[ColumnElement[bool]]] = {
        None: [],
        Standing.ACTIVE: [User.disabled_at.is_(None), User.id.not_in(closed)],
        Standing.DISABLED: [_among(_DISABLED), ~is_frozen],
        Standing.FROZEN: [_among(_DISABLED), is_frozen],
        Standing.CLOSED: [User.disabled_at.is_(None), User.id.in_(closed)],
    }
    return meant[standing]


def _among(few: Select[UUID]) -> ColumnElement[bool]:
    """Begin with `few`, of whom there is an index: SQLite would else walk all."""
    return Identifier.user_id.in_(few)


def _people(rows: Sequence[Any], closed: frozenset[UUID]) -> list[Person]:
    values = {"users": [row.id for row in rows]}
    keys, groups = defaultdict[UUID, list[str]](list), defaultdict[UUID, list[str]](list)
    for row in execute(_ADDRESSES, values):
        keys[row.user_id].append(row.key)
    for row in execute(_GROUPS, values):
        groups[row.user_id].append(row.name)
    return [
        Person(
            user_id=row.id,
            keys=tuple(keys[row.id]),
            role=row.role,
            groups=tuple(groups[row.id]),
            standing=standing_of(row, closed),
            created_at=row.created_at,
        )
        for row in rows
    ]
