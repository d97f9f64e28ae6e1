"""A signed-in browser or program."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base
from otpapp.models.proof import Proof, Proofs


class UserSession(Base):
    """One signed-in browser (door page) or program (door api), revocable by ending its row.

    The holder has a random token, the row its SHA-256. It ends at `expires_at`, or after
    `idle_seconds` without use. `proofs` is what it rests on; a step up adds to them.
    """

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenges.id", ondelete="SET NULL"), index=True
    )
    door: Mapped[str] = mapped_column(String(8))
    proofs: Mapped[tuple[Proof, ...]] = mapped_column(Proofs, server_default="[]")
    keep: Mapped[bool]
    idle_seconds: Mapped[int] = mapped_column(Integer)
    ip: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
