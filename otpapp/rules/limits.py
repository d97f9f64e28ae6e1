"""Every limit: one named function each, its docstring the sentence that it enforces."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, literal, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from otpapp.extensions import UtcDateTime, db
from otpapp.models import Tally
from otpapp.rules.verdicts import Limited
from otpapp.settings import Settings

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GAPS = (timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120))
EARLY = timedelta(seconds=2)  # a countdown that runs a little fast is not punished


@dataclass(frozen=True)
class Limit:
    """At most `most` in `window`, counted from the first; with `gaps`, a growing wait between."""

    name: str
    most: int
    window: timedelta
    gaps: tuple[timedelta, ...] = ()

    def gap_after(self, count: int) -> timedelta:
        """Return the wait that follows the `count`-th time."""
        return self.gaps[min(count, len(self.gaps)) - 1] if self.gaps else timedelta(0)


def may_send(key: str, network: str, settings: Settings, now: datetime) -> Limited | None:
    """Take one message from every budget it needs, or from none.

    Returns the limit in the way; of several, the one that ends last, so that whoever waits as long
    as told is served.
    """
    checks = (
        (sends_per_identifier(settings), key),
        (sends_per_identifier_per_day(settings), key),
        (sends_per_ip(settings), network),
        (sends_per_site(settings), ""),
    )
    with db.session.begin_nested() as budgets:
        refused = next(filter(None, (take(*check, now) for check in checks)), None)
        if refused is None:
            return None
        budgets.rollback()
    others = (next_time(*check, now) for check in checks)
    return max((refused, *filter(None, others)), key=lambda one: one.until)


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
    return Limit("sends_per_site", settings.limit_sends_per_site, timedelta(minutes=1))


def failures_per_ip(settings: Settings) -> Limit:
    """30 wrong codes an hour from one address (IPv6: from one /64)."""
    return Limit("failures_per_ip", settings.limit_failures_per_ip, HOUR)


def take(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Count one more for `subject` in one statement, or return why not and until when."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    over = Tally.started_at <= now - limit.window
    row = insert(Tally).values(
        limit=limit.name, subject=subject, started_at=now, times=1, last_at=now
    )
    counted = row.on_conflict_do_update(
        index_elements=[Tally.limit, Tally.subject],
        set_={
            "started_at": case((over, _instant(now)), else_=Tally.started_at),
            "times": case((over, 1), else_=Tally.times + 1),
            "last_at": now,
        },
        where=or_(over, Tally.times < limit.most) & _gap_is_over(limit, now),
    ).returning(Tally.times)
    if db.session.execute(counted).first() is not None:
        return None
    return next_time(limit, subject, now)


def give_back(limit: Limit, subject: str) -> None:
    """Undo one `take` that turned out not to count."""
    mine = (Tally.limit == limit.name) & (Tally.subject == subject) & (Tally.times > 0)
    db.session.execute(update(Tally).where(mine).values(times=Tally.times - 1))


def next_time(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Return what stands in the way of one more for `subject` now; changes nothing."""
    row = db.session.execute(
        select(Tally.started_at, Tally.times, Tally.last_at).where(
            Tally.limit == limit.name, Tally.subject == subject
        )
    ).first()
    if row is None:
        return None
    ready = row.last_at + limit.gap_after(row.times)
    ends = row.started_at + limit.window
    if row.times >= limit.most and ends > now:
        return Limited(limit.name, max(ends, ready), limit.most)
    return Limited("gap", ready) if ready > now else None


def forget_old(now: datetime) -> None:
    """Delete the tallies whose longest window is over."""
    db.session.execute(delete(Tally).where(Tally.last_at < now - DAY))


def _gap_is_over(limit: Limit, now: datetime) -> ColumnElement[bool]:
    if not limit.gaps:
        return true()
    *waits, longest = (_instant(now + EARLY - gap) for gap in limit.gaps)
    return Tally.last_at <= case(
        *((Tally.times == count, wait) for count, wait in enumerate(waits, start=1)),
        else_=longest,
    )


def _instant(value: datetime) -> ColumnElement[datetime]:
    return literal(value, UtcDateTime())
