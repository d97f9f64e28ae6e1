"""Counting against a limit: how often something happened to somebody lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Executable, bindparam, case, delete, or_, select, true, update

from otpapp.extensions import UtcDateTime, db
from otpapp.models import Tally
from otpapp.rules.verdicts import Limited
from otpapp.transaction import execute, insert_for

EARLY = timedelta(seconds=2)  # a countdown that runs a little fast is not punished

_MINE = (Tally.limit == bindparam("of"), Tally.subject == bindparam("whose"))
_LOOK = select(Tally.started_at, Tally.times, Tally.last_at).where(*_MINE)
_GIVE_BACK = update(Tally).where(*_MINE, Tally.times > 0).values(times=Tally.times - 1)
_RESET = delete(Tally).where(*_MINE)
_RESET_LANES = delete(Tally).where(_MINE[0], Tally.subject.like(bindparam("lanes")))


@dataclass(frozen=True)
class Limit:
    """At most `most` in `window`, counted from the first; with `gaps`, a growing wait between.

    `gap_name` is what a refusal is called that only asks for a wait.
    """

    name: str
    most: int
    window: timedelta
    gaps: tuple[timedelta, ...] = ()
    gap_name: str = "gap"

    def gap_after(self, count: int) -> timedelta:
        """Return the wait that follows the `count`-th time."""
        return self.gaps[min(count, len(self.gaps)) - 1] if self.gaps and count else timedelta(0)


Budget = tuple[Limit, str]  # a limit, and whose it is


def take_all(budgets: Iterable[Budget], now: datetime) -> Limited | None:
    """Take one from every budget, or from none.

    Returns the limit in the way; of several, the one that ends last, so that whoever waits as long
    as told is served.
    """
    budgets = tuple(budgets)
    with db.session.begin_nested() as taken:
        refused = next(filter(None, (take(*budget, now) for budget in budgets)), None)
        if refused is None:
            return None
        taken.rollback()
    others = (next_time(*budget, now) for budget in budgets)
    return max((refused, *filter(None, others)), key=lambda one: one.until)


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


def reset(limit: Limit, subject: str) -> None:
    """Begin to count anew."""
    execute(_RESET, {"of": limit.name, "whose": subject})


def reset_lanes(limit: Limit, user: str) -> None:
    """Begin to count anew for `user`, an id, wherever somebody asks for them from."""
    reset(limit, user)
    execute(_RESET_LANES, {"of": limit.name, "lanes": f"{user} %"})


def next_time(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Return what stands in the way of one more for `subject` now; changes nothing."""
    row = execute(_LOOK, {"of": limit.name, "whose": subject}).first()
    if row is None:
        return None
    ready = row.last_at + limit.gap_after(row.times)
    ends = row.started_at + limit.window
    if row.times >= limit.most and ends > now:
        return Limited(limit.name, max(ends, ready), limit.most)
    is_early = limit.gaps and row.times and ready > now
    return Limited(limit.gap_name, ready) if is_early else None


def left(limit: Limit, subject: str, now: datetime) -> int:
    """Return how many more `subject` may have before the window ends."""
    row = execute(_LOOK, {"of": limit.name, "whose": subject}).first()
    is_over = row is None or row.started_at + limit.window <= now
    return limit.most - (0 if is_over or row is None else row.times)


@lru_cache
def _counting(dialect: str, gaps: int) -> Executable:
    """Return the one statement of `take`: it counts where window, number and gap allow it."""
    over = Tally.started_at <= _instant("over")
    first = insert_for(dialect)(Tally).values(
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
    ready = longest
    if earlier:
        whens = ((Tally.times == count, instant) for count, instant in enumerate(earlier, start=1))
        ready = case(*whens, else_=longest)
    return (Tally.times == 0) | (Tally.last_at <= ready)


def _instant(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UtcDateTime())
