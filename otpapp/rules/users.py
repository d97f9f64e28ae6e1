"""Who there is, and who may become one."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from otpapp.extensions import db
from otpapp.models import Identifier, User
from otpapp.models.identifier import LIVES
from otpapp.otp.keys import Unsealable, new_key, sealer
from otpapp.rules import events
from otpapp.rules.identifiers import Address
from otpapp.settings import Settings
from otpapp.transaction import execute, insert_for

log = logging.getLogger("otpapp.users")
_FIND = (
    select(Identifier.id, Identifier.user_id, Identifier.key, Identifier.muted_until)
    .join(User)
    .where(Identifier.key == bindparam("key"), LIVES, User.disabled_at.is_(None))
)
ADD = insert(User)
_ADD_IDENTIFIER = insert(Identifier).returning(Identifier.id)
_NEXT_COUNTER = (
    update(User)
    .where(User.id == bindparam("user"))
    .values(counter=User.counter + 1)
    .returning(User.counter)
)
_KEY = select(User.sealed_key).where(User.id == bindparam("user"), User.disabled_at.is_(None))
_TAKE_STEP = (
    update(User)
    .where(
        User.id == bindparam("user"),
        User.time_step.is_(None) | (User.time_step < bindparam("step")),
    )
    .values(time_step=bindparam("step"))
    .returning(User.id)
)
_MARK_VERIFIED = (
    update(Identifier)
    .where(Identifier.id == bindparam("proved"), Identifier.verified_at.is_(None))
    .values(verified_at=bindparam("now"))
)
_ADDRESSES = (
    select(Identifier)
    .where(Identifier.user_id == bindparam("user"), LIVES)
    .order_by(Identifier.is_first.desc(), Identifier.id)
)
_CREATED_AT = select(User.created_at).where(User.id == bindparam("whose"))
_IDENTIFIER = select(Identifier).where(Identifier.id == bindparam("number"))


@dataclass(frozen=True)
class Owner:
    """Whose identifier it is, and until when strangers get no codes sent to it.

    It has no number while it is being added.
    """

    user_id: UUID
    identifier_id: int | None
    muted_until: datetime | None = None


def find(address: Address) -> Owner | None:
    """Return who may sign in with `address`; nobody, if unknown or disabled."""
    row = execute(_FIND, {"key": address.key}).first()
    # X17: compared here too, lest a database's collation take two spellings for one.
    if row is None or row.key != address.key:
        return None
    return Owner(row.user_id, row.id, row.muted_until)


def create(
    address: Address, settings: Settings, now: datetime, by: UUID | None = None
) -> Owner | None:
    """Make a user with a new key who owns `address`, unverified; None if it is taken."""
    try:
        with db.session.begin_nested():
            owner = add(address, settings, now)
            whose, detail = owner.user_id, events.by(by)
            events.record("user.created", now, user_id=whose, subject=address.key, detail=detail)
            return owner
    except IntegrityError:
        return None


def add_identifier(user_id: UUID, address: Address, now: datetime, by: UUID | None = None) -> bool:
    """Have a user own one more address, unverified; False if it is taken."""
    one_more = insert_for(db.engine.dialect.name)(Identifier).on_conflict_do_nothing()
    if (
        execute(one_more.returning(Identifier.id), identifier_row(user_id, address, now)).first()
        is None
    ):
        return False
    events.record(
        "identifier.added", now, user_id=user_id, subject=address.key, detail=events.by(by)
    )
    return True


def add(address: Address, settings: Settings, now: datetime) -> Owner:
    """Keep a new user who owns `address`; raises IntegrityError if it is somebody's."""
    user = new_row(settings, now)
    execute(ADD, user)
    row = identifier_row(user["id"], address, now)
    return Owner(user["id"], execute(_ADD_IDENTIFIER, row).scalar_one())


def new_row(settings: Settings, now: datetime) -> dict[str, Any]:
    """Return the row of a new user, with a new key."""
    user_id = uuid4()
    sealed = sealer(settings.secrets).seal(new_key(), user_id.bytes)
    return {"id": user_id, "sealed_key": sealed, "counter": 0, "created_at": now}


def identifier_row(user_id: UUID, address: Address, now: datetime) -> dict[str, Any]:
    """Return the row of an unverified identifier of a user."""
    return {
        "user_id": user_id,
        "channel": address.channel,
        "key": address.key,
        "address": deliverable(address),
        "created_at": now,
    }


def next_counter(user_id: UUID | None) -> int:
    """Take the next counter of this user in one statement; for nobody, do the same and return 0."""
    found: int | None = execute(_NEXT_COUNTER, {"user": user_id or uuid4()}).scalar()
    return found or 0


def key_of(user_id: UUID, settings: Settings) -> bytes | None:
    """Return the opened key of a user who is not disabled; None too where it cannot be opened."""
    sealed = execute(_KEY, {"user": user_id}).scalar()
    try:
        return sealer(settings.secrets).open(sealed, user_id.bytes) if sealed else None
    except Unsealable as error:
        # An operator's fault: whoever asks sees what a stranger sees, and nothing breaks.
        log.error("the key of user %s cannot be opened: %s", user_id, error)
        return None


def take_time_step(user_id: UUID, step: int) -> bool:
    """Say whether `step` is later than every step accepted before, and remember it.

    RFC 6238 section 5.2: a time-based code is accepted once.
    """
    return execute(_TAKE_STEP, {"user": user_id, "step": step}).first() is not None


def mark_verified(identifier_id: int, now: datetime) -> None:
    """Note the first time that a code sent to this identifier was proved."""
    execute(_MARK_VERIFIED, {"proved": identifier_id, "now": now})


def addresses_of(user_id: UUID) -> list[Identifier]:
    """Return the identifiers of a user: the one that they chose as the first, then the oldest."""
    return list(db.session.scalars(_ADDRESSES, {"user": user_id}))


def created_at(user_id: UUID) -> datetime:
    """Return since when somebody is a user here."""
    found: datetime = execute(_CREATED_AT, {"whose": user_id}).scalar_one()
    return found


def identifier(number: int) -> Identifier | None:
    """Return the identifier with this number, for a reader who keeps it beyond a transaction."""
    found = db.session.scalars(_IDENTIFIER, {"number": number}).first()
    if found:
        db.session.expunge(found)
    return found


def deliverable(address: Address) -> str:
    """Return where messages to `address` go."""
    return address.text if address.channel == "email" else address.key
