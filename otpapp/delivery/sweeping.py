"""Deleting what is over, now and then, some at a time."""

from datetime import datetime

from otpapp.clock import real_now
from otpapp.rules import budgets, upkeep
from otpapp.rules.account import leaving, owning
from otpapp.rules.classroom import rooms
from otpapp.rules.figures import hours
from otpapp.rules.gate import entering
from otpapp.rules.people import invitations, trail
from otpapp.settings import Settings
from otpapp.transaction import transaction

BATCHES = 50  # of old events a sweep: messages wait meanwhile
HOURS = 240  # that are counted a sweep: an old trail is done in a few


def sweep(settings: Settings, now: datetime) -> None:
    """Delete what limits, sign-ups, invitations and the like need no more; count what is over."""
    with transaction():
        if settings.is_classroom and rooms.sweep(real_now()):
            return
        budgets.forget_old(now)
        upkeep.forget_unproved(settings, now)
        owning.forget_removed(now)
        entering.forget_unused(now)
        invitations.forget_old(now)
    for user_id in leaving.due(now):
        with transaction():
            leaving.leave(user_id, settings, now)
    prune(settings, now, BATCHES)
    count_hours(now - hours.KEPT, now, HOURS)


def count_hours(since: datetime, now: datetime, most: int, patience: int | None = None) -> None:
    """Count the newest hours that are over and were not, each in a transaction of its own.

    `most` of them, none from before `since`; locks are waited for `patience` milliseconds.
    """
    for one in hours.uncounted(since, now)[:most]:
        with transaction(patience):
            hours.count(one)


def prune(settings: Settings, now: datetime, batches: int | None = None) -> int:
    """Delete events, and hours, that were kept for long enough; return how many events there were.

    All of them, or as many `batches` as may be, each in a transaction of its own.
    """
    with transaction():
        hours.forget(now)
    count = done = 0
    while batches is None or done < batches:
        with transaction():
            gone = trail.forget_old(settings, now)
        count, done = count + gone, done + 1
        if gone < trail.BATCH:
            break
    if count:
        with transaction():
            trail.record_forgotten(count, now)
    return count
