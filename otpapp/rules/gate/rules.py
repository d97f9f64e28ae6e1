"""The rules of an app: which path, for whom, with which proofs."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from otpapp.rules import identifiers
from otpapp.rules.gate.wanted import folded, is_plain
from otpapp.rules.identifiers import Address
from otpapp.settings import Settings

ANYONE = "anyone"  # signed in or not
EVERYONE = "everyone"  # who is signed in
GROUP = "group:"
PROOFS = ("one", "two", "passkey")
LONGEST_PATH = 400  # characters
MINUTE = timedelta(minutes=1)
LONGEST_FRESH = timedelta(days=30)
NAME_FAULT = "a name has 1 to 40 of the letters a-z, digits and dashes, like {}"
PATH_FAULT = "a path begins with /, and has no .. // ; \\ ? # or % in it"
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Rule:
    """One rule: a path and all below it, for whom, what they must have proved, how lately.

    `allow` holds anyone, everyone, group:staff or identifiers in their canonical spelling. Of the
    rules of an app the one with the longest path decides.
    """

    path: str
    allow: tuple[str, ...]
    proofs: str = "one"
    fresh: timedelta | None = None

    @cached_property
    def folded(self) -> str:
        """The path as servers compare it that know neither case nor forms of letters."""
        return folded(self.path)

    def as_row(self) -> dict[str, Any]:
        """Return what a row, or a file, keeps of it; `fresh` in minutes."""
        row: dict[str, Any] = {"path": self.path, "allow": list(self.allow), "proofs": self.proofs}
        return row | ({"fresh": int(self.fresh.total_seconds() // 60)} if self.fresh else {})


def from_rows(rows: Iterable[dict[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules that rows keep."""
    return tuple(
        Rule(
            row["path"],
            tuple(row["allow"]),
            row["proofs"],
            timedelta(minutes=row["fresh"]) if "fresh" in row else None,
        )
        for row in rows
    )


def canonical_path(text: str) -> str | None:
    """Return the path of a rule as it is kept; None if servers could read it in several ways."""
    path = unicodedata.normalize("NFC", text).rstrip("/") or "/"
    is_one = text.startswith("/") and len(path) <= LONGEST_PATH and is_plain(path)
    return path if is_one and not set("?#%") & set(path) else None


def canonical_who(text: str, settings: Settings) -> str | None:
    """Return one entry of `allow` as it is kept; None if it names nobody."""
    word = text.strip()
    if word in (ANYONE, EVERYONE):
        return word
    if word.startswith(GROUP):
        return word if NAME.fullmatch(word.removeprefix(GROUP)) else None
    found = identifiers.parse(word, settings)
    return found.key if isinstance(found, Address) else None
