"""The six answers there are, and how things stand with a change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What became of an answer or a request; the names are stable error codes."""

    ACCEPTED = "ACCEPTED"
    WRONG = "WRONG"
    EXPIRED = "EXPIRED"
    SPENT = "SPENT"
    LOCKED = "LOCKED"
    LIMITED = "LIMITED"


@dataclass(frozen=True)
class Limited:
    """A limit that was reached: which one, and the instant it ends."""

    limit: str
    until: datetime
    most: int = 0
    verdict: Verdict = Verdict.LIMITED


class Standing(StrEnum):
    """How things stand with a change: it can be objected to, that was done, or something since."""

    OPEN = "open"
    DONE = "done"
    PASSED = "passed"
