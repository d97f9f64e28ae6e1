"""The only commit in the code base, and the short way to the database inside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite

from otpapp.extensions import Base, db


@contextmanager
def transaction(patience: int | None = None) -> Iterator[None]:
    """Keep all that the block writes, or nothing of it.

    Whatever was read before the block is let go first: on SQLite the write lock must be taken at
    BEGIN, because a transaction that reads and then writes fails at once when another has written.
    Locks of others are waited for as long as usual, or `patience` milliseconds.
    """
    db.session.rollback()
    options = {"otpapp_write": True, "otpapp_patience": patience}
    try:
        db.session.connection(execution_options=options)
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def execute(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
    """Run a statement that was built once, on the connection of the present transaction.

    It costs a third of what the same statement does through the session, and a fifth of one that is
    built anew. What the session still holds unwritten is not seen by it.
    """
    return db.session.connection().execute(statement, values)


def execute_many(statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement that was built once for each of some rows, of which there is one at least."""
    db.session.connection().execute(statement, rows)


def insert_for(dialect: str) -> Callable[[type[Base]], postgresql.Insert | sqlite.Insert]:
    """Return the INSERT that can say ON CONFLICT on this kind of database."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
