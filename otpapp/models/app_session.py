"""That a signed-in browser may go on at an app."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base
from otpapp.models.proof import Proof, Proofs


class AppSession(Base):
    """What a browser holds at the host of one app: good for nothing else, and over with its parent.

    Its parent is the user session that it was handed over from. `proofs` are those that rested on
    at that time: a step up needs a new token here too (ASVS 7.2.4). The browser has a random token,
    the row its SHA-256. Where all apps share one cookie, it is of no app.
    """

    __tablename__ = "app_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("user_sessions.id", ondelete="CASCADE"), index=True
    )
    app_id: Mapped[int | None] = mapped_column(ForeignKey("apps.id", ondelete="CASCADE"))
    proofs: Mapped[tuple[Proof, ...]] = mapped_column(Proofs)
    created_at: Mapped[datetime]
