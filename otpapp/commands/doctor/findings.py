"""What the doctor finds, and how it says it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

MARKS = {True: "well ", False: "WRONG"}
NOTE = "note "


@dataclass(frozen=True)
class Wrong:
    """What is wrong, and what to write or to do so that it is not."""

    said: str
    fix: str


@dataclass(frozen=True)
class Finding:
    """What was looked at, in words that hold when it is well, and what was wrong with it.

    Notes are good to know, and nothing to put right.
    """

    about: str
    wrong: tuple[Wrong, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.wrong

    def lines(self) -> Iterator[str]:
        """Yield what people read of it."""
        if self.is_well:
            yield f"  {MARKS[True]}  {self.about}"
        for one in self.wrong:
            yield f"  {MARKS[False]}  {one.said}"
            yield f"         -> {one.fix}"
        for said in self.notes:
            yield f"  {NOTE}  {said}"

    def as_json(self) -> dict[str, Any]:
        """Return what programs read of it."""
        wrong = [*map(asdict, self.wrong)]
        return {"about": self.about, "well": self.is_well, "wrong": wrong, "notes": [*self.notes]}
