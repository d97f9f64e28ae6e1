"""One line of the audit trail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Event(Base):
    """What happened, to whom, when and from where; never a code.

    It keeps ids without foreign keys: the trail outlives what it speaks of. A change of a factor
    names its credential, so that it can be taken back.
    """

    __tablename__ = "events"
    # Whatever part of the trail is read, it is read in the order of its instants.
    __table_args__ = tuple(
        Index(f"ix_events_{name}_at", name, "at") for name in ("user_id", "kind", "ip", "subject")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[UUID | None]
    challenge_id: Mapped[int | None]
    credential_id: Mapped[UUID | None]
    subject: Mapped[str] = mapped_column(String(320), default="")
    verdict: Mapped[str] = mapped_column(String(16), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(60), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")
