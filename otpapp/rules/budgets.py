"""What may still be done: taking from the limits, giving back, looking how much is left."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from otpapp.models import Tally
from otpapp.rules import limits, tallies
from otpapp.rules.lanes import Lane
from otpapp.rules.tallies import Budget
from otpapp.rules.verdicts import Limited
from otpapp.settings import Settings
from otpapp.transaction import execute

MOST_DIGITS = 8  # D1: nine or more would be visibly biased
_FORGET = delete(Tally).where(
    Tally.last_at < bindparam("before"), Tally.limit != "failures_in_a_row"
)
_CLOSED = select(Tally.subject).where(
    Tally.limit == "failures_in_a_row", Tally.times >= bindparam("most")
)
_OF_A_USER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}( |$)")


@dataclass(frozen=True)
class GuessesLeft:
    """How many more wrong codes lead to a wait, and to the end; and the wait, where one is on."""

    before_wait: int
    before_end: int
    waiting: Limited | None


def may_send(lane: Lane, settings: Settings, now: datetime) -> Limited | None:
    """Take one message from every budget that it needs, or from none and say why."""
    return tallies.take_all(_sending(lane, settings), now)


def next_send(lane: Lane, settings: Settings, now: datetime) -> Limited | None:
    """Return what stands in the way of one more message to this address, from here, now."""
    found = (tallies.next_time(*one, now) for one in _asking(lane, settings))
    return max(filter(None, found), key=lambda one: one.until, default=None)


def sends_left(lane: Lane, settings: Settings, now: datetime) -> int:
    """Return how many more messages to this address may be asked for from here, waits apart."""
    return min(tallies.left(*budget, now) for budget in _asking(lane, settings))


def may_guess(lane: Lane, settings: Settings, now: datetime) -> Limited | None:
    """Take one guess from every budget that it needs, or from none and say why.

    It is taken before the guess is looked at, so that parallel guesses cannot exceed it (X05).
    """
    # The network's comes first: who gets it may later lock rows of others here, and they wait.
    return tallies.take_all([_failing(lane, settings), *_guessing(lane, settings)], now)


def was_no_guess(lane: Lane, settings: Settings) -> None:
    """Give back what `may_guess` took of the user's budgets: no code was compared."""
    for budget in _guessing(lane, settings):
        tallies.give_back(*budget)


def was_no_failure(lane: Lane, settings: Settings) -> None:
    """Give back what `may_guess` took of the network's budget: whoever answered knew the code."""
    tallies.give_back(*_failing(lane, settings))


def was_right(lane: Lane, settings: Settings) -> None:
    """Give back what `may_guess` took; only this ends a row of wrong codes (NIST, D5).

    The day's budget stays as it is: else each sign-in of a user would buy strangers guesses.
    """
    _, per_day = _guessing(lane, settings)
    # In the order of `may_guess`: two that lock the same rows the other way round wait for ever.
    was_no_failure(lane, settings)
    for subject in dict.fromkeys((lane.whose, lane.of(lane.whose))):
        tallies.reset(limits.failures_in_a_row(settings), subject)
    for budget in (per_day, *_answering(lane, settings)):
        tallies.give_back(*budget)


def guesses_left(lane: Lane, settings: Settings, now: datetime) -> GuessesLeft:
    """Return how many more wrong codes there may be, so that no limit bites unannounced."""
    row, per_day = _guessing(lane, settings)
    failing = _failing(lane, settings)
    before_end = tallies.left(*row, now)
    before_pause = max(0, before_end - row[0].most + limits.FREE_IN_A_ROW)
    day, network = (tallies.left(*one, now) for one in (per_day, failing))
    waits = (tallies.next_time(*one, now) for one in (row, per_day, failing))
    return GuessesLeft(
        before_wait=min(before_pause, day, network),
        before_end=before_end,
        waiting=max(filter(None, waits), key=lambda one: one.until, default=None),
    )


