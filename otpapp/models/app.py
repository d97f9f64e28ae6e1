"""Something behind the gate."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from otpapp.extensions import Base


class App(Base):
    """A site that nginx serves to whoever its rules let in.

    `origin` is its scheme, host and port, spelled in the one canonical way. `rules` are those of
    `otpapp.rules.gate.rules`: kept in one row, so that a check reads them with one statement.
    """

    __tablename__ = "apps"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    origin: Mapped[str] = mapped_column(String(300), unique=True)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
