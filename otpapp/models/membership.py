"""That a user belongs to a group."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Membership(Base):
    """One user in one group; a group is its members, and there while it has one."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40), index=True)
    created_at: Mapped[datetime]
