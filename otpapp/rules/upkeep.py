"""What is done to users many at a time: new seals, new keys, forgetting who never came."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, false, or_, select, true, update

from otpapp.models import (
    AccessKey,
    Ceremony,
    Challenge,
    Credential,
    Identifier,
    KnownBrowser,
    Message,
    PendingSignIn,
    RecoveryCode,
    User,
    UserSession,
)
from otpapp.otp.keys import new_key, sealer
from otpapp.rules import budgets, events
from otpapp.rules.factors import credentials, hotp
from otpapp.rules.people import invitations
from otpapp.settings import Settings
from otpapp.transaction import execute

BATCH = 500  # users a transaction, so that nobody waits long to sign in
TIME_TO_PROVE = timedelta(hours=24)

_NEXT = (
    select(User.id, User.sealed_key)
    .where(User.id > bindparam("after"))
    .order_by(User.id)
    .limit(BATCH)
)
_SEAL = (
    update(User)
    .where(User.id == bindparam("user"), User.sealed_key == bindparam("old"))
    .values(sealed_key=bindparam("new"))
)
_END_SESSIONS = (
    update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=bindparam("now"))
)
_CLOSE_CHALLENGES = (
    update(Challenge)
    .where(Challenge.answered_at.is_(None), Challenge.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_END_PENDING = (
    update(PendingSignIn).where(PendingSignIn.ended_at.is_(None)).values(ended_at=bindparam("now"))
)
_DISTRUST = update(KnownBrowser).values(trusted_until=None)
_FORGET_CODES = delete(RecoveryCode)
_FORGET_CEREMONIES = delete(Ceremony)
_END_KEYS = update(AccessKey).where(AccessKey.ended_at.is_(None)).values(ended_at=bindparam("now"))
_SEALED = select(Credential.id, Credential.secret).where(
    Credential.user_id > bindparam("after"), Credential.user_id <= bindparam("last")
)
_SEAL_FACTOR = (
    update(Credential)
    .where(Credential.id == bindparam("credential"), Credential.secret == bindparam("old"))
    .values(secret=bindparam("new"))
)
_END_MESSAGES = (
    update(Message)
    .where(Message.ended_at.is_(None))
    .values(ended_at=bindparam("now"), outcome="given_up", stuck=False)
)
# Who proved that it is theirs, or wants no codes sent to it.
_CARED_FOR = select(Identifier.user_id).where(
    Identifier.verified_at.is_not(None) | (Identifier.muted_until > bindparam("now"))
)
# Until then the links in their messages work, and a day's wrong codes count.
_HEARD_OF = select(Challenge.user_id).where(
    Challenge.user_id.is_not(None), Challenge.expires_at > bindparam("lately")
)


@dataclass(frozen=True)
class Done:
    """A batch of users: how many were changed, and the last of them; None if there were none."""

    changed: int
    last: UUID | None


def reseal_next(after: UUID, settings: Settings) -> Done:
    """Seal the keys of the next users and of their factors under the newest secret.

    Those that it seals already stay as they are. Raises Unsealable for a key that none of the
    secrets opens.
    """
    seals = sealer(settings.secrets)

    def opened(user_id: UUID, sealed: bytes) -> bytes | None:
        return None if seals.is_newest(sealed) else seals.open(sealed, user_id.bytes)

    done = _change_next(after, opened, settings)
    return Done(done.changed + _reseal_factors(after, done.last, settings), done.last)


def replace_next(after: UUID, settings: Settings) -> Done:
    """Give the next users new keys: no code of an older key opens anything any more."""
    return _change_next(after, lambda *_: new_key(), settings)


def end_everything(now: datetime) -> tuple[int, int]:
    """End every session and every challenge; return how many of each there were.

    A copy of the database goes back in time: codes and sessions that had ended live in it again,
    recovery codes that were used too, access keys, browsers that nobody trusts any more, what
    passkeys were asked, and invitations. Links that were mailed before find the event of this, and
    open nothing.
    """
    sessions = execute(_END_SESSIONS, {"now": now}).rowcount
    challenges = execute(_CLOSE_CHALLENGES, {"now": now}).rowcount
    execute(_END_MESSAGES, {"now": now})
    execute(_END_PENDING, {"now": now})
    invitations.end_all(now)
    execute(_DISTRUST)
    execute(_FORGET_CODES)
    execute(_FORGET_CEREMONIES)
    execute(_END_KEYS, {"now": now})
    hotp.doubt_all()
    events.record("backup.restored", now)
    return sessions, challenges


def forget_unproved(settings: Settings, now: datetime) -> int:
    """Delete users who signed up and then let a day go by without proving it; return how many.

    X57: else anybody could fill the site with users, of addresses that are not theirs. Whoever
    could not sign up again by asking was let in by an operator, and stays. X02: wrong codes in a
    row stay with the address.
    """
    if settings.sign_up == "invited":
        return 0
    ends = [Identifier.key.endswith(f"@{domain}") for domain in settings.sign_up_domains]
    may_come_again = true() if settings.sign_up == "open" else or_(false(), *ends)
    unproved = (
        select(User.id, Identifier.key)
        .join(Identifier)
        .where(User.created_at <= now - TIME_TO_PROVE, User.disabled_at.is_(None), may_come_again)
        .where(User.id.not_in(_CARED_FOR), User.id.not_in(_HEARD_OF))
        .limit(BATCH)
    )
    found = execute(unproved, {"now": now, "lately": now - TIME_TO_PROVE}).all()
    for row in found:
        budgets.keep_row(str(row.id), row.key, settings)
    forgotten = {row.id for row in found}
    if forgotten:
        execute(delete(User).where(User.id.in_(forgotten)))
        events.record("users.forgotten", now, detail=str(len(forgotten)))
    return len(forgotten)


def _change_next(
    after: UUID, key_for: Callable[[UUID, bytes], bytes | None], settings: Settings
) -> Done:
    changed, last = 0, None
    for row in execute(_NEXT, {"after": after}).all():
        last, key = row.id, key_for(row.id, row.sealed_key)
        if key is not None:
            new = sealer(settings.secrets).seal(key, row.id.bytes)
            values = {"user": row.id, "old": row.sealed_key, "new": new}
            changed += execute(_SEAL, values).rowcount
    return Done(changed, last)


def _reseal_factors(after: UUID, last: UUID | None, settings: Settings) -> int:
    """Seal what factors keep of the users after `after` up to `last`."""
    seals, changed = sealer(settings.secrets), 0
    for row in execute(_SEALED, {"after": after, "last": last or after}).all():
        if not seals.is_newest(row.secret):
            context = credentials.context(row.id)
            new = seals.seal(seals.open(row.secret, context), context)
            values = {"credential": row.id, "old": row.secret, "new": new}
            changed += execute(_SEAL_FACTOR, values).rowcount
    return changed
