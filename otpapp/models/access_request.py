"""What somebody asks for who was refused at the gate."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class AccessRequest(Base):
    """A user's wish to pass one rule of an app, in their own words, and what became of it.

    `path` names the rule that refused them, `url` what they wanted to open. `verdict` is granted or
    refused once it is answered; one granted without `until` was open to them by then. Of one rule a
    user has one open request at most.
    """

    __tablename__ = "access_requests"
    __table_args__ = (
        Index(
            "uq_access_requests_open",
            "user_id",
            "app_id",
            "path",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(String(400))
    url: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    verdict: Mapped[str] = mapped_column(String(8), default="")
    until: Mapped[datetime | None]
