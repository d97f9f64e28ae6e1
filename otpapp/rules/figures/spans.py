"""How often what happened in a span of time, step by step."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from otpapp.models import Event, Hour
from otpapp.rules import clocks
from otpapp.rules.figures import hours
from otpapp.rules.figures.hours import HOUR
from otpapp.transaction import execute

Told = tuple[str, str]  # a kind of event, and its verdict
_OVER = select(Hour.at, Hour.kind, Hour.verdict, Hour.number).where(
    Hour.at >= bindparam("begin"),
    Hour.at < bindparam("end"),
    Hour.kind.in_(bindparam("kinds", expanding=True)),
)
_LIVE = (
    select(Event.kind, Event.verdict, func.count().label("number"))
    .where(
        Event.at >= bindparam("begin"),
        Event.at < bindparam("end"),
        Event.at <= bindparam("latest"),
    )
    .group_by(Event.kind, Event.verdict)
)


@dataclass(frozen=True)
class Span:
    """So many steps of one length, the last of which is going on."""

    step: timedelta
    steps: int

    def begins(self, now: datetime) -> tuple[datetime, ...]:
        """Return when each step began, the oldest first."""
        last = hours.begin_of(now, self.step)
        return tuple(last - number * self.step for number in reversed(range(self.steps)))


SPANS = {
    "day": Span(HOUR, 24),
    "week": Span(6 * HOUR, 28),
    "month": Span(24 * HOUR, 30),
}


@dataclass(frozen=True)
class Figures:
    """How often each kind came out each way, in each step; and the hours yet to be counted."""

    begins: tuple[datetime, ...]
    numbers: Mapping[Told, tuple[int, ...]]
    uncounted: int

    def of(self, *kinds: str, verdict: str = "") -> tuple[int, ...]:
        """Return how often these kinds happened in each step: with this verdict, or with any."""
        found = [
            numbers
            for (kind, said), numbers in self.numbers.items()
            if kind in kinds and verdict in ("", said)
        ]
        return tuple(map(sum, zip(*found, strict=True))) or (0,) * len(self.begins)


def read(span: Span, kinds: Collection[str], now: datetime) -> Figures:
    """Return how often these kinds happened; of hours that are over only what was counted."""
    begins = span.begins(now)
    numbers: dict[Told, list[int]] = defaultdict(lambda: [0] * span.steps)
    for at, told, number in (*_over(begins[0], kinds, now), *_live(now)):
        if told[0] in kinds:
            numbers[told][(at - begins[0]) // span.step] += number
    frozen = {told: tuple(found) for told, found in numbers.items()}
    return Figures(begins, frozen, len(hours.uncounted(begins[0], now)))


def _over(
    begin: datetime, kinds: Collection[str], now: datetime
) -> Iterator[tuple[datetime, Told, int]]:
    values = {"begin": begin, "end": hours.running(now), "kinds": list(kinds)}
    for row in execute(_OVER, values):
        yield row.at, (row.kind, row.verdict), row.number


def _live(now: datetime) -> Iterator[tuple[datetime, Told, int]]:
    """Count what is not over for good: one hour, or two at the beginning of an hour."""
    for begin in dict.fromkeys((hours.running(now), hours.begin_of(now))):
        # What a clock that was ahead has written is yet to happen (X43).
        values = {"begin": begin, "end": begin + HOUR, "latest": now + clocks.APART}
        for row in execute(_LIVE, values):
            yield begin, (row.kind, row.verdict), row.number
