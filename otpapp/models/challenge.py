"""One request to prove control of an identifier."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Challenge(Base):
    """One request for a code: which counter it took, where it goes, how often it was tried.

    `handle_hash` is the SHA-256 of the unguessable handle that only the asking browser or program
    holds. `subject` is the canonical key of what was typed, `destination` its readable form. A row
    without a user is a decoy. `door` is where it was asked for (page, api) and `method` what moves
    its counter (counter, time). `closed_at` is set when a later challenge took its place.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        Index("ix_challenges_subject_id", "subject", "id"),
        # What the trail says of a challenge must not be said of a later one of the same number.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    identifier_id: Mapped[int | None] = mapped_column(
        ForeignKey("identifiers.id", ondelete="CASCADE"), index=True
    )
    subject: Mapped[str] = mapped_column(String(320))
    destination: Mapped[str] = mapped_column(String(320))
    channel: Mapped[str] = mapped_column(String(8))
    purpose: Mapped[str] = mapped_column(String(16))
    door: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(8))
    counter: Mapped[int]
    digits: Mapped[int] = mapped_column(SmallInteger)
    reference: Mapped[str] = mapped_column(String(3))
    keep: Mapped[bool]
    next_path: Mapped[str] = mapped_column(String(2000))
    ip: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(60))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
