"""How connections to the database behave: nothing acknowledged is lost, and no wait is endless."""

import select
import sqlite3

from sqlalchemy import Connection, Engine, ExceptionContext, event
from sqlalchemy.exc import InvalidatePoolError

LOCKS_WAIT = 5000  # milliseconds that one statement waits for what others hold
# libpq's own bounds are minutes, or none; what stands in OTPAPP_DATABASE_URL comes first.
POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def tune(engine: Engine) -> None:
    """Have each connection keep what it acknowledges, fail in bounded time, and be alive when used.

    Call it once for an engine, before its first connection.
    """
    if engine.dialect.name == "postgresql":
        _tune_postgresql(engine)
    else:
        _tune_sqlite(engine)
        _get_over_reading_only(engine)


def _tune_sqlite(engine: Engine) -> None:
    """Make SQLite keep what it acknowledges and let writers queue instead of failing.

    X42: without BEGIN IMMEDIATE two requests can read the same counter before either writes.
    X48: synchronous=FULL, else a used code could come alive again after a power cut.
    """

    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={LOCKS_WAIT}",
        "foreign_keys=ON",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin = "BEGIN IMMEDIATE" if options.get("otpapp_write") else "BEGIN"
    patience = options.get("otpapp_patience")
    if patience is not None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql(begin)
    finally:
        if patience is not None:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={LOCKS_WAIT}")


def _get_over_reading_only(engine: Engine) -> None:
    """Have SQLite written to again once that is possible, without a restart.

    A connection that was opened while the file could only be read, or to a file that was replaced
    since, stays as it is; and as all those of a process share what they found, a new one is better
    only after every old one was closed: the idle ones at once, those in use when they come back.
    """

    generation = 0

    @event.listens_for(engine, "handle_error")
    def _failed(fault: ExceptionContext) -> None:
        nonlocal generation
        code = getattr(fault.original_exception, "sqlite_errorcode", 0)
        if code & 0xFF == sqlite3.SQLITE_READONLY:
            generation += 1
            engine.dispose()

    @event.listens_for(engine, "do_connect")
    def _connecting(_dialect, record, _arguments, _named) -> None:  # type: ignore[no-untyped-def]
        record.info["generation"] = generation

    @event.listens_for(engine, "checkin")
    def _returned(_connection, record) -> None:  # type: ignore[no-untyped-def]
        if record.info.get("generation") != generation:
            record.invalidate()


def _tune_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def _connecting(_dialect, _record, _arguments, named) -> None:  # type: ignore[no-untyped-def]
        named.update({**POSTGRESQL, **named})

    @event.listens_for(engine, "connect")
    def _connected(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {LOCKS_WAIT}")
        connection.autocommit = False

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        patience = connection.get_execution_options().get("otpapp_patience")
        if patience is not None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")

    @event.listens_for(engine, "checkout")
    def _taken(connection, _record, _holder) -> None:  # type: ignore[no-untyped-def]
        # A server that restarts says goodbye on every idle connection. To look whether anything
        # came in costs a few microseconds, where pool_pre_ping costs a statement each time.
        line = select.poll()
        line.register(connection.fileno(), select.POLLIN)
        if line.poll(0):
            raise InvalidatePoolError
