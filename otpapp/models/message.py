"""One row of the outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class Message(Base):
    """Something to be sent: it names what it is about, and never holds a code.

    A code names its challenge, an invitation what it invites to; a notice names the event that it
    tells of and who it is told.
    A sender takes the row by setting `leased_until`; a row whose lease ran out is taken again.
    `ended_at` and `outcome` (sent, given_up, decoy) close it. `error` is the last refusal in words,
    `stuck` whether that was for a fault of our own server, whoever the receiver.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "channel",
            "kind",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # For deletions only; most rows are codes, which shall cost nothing here.
        *(
            Index(
                f"ix_messages_{name}",
                name,
                sqlite_where=text(f"{name} IS NOT NULL"),
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("event_id", "identifier_id", "invitation_id")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(8))
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    identifier_id: Mapped[int | None] = mapped_column(
        ForeignKey("identifiers.id", ondelete="CASCADE")
    )
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE")
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
