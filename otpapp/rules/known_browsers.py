"""Browsers that signed a user in before: what they hold moves a budget and proves nothing."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid4

from sqlalchemy import Executable, bindparam, case, select, update

from otpapp.extensions import db
from otpapp.models import KnownBrowser
from otpapp.rules.handles import digest
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute, insert_for

_FIND = select(KnownBrowser.id).where(
    KnownBrowser.token_hash == bindparam("hash"),
    KnownBrowser.user_id == bindparam("user"),
    KnownBrowser.revoked_at.is_(None),
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
    values = {"hash": digest(visitor.known), "user": user_id or uuid4()}
    return execute(_FIND, values).scalar() or 0


def remember(visitor: Visitor, user_id: UUID, now: datetime) -> None:
    """Know this browser for this user from here on; one that was revoked is known anew.

    Anew means since now: whatever makes it known is what a stop undoes.
    """
    if not visitor.known:
        return
    row = {
        "token_hash": digest(visitor.known),
        "user_id": user_id,
        "ip": visitor.ip,
        "browser": visitor.browser,
        "created_at": now,
        "seen_at": now,
    }
    execute(_meeting(db.engine.dialect.name), row)


def revoke_since(user_id: UUID, since: datetime, now: datetime) -> int:
    """Know no browser any more that became known at `since` or later; return how many."""
    return len(execute(_REVOKE, {"user": user_id, "since": since, "now": now}).all())


@lru_cache
def _meeting(dialect: str) -> Executable:
    first = insert_for(dialect)(KnownBrowser)
    return first.on_conflict_do_update(
        index_elements=["token_hash", "user_id"],
        set_={
            "seen_at": first.excluded.seen_at,
            "created_at": case(
                (KnownBrowser.revoked_at.is_(None), KnownBrowser.created_at),
                else_=first.excluded.created_at,
            ),
            "revoked_at": None,
        },
    )
