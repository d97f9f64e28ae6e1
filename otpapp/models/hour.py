"""How much of a kind happened in one hour."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Hour(Base):
    """The number of events of one kind and verdict in the hour that begins `at`, UTC.

    It names nobody. A row of no kind says that its hour was counted, also where nothing happened.
    """

    __tablename__ = "hours"

    at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int]
