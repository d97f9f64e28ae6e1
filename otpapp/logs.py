"""What a server prints: one line a record, as JSON in production, that nobody outside can forge."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

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
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class PlainLines(logging.Formatter):
    """Writes each record for a developer to read: the message, and its `fields` behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what cannot be printed is escaped in it, but for a trace (X33)."""
        fields = getattr(record, "fields", {})
        pairs = "".join(f" {name}={value}" for name, value in fields.items() if value)
        text = f"{record.levelname} {record.name}: {record.getMessage()}{pairs}"
        line = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Have the records of otpapp printed to `stream`, by default the standard error stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.is_production else PlainLines())
    ours = logging.getLogger("otpapp")
    ours.handlers = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
