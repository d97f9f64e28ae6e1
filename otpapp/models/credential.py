"""One user's enrolled instance of a factor."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Credential(Base):
    """An authenticator app, a counter token, a passkey or a password of one user.

    `secret` is a sealed key (totp, hotp), a public key (passkey) or a sealed hash (password).
    `counter` only rises: the last accepted time step, the next counter, or the sign count.
    `handle` is the id that an authenticator gave its passkey. `details` differ by `kind`. One that
    was removed stays for a while, so that its owner can have it back.
    """

    __tablename__ = "credentials"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    secret: Mapped[bytes]
    counter: Mapped[int] = mapped_column(default=0)
    handle: Mapped[bytes | None] = mapped_column(LargeBinary(1023), unique=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
