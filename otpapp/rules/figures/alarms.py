"""Who is being guessed at, whether it rains on the site, and what text messages cost today."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from otpapp.models import Tally
from otpapp.rules import budgets, limits, tallies
from otpapp.rules.tallies import Limit
from otpapp.settings import Settings
from otpapp.transaction import execute

MOST = 10  # users
_ROWS = (
    select(Tally.subject, Tally.times, Tally.last_at)
    .where(Tally.limit == "failures_in_a_row", Tally.times >= bindparam("from"))
    .order_by(Tally.times.desc(), Tally.last_at.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Guessed:
    """A user on whom wrong codes rain, how many in a row, the last when; perhaps closed by them."""

    user_id: UUID
    times: int
    last_at: datetime
    is_closed: bool


@dataclass(frozen=True)
class Spent:
    """How much of a budget is used, of how much."""

    used: int
    most: int


def guessed_at(settings: Settings) -> list[Guessed]:
    """Return the users whose new codes are longer for wrong ones in a row; the worst 10."""
    most = limits.failures_in_a_row(settings).most
    found: dict[UUID, Guessed] = {}
    # A user is there once for each kind of browser and of proof; strangers' addresses are, too.
    for row in execute(_ROWS, {"from": limits.FREE_IN_A_ROW, "most": 10 * MOST}):
        user_id = budgets.user_of(row.subject)
        if user_id:
            one = Guessed(user_id, row.times, row.last_at, row.times >= most)
            found.setdefault(user_id, one)
    return list(found.values())[:MOST]


def is_raining(settings: Settings, now: datetime) -> bool:
    """Say whether there are so many wrong codes on the site that all new ones are longer."""
    return tallies.left(limits.failures_per_site(settings), "", now) <= 0


def codes_by_sms(settings: Settings, now: datetime) -> Spent:
    """Return how many codes went out by text message in this day's budget."""
    return _spent(limits.sms_per_day(settings), now)


def notices_by_sms(settings: Settings, now: datetime) -> Spent:
    """Return how many notices went out by text message in this day's budget."""
    return _spent(limits.sms_notices_per_day(settings), now)


def _spent(limit: Limit, now: datetime) -> Spent:
    return Spent(limit.most - tallies.left(limit, "", now), limit.most)
