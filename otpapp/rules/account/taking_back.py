"""Undoing a change of identifiers, by the link in the notice of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from otpapp.extensions import db
from otpapp.models import Event, Identifier, User
from otpapp.rules import events, evicting, notices
from otpapp.rules.account import adding, owning
from otpapp.rules.verdicts import Standing
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

TAKEN_BACK = "identifier.taken_back"
CHANGES = (adding.KIND, owning.REMOVED)

_ALL = (
    select(Identifier, User.created_at)
    .join(User)
    .where(Identifier.user_id == bindparam("whose"))
    .execution_options(populate_existing=True)
)
_STAYS = update(User).where(User.id == bindparam("whose")).values(leaves_at=None)
_DELETE = delete(Identifier).where(Identifier.id.in_(bindparam("added", expanding=True)))
_RESTORE = (
    update(Identifier)
    .where(Identifier.id.in_(bindparam("back", expanding=True)))
    .values(removed_at=None)
)


@dataclass(frozen=True)
class Undoing:
    """The numbers of the identifiers that go, and of those that come back."""

    added: list[int]
    back: list[int]


def standing(event: Event) -> Standing:
    """Return what became of the change since."""
    undone = (int(one.detail) for one in events.since(event, TAKEN_BACK))
    if any(number <= event.id for number in undone):
        return Standing.DONE
    undoing = _undoing(event)
    return Standing.OPEN if undoing.added or undoing.back else Standing.PASSED


def make(event: Event, visitor: Visitor, settings: Settings, now: datetime) -> bool:
    """Have a user's identifiers be those from before `event`, and let everybody out.

    False where there is nothing to undo any more.
    """
    assert event.user_id  # noqa: S101 - every change is of somebody's
    evicting.everybody_out(event.user_id, now)
    undoing = _undoing(event)
    if not undoing.added and not undoing.back:
        return False
    # Whoever changed them may have asked for the deletion too.
    execute(_STAYS, {"whose": event.user_id})
    execute(_DELETE, {"added": undoing.added})
    execute(_RESTORE, {"back": undoing.back})
    notices.record(
        TAKEN_BACK,
        event.user_id,
        visitor,
        settings,
        now,
        subject=event.subject,
        detail=str(event.id),
    )
    return True


def _undoing(event: Event) -> Undoing:
    """Return what separates a user's identifiers from those before `event`.

    One that was added since goes for good. Of those that were removed, one that was itself added
    shortly before stays away: else whoever added theirs in a stranger's session could remove it
    again, seem to be gone, and have it back by a link of their own.
    """
    added, back = [], []
    for one, since in db.session.execute(_ALL, {"whose": event.user_id}):
        is_original = one.created_at == since
        if one.created_at >= event.at and one.verified_at and not is_original:
            added.append(one.id)
        elif one.removed_at and one.removed_at >= event.at:
            is_old = one.created_at <= one.removed_at - owning.CAN_COME_BACK_FOR
            back.extend([one.id] * (is_old or is_original))
    return Undoing(added, back)
