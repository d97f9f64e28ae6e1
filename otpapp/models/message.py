"""One row of the outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Message(Base):
    """Something to be sent: it names what it is about, and never holds a code.

    A sender takes the row by setting `leased_until`; a row whose lease ran out is taken again.
    `ended_at` and `outcome` (sent, given_up, decoy) close it. `error` is the last refusal in words,
    `stuck` whether that was for a fault of our own server, whoever the receiver.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "channel",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(8))
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[str] = mapped_column(String(160))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(16), default="")
    error: Mapped[str] = mapped_column(String(200), default="")
    stuck: Mapped[bool] = mapped_column(default=False)
