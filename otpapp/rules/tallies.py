"""Counting against a limit: how often something happened to somebody lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Executable, bindparam, case, delete, or_, select, true, update
from sqlalchemy.orm import aliased

from otpapp.extensions import UtcDateTime, db
from otpapp.models import Tally
from otpapp.rules import clocks
from otpapp.rules.verdicts import Limited
from otpapp.transaction import execute, insert_for

EARLY = timedelta(seconds=2)  # a countdown that runs a little fast is not punished

_MINE = (Tally.limit == bindparam("of"), Tally.subject == bindparam("whose"))
_LOOK = select(Tally.started_at, Tally.times, Tally.last_at).where(*_MINE)
_GIVE_BACK = update(Tally).where(*_MINE, Tally.times > 0).values(times=Tally.times - 1)
_SET_RIGHT = (
    update(Tally)
    .where(*_MINE)
    .values(started_at=bindparam("began"), last_at=bindparam("seen", type_=UtcDateTime()))
)
_RESET = delete(Tally).where(*_MINE)
_ITS = aliased(Tally)
_HEIRS = select(_ITS).where(_ITS.limit == bindparam("of"), _ITS.subject == bindparam("heir"))
_MOVE = update(Tally).where(*_MINE, ~_HEIRS.exists()).values(subject=bindparam("heir"))
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


@dataclass(frozen=True)
class Count:
    """How often something happened, since when, and when it did last.

    X43: what only a clock that was far ahead can have noted counts as happening now; `corrected`
    says that it does.
    """

    started_at: datetime
    times: int
    last_at: datetime
    corrected: bool


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
    others = (_refusal(*budget, now) for budget in budgets)
    return max((refused, *filter(None, others)), key=lambda one: one.until)


def take(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Count one more for `subject` in one statement, or return why not and until when."""
    values = {
        "of": limit.name,
        "whose": subject,
        "now": now,
        "most": limit.most,
        "over": now - limit.window,
        "far": now + clocks.FAR,
        **{f"gap_{count}": now + EARLY - gap for count, gap in enumerate(limit.gaps, start=1)},
    }
    counting = _counting(db.engine.dialect.name, len(limit.gaps))
    if execute(counting, values).first() is not None:
        return None
    return _refusal(limit, subject, now)


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


def move(limit: Limit, old: str, new: str) -> None:
    """Let what was counted for `old` count for `new`, where nothing is counted yet."""
    execute(_MOVE, {"of": limit.name, "whose": old, "heir": new})


def next_time(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Return what stands in the way of one more for `subject` now; changes nothing."""
    count = _look(limit, subject, now)
    return _in_the_way(limit, count, now) if count else None


def left(limit: Limit, subject: str, now: datetime) -> int:
    """Return how many more `subject` may have before the window ends."""
    count = _look(limit, subject, now)
    is_over = count is None or count.started_at + limit.window <= now
    return limit.most - (0 if is_over or count is None else count.times)


def _refusal(limit: Limit, subject: str, now: datetime) -> Limited | None:
    """Return what stands in the way, and see that it ends however far ahead a clock was."""
    count = _look(limit, subject, now)
    if count and count.corrected:
        values = {"began": count.started_at, "seen": count.last_at}
        execute(_SET_RIGHT, {"of": limit.name, "whose": subject, **values})
    return _in_the_way(limit, count, now) if count else None


def _in_the_way(limit: Limit, count: Count, now: datetime) -> Limited | None:
    ready = count.last_at + limit.gap_after(count.times)
    ends = count.started_at + limit.window
    if count.times >= limit.most and ends > now:
        return Limited(limit.name, max(ends, ready), limit.most)
    is_early = limit.gaps and count.times and ready > now
    return Limited(limit.gap_name, ready) if is_early else None


def _look(limit: Limit, subject: str, now: datetime) -> Count | None:
    row = execute(_LOOK, {"of": limit.name, "whose": subject}).first()
    if row is None:
        return None
    noted = (row.started_at, row.last_at)
    began, last = (now if clocks.is_ahead(at, now, clocks.FAR) else at for at in noted)
    return Count(began, row.times, last, corrected=(began, last) != noted)


@lru_cache
def _counting(dialect: str, gaps: int) -> Executable:
    """Return the one statement of `take`: it counts where window, number and gap allow it."""
    over = Tally.started_at <= _instant("over")
    far = Tally.started_at > _instant("far")
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
            "started_at": case((or_(over, far), _instant("now")), else_=Tally.started_at),
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
