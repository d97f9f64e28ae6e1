"""A class that sits together."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Room(Base):
    """One class: who types `join_code` takes a seat, who holds the token of `token_hash` teaches.

    `opened_at` and `ends_at` are instants of the real clock. That of the room is `ahead_seconds`
    ahead of it, or stands still at `frozen_at`.
    """

    __tablename__ = "rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    join_code: Mapped[str] = mapped_column(String(8), unique=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ahead_seconds: Mapped[int] = mapped_column(default=0)
    frozen_at: Mapped[datetime | None]
