"""What lets a program through the gate."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class AccessKey(Base):
    """A key of one program to one app, from `path` down, until a date.

    It is shown once; the row has its SHA-256. `used_at` is kept as finely as idle clocks are.
    """

    __tablename__ = "access_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    path: Mapped[str] = mapped_column(String(400))
    until: Mapped[datetime]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
