"""Every limit: one named function each, its docstring the sentence that it enforces."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Executable, bindparam, case, delete, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from otpapp.extensions import UtcDateTime, db
from otpapp.models import Tally
from otpapp.rules.verdicts import Limited
from otpapp.settings import Settings
from otpapp.transaction import execute

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GAPS = (timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120))
EARLY = timedelta(seconds=2)  # a countdown that runs a little fast is not punished

_MINE = (Tally.limit == bindparam("of"), Tally.subject == bindparam("whose"))
_LOOK = select(Tally.started_at, Tally.times, Tally.last_at).where(*_MINE)
_GIVE_BACK = update(Tally).where(*_MINE, Tally.times > 0).values(times=Tally.times - 1)
_FORGET = delete(Tally).where(Tally.last_at < bindparam("before"))


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
    values = {
        "of": limit.name,
        "whose": subject,
        "now": now,
        "most": limit.most,
        "over": now - limit.window,
        **{f"gap_{count}": now + EARLY - gap for count, gap in enumerate(limit.gaps, start=1)},
    }
    counting = _counting(db.engine.dialect.name, len(limit.gaps))
    if execute(counting, values).first() is not None:
        return None
    return next_time(limit, subject, now)


def give_back(limit: Limit, subject: str) -> None:
    """Undo one `take` that turned out not to count."""
    execute(_GIVE_BACK, {"of": limit.name, "whose": subject})


def next_time(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Return what stands in the way of one more for `subject` now; changes nothing."""
    row = execute(_LOOK, {"of": limit.name, "whose": subject}).first()
    if row is None:
        return None
    ready = row.last_at + limit.gap_after(row.times)
    ends = row.started_at + limit.window
    if row.times >= limit.most and ends > now:
        return Limited(limit.name, max(ends, ready), limit.most)
    return Limited("gap", ready) if ready > now else None


def forget_old(now: datetime) -> None:
    """Delete the tallies whose longest window is over."""
    execute(_FORGET, {"before": now - DAY})


@lru_cache
def _counting(dialect: str, gaps: int) -> Executable:
    """Return the one statement of `take`: it counts where window, number and gap allow it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    over = Tally.started_at <= _instant("over")
    first = insert(Tally).values(
        limit=bindparam("of"),
        subject=bindparam("whose"),
        started_at=_instant("now"),
        times=1,
        last_at=_instant("now"),
    )
    return first.on_conflict_do_update(
        index_elements=[Tally.limit, Tally.subject],
        set_={
            "started_at": case((over, _instant("now")), else_=Tally.started_at),
            "times": case((over, 1), else_=Tally.times + 1),
            "last_at": _instant("now"),
        },
        where=or_(over, Tally.times < bindparam("most")) & _gap_is_over(gaps),
    ).returning(Tally.times)


def _gap_is_over(gaps: int) -> ColumnElement[bool]:
    if not gaps:
        return true()
    *earlier, longest = (_instant(f"gap_{count}") for count in range(1, gaps + 1))
    return Tally.last_at <= case(
        *((Tally.times == count, ready) for count, ready in enumerate(earlier, start=1)),
        else_=longest,
    )


def _instant(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UtcDateTime())
