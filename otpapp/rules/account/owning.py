"""Which identifiers a user has: removing one, and choosing the first."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, update

from otpapp.models import Identifier
from otpapp.models.identifier import LIVES
from otpapp.rules import events, evicting, notices, users
from otpapp.rules.factors import credentials
from otpapp.rules.sessions import SignedIn
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

REMOVED = "identifier.removed"
CAN_COME_BACK_FOR = timedelta(hours=72)
_REMOVE = (
    update(Identifier)
    .where(Identifier.id == bindparam("gone"), LIVES)
    .values(removed_at=bindparam("now"))
)
_CHOOSE = (
    update(Identifier)
    .where(Identifier.user_id == bindparam("whose"))
    .values(is_first=Identifier.id == bindparam("chosen"))
)
_FORGET = delete(Identifier).where(Identifier.removed_at <= bindparam("before"))


class Outcome(StrEnum):
    """What became of a wish: done, or why not."""

    DONE = "done"
    GONE = "gone"
    LAST = "last"
    UNPROVED = "unproved"


def remove(
    who: SignedIn, number: int, visitor: Visitor, settings: Settings, now: datetime
) -> Outcome:
    """Take an identifier from a user; it is told so, and can come back for 72 hours.

    The last one that was verified stays: nobody could be reached. All codes and sign-ins under way
    of this user end with it.
    """
    # It also lets nobody else change what this user has, so that of two one stays.
    evicting.end_under_way(who.user_id, now)
    held = users.addresses_of(who.user_id)
    found = next((one for one in held if one.id == number), None)
    if found is None:
        return Outcome.GONE
    if all(one.id == number or one.verified_at is None for one in held):
        return Outcome.LAST
    notices.record(REMOVED, who.user_id, visitor, settings, now, subject=found.key)
    execute(_REMOVE, {"gone": number, "now": now})
    return Outcome.DONE


def choose_first(
    who: SignedIn, number: int, visitor: Visitor, settings: Settings, now: datetime
) -> Outcome:
    """Have an identifier of a user stand first: apps behind the gate know them by it."""
    credentials.lock(who.user_id)
    held = users.addresses_of(who.user_id)
    found = next((one for one in held if one.id == number), None)
    if found is None:
        return Outcome.GONE
    if found.verified_at is None:
        return Outcome.UNPROVED
    if not found.is_first:
        execute(_CHOOSE, {"whose": who.user_id, "chosen": number})
        events.record(
            "identifier.first", now, visitor=visitor, user_id=who.user_id, subject=found.key
        )
    return Outcome.DONE


def forget_removed(now: datetime) -> int:
    """Delete the identifiers that cannot come back any more; return how many."""
    return execute(_FORGET, {"before": now - CAN_COME_BACK_FOR}).rowcount
