"""Makes a database of otpapp with an app and people signed in: `python -m bench.gate_seed 9`."""

import sys
from datetime import timedelta

import flask_migrate
from sqlalchemy import insert, update

from bench.contenders import address_of
from bench.seed import add_users
from otpapp import create_app
from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import AppSession, Identifier, Membership, Proof, UserSession
from otpapp.rules.gate import apps
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.rules.handles import digest
from otpapp.transaction import transaction

RULES = (
    Rule("/", ("group:office",)),
    Rule("/admin", ("group:admins",), "two"),
    Rule("/public", ("anyone",)),
)


def main(number: int) -> None:
    """Migrate an empty database, and sign so many users in at the wiki."""
    app, now = create_app(), utc_now()
    with app.app_context():
        flask_migrate.upgrade()
        add_users(number, app.extensions["otpapp.settings"])
        with transaction():
            apps.keep(Plan("wiki", "Wiki", "https://wiki.example.org", RULES), now)
            db.session.execute(update(Identifier).values(verified_at=now))
            _sign_in(number, apps.find("wiki").id, now)


def _sign_in(number: int, app_id: int, now) -> None:
    owners = {one.key: one.user_id for one in db.session.query(Identifier)}
    proofs = (Proof("email", now),)
    for index in range(number):
        user_id = owners[address_of(index)]
        for name in ("office", "staff"):
            row = {"user_id": user_id, "name": name, "created_at": now}
            db.session.execute(insert(Membership).values(row))
        session = UserSession(
            token_hash=digest(f"session{index:05}"),
            user_id=user_id,
            door="page",
            proofs=proofs,
            keep=True,
            idle_seconds=604800,
            ip="127.0.0.1",
            browser="",
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=30),
        )
        db.session.add(session)
        db.session.flush()
        token = digest(f"token{index:05}")
        db.session.add(
            AppSession(
                token_hash=token,
                session_id=session.id,
                app_id=app_id,
                proofs=proofs,
                created_at=now,
            )
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
