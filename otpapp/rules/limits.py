"""Every limit: one named function each, its docstring the sentence that it enforces."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete

from otpapp.models import Tally
from otpapp.rules import tallies
from otpapp.rules.lanes import Lane
from otpapp.rules.tallies import Budget, Limit
from otpapp.rules.verdicts import Limited
from otpapp.settings import Settings
from otpapp.transaction import execute

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOR_EVER = timedelta(days=36_500)
GAPS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120))
FREE_IN_A_ROW = 10  # wrong codes before the first wait
# 30 seconds, then twice as long each time, an hour at most (NIST SP 800-63B-4 section 3.2.2).
PAUSES = (timedelta(0),) * (FREE_IN_A_ROW - 1) + tuple(
    min(timedelta(seconds=30) * 2**count, HOUR) for count in range(8)
)
MOST_DIGITS = 8  # D1: nine or more would be visibly biased
_FORGET = delete(Tally).where(
    Tally.last_at < bindparam("before"), Tally.limit != "failures_in_a_row"
)
RESERVE = 0.3  # of the site's messages, kept for known browsers (passwordless-ux.md section 4)


def may_send(lane: Lane, settings: Settings, now: datetime) -> Limited | None:
    """Take one message from every budget that it needs, or from none and say why."""
    return tallies.take_all(_sending(lane, settings), now)


def next_send(lane: Lane, settings: Settings, now: datetime) -> Limited | None:
    """Return what stands in the way of one more message to this address now."""
    budgets = _sending(lane, settings)[:2]
    return next(filter(None, (tallies.next_time(*one, now) for one in budgets)), None)


def may_guess(lane: Lane, settings: Settings, now: datetime) -> Limited | None:
    """Take one guess from every budget that it needs, or from none and say why.

    It is taken before the guess is looked at, so that parallel guesses cannot exceed it (X05).
    """
    return tallies.take_all([*_guessing(lane, settings), _failing(lane, settings)], now)


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
    tallies.give_back(*per_day)
    was_no_failure(lane, settings)
    for subject in dict.fromkeys((lane.whose, lane.of(lane.whose))):
        tallies.reset(failures_in_a_row(settings), subject)


def guesses_left(lane: Lane, settings: Settings, now: datetime) -> int:
    """Return how many more wrong codes there may be today."""
    _, per_day = _guessing(lane, settings)
    return tallies.left(*per_day, now)


def reopen(whose: str, settings: Settings) -> None:
    """Open the code path of a user again, with its waits and the day's budget for strangers."""
    for limit in (failures_in_a_row(settings), failures_per_user(settings)):
        tallies.reset(limit, whose)


def bursts_begun(lane: Lane, settings: Settings, now: datetime) -> list[str]:
    """Count one wrong code for the site; return the limits whose burst began with this one."""
    site = failures_per_site(settings)
    counted = tallies.take(site, "", now) is None
    row = failures_in_a_row(settings)
    begun = {
        site.name: counted and tallies.left(site, "", now) == 0,
        row.name: tallies.left(row, lane.of(lane.whose), now) == row.most - FREE_IN_A_ROW,
    }
    return [name for name, began in begun.items() if began]


def digits(whose: str, settings: Settings, now: datetime) -> int:
    """Return how long a new code is: 8 digits while wrong codes rain on this user or the site."""
    row = failures_in_a_row(settings)
    rains = (
        tallies.left(row, whose, now) <= row.most - FREE_IN_A_ROW
        or tallies.left(failures_per_site(settings), "", now) <= 0
    )
    return MOST_DIGITS if rains else settings.code_digits


def forget_old(now: datetime) -> None:
    """Delete the tallies whose window is over; a row of wrong codes has none."""
    execute(_FORGET, {"before": now - DAY})


def _sending(lane: Lane, settings: Settings) -> list[Budget]:
    budgets = [
        (sends_per_identifier(settings), lane.of(lane.key)),
        (sends_per_identifier_per_day(settings), lane.of(lane.key)),
        (sends_per_ip(settings), lane.network),
        (sends_per_site(settings), ""),
    ]
    if not lane.known:
        budgets.append((sends_to_strangers(settings), ""))
    if lane.channel == "sms":
        budgets.append((sms_per_day(settings), ""))
    return budgets


def _guessing(lane: Lane, settings: Settings) -> list[Budget]:
    per_day = failures_per_known_browser if lane.known else failures_per_user
    return [
        (failures_in_a_row(settings), lane.of(lane.whose)),
        (per_day(settings), lane.of(lane.whose)),
    ]


def _failing(lane: Lane, settings: Settings) -> Budget:
    return failures_per_ip(settings), lane.network


def sends_per_identifier(settings: Settings) -> Limit:
    """5 messages an hour to one address or number, 30, 60 and then 120 seconds apart."""
    return Limit("sends_per_identifier", settings.limit_sends_per_identifier, HOUR, GAPS)


def sends_per_identifier_per_day(settings: Settings) -> Limit:
    """10 messages a day to one address or number."""
    most = settings.limit_sends_per_identifier_per_day
    return Limit("sends_per_identifier_per_day", most, DAY)


def sends_per_ip(settings: Settings) -> Limit:
    """20 messages an hour asked for from one address (IPv6: from one /64)."""
    return Limit("sends_per_ip", settings.limit_sends_per_ip, HOUR)


def sends_per_site(settings: Settings) -> Limit:
    """100 messages a minute from this site."""
    return Limit("sends_per_site", settings.limit_sends_per_site, MINUTE)


def sends_to_strangers(settings: Settings) -> Limit:
    """70 messages a minute asked for by unknown browsers; the rest is kept for known ones."""
    most = max(1, int(settings.limit_sends_per_site * (1 - RESERVE)))
    return Limit("sends_to_strangers", most, MINUTE)


def sms_per_day(settings: Settings) -> Limit:
    """50 text messages a day from this site: they cost money, and fraudsters earn by them."""
    return Limit("sms_per_day", settings.limit_sms_per_day, DAY)


def failures_per_user(settings: Settings) -> Limit:
    """20 wrong codes a day for one user, from all unknown browsers together."""
    return Limit("failures_per_user", settings.limit_failures_per_user, DAY)


def failures_per_known_browser(settings: Settings) -> Limit:
    """10 wrong codes a day for one user from one browser that signed them in before."""
    most = settings.limit_failures_per_known_browser
    return Limit("failures_per_known_browser", most, DAY)


def failures_in_a_row(settings: Settings) -> Limit:
    """100 wrong codes in a row close the code path; from the 10th on each costs a longer wait."""
    most = settings.limit_failures_in_a_row
    return Limit("failures_in_a_row", most, FOR_EVER, PAUSES, gap_name="pause")


def failures_per_ip(settings: Settings) -> Limit:
    """30 wrong codes an hour from one address (IPv6: from one /64)."""
    return Limit("failures_per_ip", settings.limit_failures_per_ip, HOUR)


def failures_per_site(settings: Settings) -> Limit:
    """300 wrong codes an hour on the whole site are a burst: new codes get 8 digits."""
    return Limit("failures_per_site", settings.limit_failures_per_site, HOUR)
