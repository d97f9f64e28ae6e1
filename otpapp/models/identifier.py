"""An email address or a phone number that belongs to a user."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Identifier(Base):
    """One way to reach a user.

    `key` is the canonical spelling, unique over all users; `address` is where messages go: always
    this one, never what somebody typed (X17). `verified_at` is set by the first code proved. Until
    `muted_until` strangers get no codes sent to it. One of a user's can be the first. Since
    `removed_at` it opens nothing; its user can have it back for a while, and nobody else have it.
    """

    __tablename__ = "identifiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(320), unique=True)
    address: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    muted_until: Mapped[datetime | None]
    is_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    removed_at: Mapped[datetime | None]


LIVES = Identifier.removed_at.is_(None)
