"""What a server prints: one line a record, as JSON in production, that nobody outside can forge."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from sqlalchemy.exc import StatementError

from otpapp.settings import Settings


class JsonLines(logging.Formatter):
    """Writes each record as one JSON object: at, level, logger, message, and its `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; everything but printable ASCII is escaped in it (X33)."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, default=str)


class PlainLines(logging.Formatter):
    """Writes each record for a developer to read: the message, and its `fields` behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what cannot be printed is escaped in it, but for a trace (X33)."""
        fields = getattr(record, "fields", {})
        pairs = "".join(f" {name}={value}" for name, value in fields.items() if value)
        text = f"{record.levelname} {record.name}: {record.getMessage()}{pairs}"
        line = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
        return f"{line}\n{_trace(record.exc_info[1])}" if record.exc_info else line


def _trace(error: BaseException | None) -> str:
    """Return where `error` and those before it arose, and the first line of what each says.

    X32: PostgreSQL quotes in the lines after it the row that it did not take.
    """
    if error is None:
        return ""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    said = str(error).partition("\n")[0]
    statement = f"\n[SQL: {error.statement}]" if isinstance(error, StatementError) else ""
    return f"{_trace(before)}{frames}{type(error).__name__}: {said}{statement}\n"


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Have the records of otpapp printed to `stream`, by default the standard error stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.is_production else PlainLines())
    ours = logging.getLogger("otpapp")
    ours.handlers = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
