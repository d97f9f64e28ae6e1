"""Sign-ins under way: half-signed-in is a row here, never a session."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from otpapp.extensions import db
from otpapp.models import PendingSignIn, Proof, User
from otpapp.models.proof import Proofs
from otpapp.rules import clocks
from otpapp.rules.handles import digest, new_token
from otpapp.transaction import execute

LASTS = timedelta(minutes=30)  # long enough to install an authenticator app
MOST_TRIES = 5

_START = insert(PendingSignIn)
_LIVES = (PendingSignIn.ended_at.is_(None), PendingSignIn.expires_at > bindparam("now"))
_RESUME = (
    select(PendingSignIn)
    .join(User)
    .where(
        PendingSignIn.token_hash == bindparam("hash"),
        *_LIVES,
        PendingSignIn.created_at <= bindparam("latest"),
        User.disabled_at.is_(None),
    )
)
_LOCK = select(PendingSignIn).where(PendingSignIn.id == bindparam("of"), *_LIVES).with_for_update()
_TAKE_TRY = (
    update(PendingSignIn)
    .where(PendingSignIn.id == bindparam("of"), *_LIVES, PendingSignIn.tries < bindparam("most"))
    .values(tries=PendingSignIn.tries + 1)
    .returning(PendingSignIn.tries)
)
_ADD = (
    update(PendingSignIn)
    .where(PendingSignIn.id == bindparam("of"))
    .values(proofs=bindparam("now_proved", type_=Proofs()))
)
_FOLLOW = (
    update(PendingSignIn)
    .where(PendingSignIn.id == bindparam("of"))
    .values(challenge_id=bindparam("next"))
)
_END = (
    update(PendingSignIn)
    .where(PendingSignIn.id == bindparam("of"), PendingSignIn.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .returning(PendingSignIn.id)
)
_END_ALL = (
    update(PendingSignIn)
    .where(PendingSignIn.user_id == bindparam("of"), PendingSignIn.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .returning(PendingSignIn.id)
)


def start(
    user_id: UUID,
    challenge_id: int | None,
    proofs: tuple[Proof, ...],
    keep: bool,
    next_path: str,
    now: datetime,
) -> str:
    """Keep how far a sign-in came; return the token that its browser shall hold."""
    token = new_token()
    row = {
        "token_hash": digest(token),
        "user_id": user_id,
        "challenge_id": challenge_id,
        "proofs": proofs,
        "tries": 0,
        "keep": keep,
        "next_path": next_path,
        "created_at": now,
        "expires_at": now + LASTS,
    }
    execute(_START, row)
    return token


def resume(token: str, now: datetime) -> PendingSignIn | None:
    """Return the sign-in that `token` holds; nothing, once ended, expired or disabled."""
    values = {"hash": digest(token), "now": now, "latest": now + clocks.SET_BACK}
    found = db.session.scalars(_RESUME, values).first()
    if found:
        # Kept as it was when this request came: what is decided, `lock` and statements decide.
        db.session.expunge(found)
    return found


def lock(number: int, now: datetime) -> PendingSignIn | None:
    """Return a sign-in as it is now, unless it ended; nobody else changes it until we commit."""
    return db.session.scalars(_LOCK, {"of": number, "now": now}).first()


def take_try(held: PendingSignIn, now: datetime) -> int | None:
    """Take one of its tries, all factors together; return how many are left, None if none was."""
    values = {"of": held.id, "now": now, "most": MOST_TRIES}
    tries: int | None = execute(_TAKE_TRY, values).scalar()
    return None if tries is None else MOST_TRIES - tries


def add(held: PendingSignIn, proof: Proof) -> None:
    """Keep one more proof."""
    execute(_ADD, {"of": held.id, "now_proved": (*held.proofs, proof)})


def follow(held: PendingSignIn, challenge_id: int) -> None:
    """Note the challenge that it goes on with; whoever stops that ends it."""
    execute(_FOLLOW, {"of": held.id, "next": challenge_id})


def end(held: PendingSignIn, now: datetime) -> bool:
    """End it, because the session starts or because it is given up; False if it had ended."""
    return execute(_END, {"of": held.id, "now": now}).first() is not None


def end_all(user_id: UUID, now: datetime) -> int:
    """End every sign-in of a user that is under way; return how many there were."""
    return len(execute(_END_ALL, {"of": user_id, "now": now}).all())
