"""Somebody who may open an app until a date."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Guest(Base):
    """One identifier that passes one rule of an app until a date.

    `path` names the rule: a guest of the whole app passes none that is narrower. `key` is the
    canonical spelling of the identifier, whether or not it belongs to anybody yet.
    """

    __tablename__ = "guests"

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(String(400))
    key: Mapped[str] = mapped_column(String(320))
    until: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
