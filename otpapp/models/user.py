"""The person who signs in, with the K and C of RFC 4226."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class User(Base):
    """A person: one sealed key and one counter, theirs for life.

    `counter` only rises, by one statement at each request for a code. `time_step` is the last
    step whose time-based code was accepted; it only rises too (RFC 6238 section 5.2). `role` is
    member or admin. `disabled_by` is "owner" where a user froze their own sign-in, empty where an
    operator did it, and "both" where one did it to somebody frozen. At `leaves_at` they are
    deleted, who asked for that themselves.
    """

    __tablename__ = "users"
    __table_args__ = tuple(
        Index(f"ix_users_{name}", column, sqlite_where=text(which), postgresql_where=text(which))
        for name, column, which in (
            ("admins", "id", "role = 'admin'"),
            ("disabled", "id", "disabled_at IS NOT NULL"),
            ("leaves_at", "leaves_at", "leaves_at IS NOT NULL"),
        )
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sealed_key: Mapped[bytes]
    counter: Mapped[int] = mapped_column(default=0)
    time_step: Mapped[int | None]
    role: Mapped[str] = mapped_column(String(8), server_default="member")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str | None] = mapped_column(String(8))
    leaves_at: Mapped[datetime | None]
