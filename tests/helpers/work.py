"""What a database is made to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from otpapp.extensions import db

# What a statement does: the verb and the table, or the savepoint it is about.
WORK = re.compile(r"(SELECT|INSERT INTO|UPDATE|DELETE FROM|SAVEPOINT|NOTIFY)(?:.*? FROM)? (\w+)")


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect what each statement in the block does."""
    work: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        found = WORK.match(re.sub(r"\s+", " ", statement))
        if found and found[1] != "SAVEPOINT":
            work.append(f"{found[1]} {found[2]}")

    event.listen(db.engine, "before_cursor_execute", note)
    yield work
    event.remove(db.engine, "before_cursor_execute", note)
