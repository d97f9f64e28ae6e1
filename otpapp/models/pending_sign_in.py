"""A sign-in that is under way: something was proved, and something is still missing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base
from otpapp.models.proof import Proof, Proofs


class PendingSignIn(Base):
    """One browser on its way to a user session, which it is not yet.

    The browser holds a random token, the row its SHA-256. `tries` counts the answers it gave to
    any factor. `ended_at` is set when the session starts, or when the sign-in is given up.
    """

    __tablename__ = "pending_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenges.id", ondelete="SET NULL"), index=True
    )
    proofs: Mapped[tuple[Proof, ...]] = mapped_column(Proofs)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    keep: Mapped[bool]
    next_path: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
