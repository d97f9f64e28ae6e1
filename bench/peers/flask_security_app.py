"""A small site behind Flask-Security-Too: unified sign-in by a mailed code, SQLite, its defaults.

Only its mail method is on: with passwords on too, it would try the code as a password first.
"""

import os

from flask import Flask, render_template
from flask_mail import Mail
from flask_security import Security, SQLAlchemyUserDatastore, auth_required, current_user
from flask_security.models import fsqla_v3 as models
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

app = Flask(__name__)
app.config.update(
    SECRET_KEY="a secret of the benchmark, long enough 0123456789",
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ['BENCH_DATABASE']}",
    SECURITY_PASSWORD_SALT="0123456789012345678901234567890",
    SECURITY_TOTP_SECRETS={"1": "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"},
    SECURITY_TOTP_ISSUER="bench",
    SECURITY_UNIFIED_SIGNIN=True,
    SECURITY_US_ENABLED_METHODS=["email"],
    SECURITY_EMAIL_SENDER="codes@example.org",
    MAIL_SERVER="127.0.0.1",
    MAIL_PORT=int(os.environ["BENCH_SMTP"]),
)
db = SQLAlchemy(app)
models.FsModels.set_db_info(db)


class Role(db.Model, models.FsRoleMixin):
    """What Flask-Security-Too asks for."""


class User(db.Model, models.FsUserMixin):
    """A user, as Flask-Security-Too makes them."""


class WebAuthn(db.Model, models.FsWebAuthnMixin):
    """What the model of a user refers to; nobody here has one."""


Mail(app)
store = SQLAlchemyUserDatastore(db, User, Role)
security = Security(app, store)
page = app.jinja_env.from_string("<!doctype html><title>Home</title><p>{{ user.email }}</p>")


@app.get("/")
@auth_required("session")
def home() -> str:
    """Show who is signed in."""
    return render_template(page, user=current_user)


def prepare(number: int) -> None:
    """Make the tables and the users, each ready for codes by mail."""
    with app.app_context():
        db.create_all()
        for index in range(number):
            user = store.create_user(email=f"user{index:05}@example.org", password=None)
            store.us_setup_email(user)
        store.commit()


def _tune(connection, _) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


if os.environ.get("BENCH_TUNED"):
    with app.app_context():
        event.listen(db.engine, "connect", _tune)
