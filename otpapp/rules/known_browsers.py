"""Browsers that signed a user in before: what they hold moves a budget and proves nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, or_, select, update

from otpapp.extensions import db
from otpapp.models import KnownBrowser
from otpapp.rules.handles import digest, new_token
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

TRUSTED_FOR = timedelta(days=30)
MET = "browser.met"  # the event of one that signs somebody in for the first time
MOST = 5  # people whom one browser can be known for
_FIND = (
    select(KnownBrowser.id)
    .where(
        KnownBrowser.token_hash.in_(bindparam("hashes")),
        KnownBrowser.user_id == bindparam("user"),
        KnownBrowser.revoked_at.is_(None),
    )
    .order_by(KnownBrowser.id.desc())
)
_LIVING = select(KnownBrowser.token_hash).where(
    KnownBrowser.token_hash.in_(bindparam("hashes")), KnownBrowser.revoked_at.is_(None)
)
_ADD = insert(KnownBrowser)
_TRUSTED = select(KnownBrowser.id).where(
    KnownBrowser.id == bindparam("number"), KnownBrowser.trusted_until > bindparam("now")
)
_TRUST = (
    update(KnownBrowser)
    .where(KnownBrowser.id == bindparam("number"))
    .values(trusted_until=bindparam("until"))
)
_ALL_TRUSTED = (
    select(KnownBrowser)
    .where(
        KnownBrowser.user_id == bindparam("user"),
        KnownBrowser.revoked_at.is_(None),
        KnownBrowser.trusted_until > bindparam("now"),
    )
    .order_by(KnownBrowser.id)
)
_DISTRUST = (
    update(KnownBrowser)
    .where(
        KnownBrowser.user_id == bindparam("user"),
        KnownBrowser.trusted_until.is_not(None),
        or_(KnownBrowser.id == bindparam("number"), bindparam("number") == 0),
    )
    .values(trusted_until=None)
    .returning(KnownBrowser.id)
)
_SEEN = (
    update(KnownBrowser)
    .where(KnownBrowser.id == bindparam("number"))
    .values(seen_at=bindparam("now"))
)
_REVOKE = (
    update(KnownBrowser)
    .where(
        KnownBrowser.user_id == bindparam("user"),
        KnownBrowser.created_at >= bindparam("since"),
        KnownBrowser.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("now"))
    .returning(KnownBrowser.id)
)


def number_of(visitor: Visitor, user_id: UUID | None) -> int:
    """Return the number under which this browser is known for this user; 0 if it is not.

    For nobody the same is looked up in vain, so that it takes as long (X13).
    """
    if not visitor.known:
        return 0
    values = {"hashes": [digest(token) for token in visitor.known], "user": user_id or uuid4()}
    return execute(_FIND, values).scalar() or 0


def remember(
    visitor: Visitor, number: int, user_id: UUID, now: datetime, *, trust: bool = False
) -> tuple[str, ...]:
    """Know this browser for this user from here on; return the tokens that it shall hold.

    `number` is what `number_of` says. One that is not known gets a token of its own for this user:
    whoever used this browser before may have kept a copy of those that it holds. With `trust` this
    user is asked for no second proof here for 30 days.
    """
    trusted_until = now + TRUSTED_FOR if trust else None
    if number:
        execute(_SEEN, {"number": number, "now": now})
        if trust:
            execute(_TRUST, {"number": number, "until": trusted_until})
        return visitor.known
    token = new_token()
    row = {
        "token_hash": digest(token),
        "user_id": user_id,
        "ip": visitor.ip,
        "browser": visitor.browser,
        "created_at": now,
        "seen_at": now,
        "trusted_until": trusted_until,
    }
    execute(_ADD, row)
    return (token, *_living(visitor.known))[:MOST]


def is_trusted(number: int, now: datetime) -> bool:
    """Say whether the browser of this number is asked for no second proof."""
    return bool(number) and execute(_TRUSTED, {"number": number, "now": now}).first() is not None


def trusted(user_id: UUID, now: datetime) -> list[KnownBrowser]:
    """Return the browsers that this user trusts, the oldest first."""
    return list(db.session.scalars(_ALL_TRUSTED, {"user": user_id, "now": now}))


def distrust(user_id: UUID, number: int = 0) -> int:
    """Ask for a second proof again in one browser of this user, or in all; return how many."""
    return len(execute(_DISTRUST, {"user": user_id, "number": number}).all())


def _living(tokens: Iterable[str]) -> list[str]:
    """Return those that somebody is known by; the others shall take up no room."""
    by_hash = {digest(token): token for token in tokens}
    found = set(execute(_LIVING, {"hashes": list(by_hash)}).scalars())
    return [token for hashed, token in by_hash.items() if hashed in found]


def revoke_since(user_id: UUID, since: datetime, now: datetime) -> int:
    """Know no browser any more that became known at `since` or later; return how many."""
    return len(execute(_REVOKE, {"user": user_id, "since": since, "now": now}).all())


def revoke_all(user_id: UUID, now: datetime) -> int:
    """Know no browser of this user any more; return how many there were."""
    return revoke_since(user_id, datetime.fromtimestamp(0, UTC), now)