def reopen(whose: str, settings: Settings) -> None:
    """Open every way in of a user again in every browser, and begin the day of strangers anew."""
    for limit in (limits.failures_in_a_row(settings), limits.failures_per_user(settings)):
        tallies.reset_lanes(limit, whose)


def closed(settings: Settings) -> frozenset[UUID]:
    """Return who has a way in that too many wrong codes in a row closed."""
    most = limits.failures_in_a_row(settings).most
    found = map(user_of, execute(_CLOSED, {"most": most}).scalars())
    return frozenset(filter(None, found))


def user_of(subject: str) -> UUID | None:
    """Return whom a row of wrong codes is counted for; None where nobody has that address.

    A subject is the id of a user, its lane behind it perhaps, or the address of nobody.
    """
    return UUID(subject.split(" ")[0]) if _OF_A_USER.match(subject) else None


def reopen_by_factor(lane: Lane, settings: Settings, now: datetime) -> None:
    """Open the code path of a user again, where it is closed: another factor showed who it is."""
    row = limits.failures_in_a_row(settings)
    for subject in dict.fromkeys((lane.whose, lane.of(lane.whose))):
        if tallies.left(row, subject, now) <= 0:
            tallies.reset(row, subject)


def keep_row(old: str, new: str, settings: Settings) -> None:
    """Let wrong codes in a row go on to count for `new`, who is who `old` was."""
    tallies.move(limits.failures_in_a_row(settings), old, new)


def bursts_begun(lane: Lane, settings: Settings, now: datetime) -> list[str]:
    """Count one wrong code for the site; return the limits whose burst began with this one."""
    site = limits.failures_per_site(settings)
    counted = tallies.take(site, "", now) is None
    row = limits.failures_in_a_row(settings)
    begun = {
        site.name: counted and tallies.left(site, "", now) == 0,
        row.name: tallies.left(row, lane.of(lane.whose), now) == row.most - limits.FREE_IN_A_ROW,
    }
    return [name for name, began in begun.items() if began]


def digits(whose: str, settings: Settings, now: datetime) -> int:
    """Return how long a new code is: 8 digits while wrong codes rain on this user or the site."""
    row = limits.failures_in_a_row(settings)
    rains = (
        tallies.left(row, whose, now) <= row.most - limits.FREE_IN_A_ROW
        or tallies.left(limits.failures_per_site(settings), "", now) <= 0
    )
    return MOST_DIGITS if rains else settings.code_digits


def forget_old(now: datetime) -> None:
    """Delete the tallies whose window is over; a row of wrong codes has none."""
    execute(_FORGET, {"before": now - limits.DAY})


def _asking(lane: Lane, settings: Settings) -> list[Budget]:
    return [
        (limits.sends_per_identifier(settings), lane.of(lane.key)),
        (limits.sends_per_identifier_per_day(settings), lane.of(lane.key)),
        (limits.sends_per_ip(settings), lane.network),
    ]


def _sending(lane: Lane, settings: Settings) -> list[Budget]:
    budgets = [*_asking(lane, settings), (limits.sends_per_site(settings), "")]
    if not lane.known:
        budgets.append((limits.sends_to_strangers(settings), ""))
    if lane.channel == "sms":
        budgets.append((limits.sms_per_day(settings), ""))
    return [*budgets, *_answering(lane, settings)]


def _answering(lane: Lane, settings: Settings) -> list[Budget]:
    # Where nobody can sign up, all numbers that are written to were let in by an operator.
    if lane.channel != "sms" or lane.known or settings.sign_up != "open":
        return []
    return [(limits.sms_unanswered(settings), lane.key[:-4])]


def _guessing(lane: Lane, settings: Settings) -> list[Budget]:
    per_day = limits.failures_per_known_browser if lane.known else limits.failures_per_user
    return [
        (limits.failures_in_a_row(settings), lane.of(lane.whose)),
        (per_day(settings), lane.of(lane.whose)),
    ]


def _failing(lane: Lane, settings: Settings) -> Budget:
    return limits.failures_per_ip(settings), lane.network
