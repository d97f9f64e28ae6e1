"""`transaction()` keeps all of a block or nothing of it, and lets writers queue."""

import threading
import time
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from otpapp.extensions import db
from otpapp.models import User
from otpapp.transaction import transaction
from tests.conftest import NOON


def add_user(number: int) -> None:
    db.session.add(User(id=UUID(int=number), sealed_key=b"", created_at=NOON))


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_a_block_that_ends_well_is_kept(context):
    with transaction():
        add_user(1)
        add_user(2)
    assert how_many() == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_block_that_raises_leaves_nothing(context, error):
    with pytest.raises(error), transaction():
        add_user(1)
        db.session.flush()
        raise error
    assert not db.session().in_transaction(), "the write lock is still held"
    assert how_many() == 0


def test_after_a_block_that_raised_the_next_one_works(context):
    with pytest.raises(ValueError), transaction():
        raise ValueError
    with transaction():
        add_user(1)
    assert how_many() == 1


def test_what_was_not_committed_before_the_block_is_let_go(context):
    add_user(1)
    db.session.flush()
    with transaction():
        add_user(2)
    assert how_many() == 1


def test_a_block_of_little_patience_fails_soon_and_the_next_one_waits_as_usual(context):
    with transaction():
        add_user(1)
    with db.engine.connect().execution_options(otpapp_write=True) as other:
        other.execute(update(User).values(counter=1))
        began = time.monotonic()
        with pytest.raises(OperationalError), transaction(patience=50):
            db.session.execute(update(User).values(counter=2))
        assert time.monotonic() - began < 2
    is_sqlite = db.engine.dialect.name == "sqlite"
    with transaction():
        waits = text("PRAGMA busy_timeout" if is_sqlite else "SHOW lock_timeout")
        assert db.session.scalar(waits) == (5000 if is_sqlite else "5s")


def test_reading_and_then_writing_loses_no_update_and_fails_for_nobody(app):
    """X42: on SQLite the write lock is taken at BEGIN, so that a reader never has to upgrade."""
    threads, rounds = 6, 5
    with app.app_context(), transaction():
        add_user(1)
    failures: list[BaseException] = []

    def work() -> None:
        with app.app_context():
            for _ in range(rounds):
                try:
                    with transaction():
                        read = select(User.counter)
                        if db.engine.dialect.name == "postgresql":
                            read = read.with_for_update()
                        seen = db.session.scalar(read)
                        db.session.execute(update(User).values(counter=seen + 1))
                except Exception as error:
                    failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    with app.app_context():
        assert db.session.scalar(select(User.counter)) == threads * rounds
