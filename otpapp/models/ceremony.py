"""One request to an authenticator, until its answer comes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Ceremony(Base):
    """A challenge of WebAuthn that one browser asked for; it is deleted when it is used (W1).

    `purpose` is enrol, prove or sign_in; nobody is known yet where somebody signs in. `allowed` are
    the ids of the credentials that may answer, where they were named. The browser holds a random
    value, the row its SHA-256.
    """

    __tablename__ = "ceremonies"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[str] = mapped_column(String(8))
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    allowed: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
