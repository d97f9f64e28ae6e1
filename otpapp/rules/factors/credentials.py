"""The rows of users' factors: kept, found, taken once, removed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, bindparam, insert, select, update

from otpapp.extensions import db
from otpapp.models import Credential, User
from otpapp.otp.keys import Unsealable, sealer
from otpapp.rules.factors.working import working
from otpapp.settings import Settings
from otpapp.transaction import execute

log = logging.getLogger("otpapp.factors")
NAME_LENGTH = 80  # characters; X40
MOST = 10  # of a kind: each answer is compared with all of them

_LIVES = Credential.removed_at.is_(None)
_OF = (
    select(Credential)
    .where(Credential.user_id == bindparam("user"), _LIVES)
    .order_by(Credential.created_at, Credential.id)
)
_ADD = insert(Credential)
_RISE = (
    update(Credential)
    .where(Credential.id == bindparam("taken"), _LIVES, Credential.counter < bindparam("to"))
    .values(
        counter=bindparam("to"),
        details=bindparam("said", type_=Credential.details.type),
        used_at=bindparam("now"),
    )
    .returning(Credential.id)
)
_BY_HANDLE = (
    select(Credential)
    .join(User, User.id == Credential.user_id)
    .where(Credential.handle == bindparam("handle"), _LIVES, User.disabled_at.is_(None))
)
_COUNT = (
    update(Credential)
    .where(Credential.id == bindparam("taken"), _LIVES, Credential.counter < bindparam("below"))
    .values(
        counter=bindparam("to"), details=bindparam("now_so", type_=JSON), used_at=bindparam("now")
    )
    .returning(Credential.id)
)
# Rows that name this user may still be added: a sign-in under way waits for nobody here.
_LOCK = select(User.id).where(User.id == bindparam("user")).with_for_update(key_share=True)
_REMOVE = (
    update(Credential)
    .where(Credential.id == bindparam("gone"), Credential.user_id == bindparam("whose"), _LIVES)
    .values(removed_at=bindparam("now"))
    .returning(Credential.id)
)
_BY_ID = select(Credential).where(Credential.id == bindparam("number"))
_RESTORE = (
    update(Credential)
    .where(Credential.id == bindparam("back"), Credential.removed_at == bindparam("gone_at"))
    .values(removed_at=None)
    .returning(Credential.id)
)


@dataclass(frozen=True)
class Match:
    """What an answer fits: the id of a credential, and the one statement that uses the answer up.

    `take` says whether it was there to be taken: of parallel answers alike one alone is (X04, T2).
    """

    credential: str
    take: Callable[[datetime], bool]


def of(user_id: UUID, *kinds: str) -> list[Credential]:
    """Return the credentials of a user, the oldest first; of these `kinds` only, if any."""
    found = db.session.scalars(_OF, {"user": user_id})
    return [one for one in found if not kinds or one.kind in kinds]


def add(
    user_id: UUID,
    kind: str,
    name: str,
    secret: bytes,
    now: datetime,
    settings: Settings,
    *,
    counter: int = 0,
    handle: bytes | None = None,
    details: dict[str, Any] | None = None,
) -> UUID:
    """Keep a credential whose `secret` is sealed, and bound to its row (D12); return its id."""
    number = uuid4()
    row = {
        "id": number,
        "user_id": user_id,
        "kind": kind,
        "name": name,
        "secret": sealer(settings.secrets).seal(secret, context(number)),
        "counter": counter,
        "handle": handle,
        "details": details or {},
        "created_at": now,
    }
    execute(_ADD, row)
    return number


def secret_of(credential: Credential, settings: Settings) -> bytes | None:
    """Return what is sealed in `credential`; None where it cannot be opened."""
    try:
        return sealer(settings.secrets).open(credential.secret, context(credential.id))
    except Unsealable as error:
        # An operator's fault: it proves nothing, and nothing breaks.
        log.error("the secret of credential %s cannot be opened: %s", credential.id, error)
        return None


def holds(user_id: UUID, kind: str, secret: bytes, settings: Settings) -> bool:
    """Say whether this user has a credential of this kind with the same secret already."""
    return secret in [secret_of(one, settings) for one in of(user_id, kind)]


def is_full(user_id: UUID, kind: str, settings: Settings) -> bool:
    """Say whether this user has as many of a kind as anybody may have (X38).

    What opens nothing is not counted: it could not be removed by who must first add another.
    """
    return len(working(of(user_id, kind), settings)) >= MOST


def lock(user_id: UUID) -> None:
    """Let nobody else change the factors of this user before this transaction ends."""
    execute(_LOCK, {"user": user_id})


def at(number: UUID, counter: int, details: dict[str, Any]) -> Match:
    """Return the match of a credential whose counter rises to `counter`, with these details."""

    def take(now: datetime) -> bool:
        values = {"taken": number, "to": counter, "said": details, "now": now}
        return execute(_RISE, values).first() is not None

    return Match(str(number), take)


def by_handle(handle: bytes) -> Credential | None:
    """Return the passkey that an authenticator gave this id; nothing of a disabled user."""
    return db.session.scalars(_BY_HANDLE, {"handle": handle}).first()


def counted(number: UUID, count: int, details: dict[str, Any]) -> Match:
    """Return the match of a credential whose authenticator counted to `count` by this use.

    W8: the count rises, unless its authenticator does not count at all and says 0 each time.
    """

    def take(now: datetime) -> bool:
        values = {"taken": number, "to": count, "below": count or 1, "now_so": details, "now": now}
        return execute(_COUNT, values).first() is not None

    return Match(str(number), take)


def remove(user_id: UUID, number: UUID, now: datetime) -> bool:
    """Have a credential of this user prove nothing any more; False if they hold no such one."""
    values = {"gone": number, "whose": user_id, "now": now}
    return execute(_REMOVE, values).first() is not None


def get(number: UUID) -> Credential | None:
    """Return the credential with this id, as it is now, removed or not."""
    found = db.session.scalars(_BY_ID, {"number": number}).first()
    if found:
        db.session.expunge(found)
    return found


def restore(number: UUID, removed_at: datetime) -> bool:
    """Have a credential prove again; False if it was not removed at this very instant."""
    values = {"back": number, "gone_at": removed_at}
    return execute(_RESTORE, values).first() is not None


def context(number: UUID) -> bytes:
    """Return what a sealed secret is bound to: its table and its row."""
    return b"credentials.secret " + number.bytes
