"""The check of a gate as most would write it: Flask-Login, a session row and its user by the ORM.

It reads what ours reads (session, user, groups, identifiers, app), decides less, and answers with
the same headers.
"""

import hashlib
import os
from datetime import UTC, datetime, timedelta

from flask import Flask, Response, request
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

GROUPS = ("office", "staff")
app = Flask(__name__)
app.config.update(
    SECRET_KEY="a secret of the benchmark, long enough 0123456789",
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ['BENCH_DATABASE']}",
)
db = SQLAlchemy(app)
login = LoginManager(app)


class App(db.Model):
    """What is behind the gate, and for which group."""

    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(100), unique=True)
    group: Mapped[str] = mapped_column(String(40))


class User(db.Model, UserMixin):
    """Who is signed in."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(100), unique=True)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    memberships: Mapped[list["Membership"]] = relationship()


class Membership(db.Model):
    """One group of a user."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    name: Mapped[str] = mapped_column(String(40))


class Session(db.Model):
    """A signed-in browser."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship()


@login.request_loader
def load(asked) -> User | None:
    """Return whose token the cookie holds."""
    digest = hashlib.sha256(asked.cookies.get("gate", "").encode()).digest()
    found = Session.query.filter_by(token_hash=digest).first()
    now = datetime.now(UTC).replace(tzinfo=None)
    return found.user if found and found.expires_at > now and not found.user.is_disabled else None


@app.get("/gate/nginx")
def check() -> Response:
    """Answer as nginx needs it."""
    if not current_user.is_authenticated:
        return Response(status=401)
    wanted = App.query.filter_by(host=request.headers["X-Original-URL"].split("/")[2]).first()
    groups = sorted(one.name for one in current_user.memberships)
    if wanted is None or wanted.group not in groups:
        return Response(status=403)
    answer = Response()
    answer.headers["Remote-User"] = answer.headers["Remote-Email"] = current_user.email
    answer.headers["Remote-Groups"] = ",".join(groups)
    answer.headers["Cookie"] = request.headers.get("Cookie", "")
    return answer


def prepare(number: int) -> None:
    """Make the tables, one app, and so many users who are signed in."""
    with app.app_context():
        db.create_all()
        db.session.add(App(host="wiki.example.org", group=GROUPS[0]))
        later = datetime.now(UTC) + timedelta(days=1)
        for index in range(number):
            user = User(email=f"user{index:05}@example.org")
            user.memberships = [Membership(name=name) for name in GROUPS]
            digest = hashlib.sha256(f"token{index:05}".encode()).digest()
            db.session.add(Session(token_hash=digest, user=user, expires_at=later))
        db.session.commit()


def _tune(connection, _) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA mmap_size=268435456")


with app.app_context():
    event.listen(db.engine, "connect", _tune)
