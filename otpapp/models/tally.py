"""How often something happened lately."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Tally(Base):
    """The count of one limit for one subject since `started_at`."""

    __tablename__ = "tallies"

    limit: Mapped[str] = mapped_column("limit_name", String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(320), primary_key=True)
    started_at: Mapped[datetime]
    times: Mapped[int]
    last_at: Mapped[datetime]
