"""The six answers there are."""

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
