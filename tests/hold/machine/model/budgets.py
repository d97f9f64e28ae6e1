"""So many in so long, some with a wait that grows; and whose budgets are drawn on for what."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVER = timedelta(days=36_500)
NONE = timedelta(0)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
EARLY = timedelta(seconds=2)  # by so much may whoever waits be too early
GAPS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120))
SHARED_BY_STRANGERS = ("sends_per_site", "sends_to_strangers")
FREE = 10  # wrong codes in a row: the last of them costs the first wait
PAUSES = (NONE,) * (FREE - 1) + tuple(min(MINUTE / 2 * 2**n, HOUR) for n in range(8))


@dataclass
class Budget:
    """At most `most` in `window`, each of them so long after the one before as `gaps` say."""

    most: int
    window: timedelta
    gaps: tuple[timedelta, ...] = ()
    times: int = 0
    began: datetime = LONG_AGO
    last: datetime = LONG_AGO

    @property
    def ends(self) -> datetime:
        """When the window is over."""
        return self.began + self.window

    @property
    def ready(self) -> datetime:
        """When the wait after the last one is over."""
        if not (self.gaps and self.times):
            return LONG_AGO
        return self.last + self.gaps[min(self.times, len(self.gaps)) - 1]

    def allows(self, now: datetime) -> bool:
        """Say whether there may be one more."""
        return (self.times < self.most or self.ends <= now) and self.ready <= now + EARLY

    def until(self, now: datetime) -> datetime:
        """Return when there may be one more."""
        is_full = self.times >= self.most and self.ends > now
        return max(self.ready, self.ends if is_full else LONG_AGO)

    def take(self, now: datetime) -> None:
        """Count one more."""
        self.began, self.times = (now, 1) if self.ends <= now else (self.began, self.times + 1)
        self.last = now

    def give_back(self) -> None:
        """Count one less."""
        self.times = max(0, self.times - 1)


def take_all(budgets: Iterable[Budget], now: datetime) -> datetime | None:
    """Take one from each, or none and return until when."""
    budgets = tuple(budgets)
    if not all(budget.allows(now) for budget in budgets):
        return max(budget.until(now) for budget in budgets)
    for budget in budgets:
        budget.take(now)
    return None


class Budgets:
    """All budgets; `browser` is the number of one that is known to the user, None for any other."""

    def __init__(self, settings) -> None:
        site = settings.limit_sends_per_site
        self.kept: dict[tuple, Budget] = {}
        self._kinds = {
            "sends_per_identifier": Budget(settings.limit_sends_per_identifier, HOUR, GAPS),
            "sends_per_identifier_per_day": Budget(
                settings.limit_sends_per_identifier_per_day, DAY
            ),
            "sends_per_ip": Budget(settings.limit_sends_per_ip, HOUR),
            "sends_per_site": Budget(site, MINUTE),
            "sends_to_strangers": Budget(int(site * 0.7), MINUTE),
            "failures_in_a_row": Budget(settings.limit_failures_in_a_row, EVER, PAUSES),
            "failures_per_user": Budget(settings.limit_failures_per_user, DAY),
            "failures_per_known_browser": Budget(settings.limit_failures_per_known_browser, DAY),
            "failures_per_ip": Budget(settings.limit_failures_per_ip, HOUR),
        }

    def sending(self, network: str, address: str, browser: int | None) -> list[Budget]:
        """Return what a message to `address` is taken from."""
        key = (re.sub(r"\+.*@", "@", address), browser)
        shared = ("sends_per_site",) if browser is not None else SHARED_BY_STRANGERS
        return [
            self._get("sends_per_identifier", *key),
            self._get("sends_per_identifier_per_day", *key),
            self._get("sends_per_ip", network),
            *map(self._get, shared),
        ]

    def guessing(self, network: str, whose, browser: int | None) -> tuple[Budget, Budget, Budget]:
        """Return what an answer is taken from: in a row, today, and from this network."""
        today = "failures_per_user" if browser is None else "failures_per_known_browser"
        return self.row(whose, browser), self._get(today, whose, browser), self.failing(network)

    def row(self, whose, browser: int | None = None) -> Budget:
        """Return what wrong answers in a row are taken from."""
        return self._get("failures_in_a_row", whose, browser)

    def failing(self, network: str) -> Budget:
        """Return what wrong answers from this network are taken from."""
        return self._get("failures_per_ip", network)

    def end_row(self, whose, *browsers: int | None) -> None:
        """Begin rows of wrong codes anew."""
        for browser in browsers:
            self.kept.pop(("failures_in_a_row", whose, browser), None)

    def reopen(self, whose) -> None:
        """Begin every row of wrong codes of this user anew, and the day of strangers."""
        self.end_row(
            whose, *[key[2] for key in self.kept if key[:2] == ("failures_in_a_row", whose)]
        )
        self.kept.pop(("failures_per_user", whose, None), None)

    def forget_old(self, now: datetime) -> None:
        """Forget what cannot count any more; a row of wrong codes always does."""
        self.kept = {
            key: one
            for key, one in self.kept.items()
            if key[0] == "failures_in_a_row" or one.last >= now - DAY
        }

    def counts(self) -> list[tuple[str, int]]:
        """Return how much was taken, by kind, whosever it is."""
        return sorted((key[0], one.times) for key, one in self.kept.items() if one.times)

    def _get(self, name: str, *whose) -> Budget:
        return self.kept.setdefault((name, *whose), replace(self._kinds[name]))
