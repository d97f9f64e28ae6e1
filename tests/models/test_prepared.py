"""Statements compiled once give what Core gives, and get over a connection that broke."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError

from otpapp.extensions import db
from otpapp.models import Proof, User, UserSession
from otpapp.prepared import Prepared
from otpapp.transaction import transaction

AT = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)
PROOFS = (Proof("email", AT), Proof("totp", AT, "x"))
STATEMENT = (
    select(
        User.id,
        User.sealed_key,
        UserSession.proofs,
        UserSession.keep,
        UserSession.seen_at,
        UserSession.ended_at,
        (UserSession.idle_seconds + 1).label("more"),
    )
    .join(UserSession, UserSession.user_id == User.id)
    .where(User.id == bindparam("user"), UserSession.seen_at >= bindparam("since"))
)
USER = UUID(int=7)


@pytest.fixture
def row(context) -> None:
    """A user who is signed in."""
    with transaction():
        db.session.add(User(id=USER, sealed_key=b"\x00\xff", created_at=AT))
        db.session.flush()
        db.session.add(
            UserSession(
                token_hash=b"x" * 32,
                user_id=USER,
                door="page",
                proofs=PROOFS,
                keep=True,
                idle_seconds=60,
                ip="",
                browser="",
                created_at=AT,
                seen_at=AT,
                expires_at=AT,
            )
        )


def test_values_go_in_and_come_out_as_their_types_say(row):
    found = Prepared(STATEMENT, db.engine).first({"user": USER, "since": AT})
    assert found == {
        "id": USER,
        "sealed_key": b"\x00\xff",
        "proofs": PROOFS,
        "keep": True,
        "seen_at": AT,
        "ended_at": None,
        "more": 61,
    }
    assert found["seen_at"].tzinfo
    assert found == db.session.execute(STATEMENT, {"user": USER, "since": AT}).first()._asdict()


def test_where_there_is_no_row_there_is_nothing(row):
    later = AT.replace(microsecond=123457)
    assert Prepared(STATEMENT, db.engine).first({"user": USER, "since": later}) is None


def test_it_sees_what_was_committed_since_and_holds_no_lock(row):
    prepared = Prepared(STATEMENT, db.engine)
    assert prepared.first({"user": USER, "since": AT})["more"] == 61
    with transaction(patience=100):
        db.session.query(UserSession).update({"idle_seconds": 99})
    assert prepared.first({"user": USER, "since": AT})["more"] == 100


def test_a_fault_is_told_and_the_next_connection_is_new(row):
    prepared = Prepared(STATEMENT, db.engine)
    with transaction():
        db.session.execute(db.text("ALTER TABLE user_sessions RENAME TO aside"))
    with pytest.raises(OperationalError):
        prepared.first({"user": USER, "since": AT})
    with transaction():
        db.session.execute(db.text("ALTER TABLE aside RENAME TO user_sessions"))
    assert prepared.first({"user": USER, "since": AT})
