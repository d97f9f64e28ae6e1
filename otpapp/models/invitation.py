"""What somebody is invited by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base

_OPEN = text("accepted_at IS NULL AND withdrawn_at IS NULL")


class Invitation(Base):
    """An address whose reader may become a user, with these groups and this role.

    Its link is signed, and computed when it is sent: the row holds only `nonce`, which is new each
    time, so that an older link opens nothing and whoever reads the row has none. `invited_by` is
    nobody at the command line; it outlives the admin. `days` is how long it runs from each sending,
    until `ends_at`. An address has one at most that is neither accepted nor withdrawn.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open", "key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(320))
    groups: Mapped[list[str]] = mapped_column(JSON)
    role: Mapped[str] = mapped_column(String(8))
    nonce: Mapped[bytes] = mapped_column(LargeBinary(8))
    invited_by: Mapped[UUID | None]
    days: Mapped[int] = mapped_column(SmallInteger)
    times: Mapped[int] = mapped_column(SmallInteger, default=1)
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
