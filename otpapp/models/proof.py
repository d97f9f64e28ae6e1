"""What somebody proved, kept in the row of the sign-in or session that rests on it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Dialect, Text, TypeDecorator


@dataclass(frozen=True)
class Proof:
    """One proof: by which channel or factor, and when; `credential` is the id of what gave it."""

    factor: str
    at: datetime
    credential: str = ""


class Proofs(TypeDecorator[tuple[Proof, ...]]):
    """The proofs of one row, the oldest first."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Proof, ...] | None, dialect: Dialect) -> str:
        """Write each as a list of three texts, all of them as JSON."""
        return json.dumps([[one.factor, one.at.isoformat(), one.credential] for one in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Proof, ...]:
        """Read them back."""
        found = json.loads(value or "[]")
        return tuple(Proof(factor, datetime.fromisoformat(at), of) for factor, at, of in found)
