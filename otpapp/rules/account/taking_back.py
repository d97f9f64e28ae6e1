"""Undoing a change of identifiers, by the link in the notice of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from otpapp.extensions import db
from otpapp.models import Event, Identifier, User
from otpapp.rules import events, evicting, notices
from otpapp.rules.account import adding, owning
from otpapp.rules.factors import credentials
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


_TAKE_AWAY = (
    update(Identifier)
    .where(Identifier.id.in_(bindparam("again", expanding=True)))
    .values(removed_at=bindparam("since"))
)
_BEFORE = (
    select(Event.id)
    .where(
        Event.user_id == bindparam("whose"),
        Event.kind == TAKEN_BACK,
        Event.subject == bindparam("about"),
        Event.id < bindparam("number"),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Undoing:
    """What separates a user's identifiers from those that they had at an instant.

    `added` are new, `again` were theirs before and were added once more, `back` were removed.
    """

    added: list[Identifier]
    again: list[Identifier]
    back: list[Identifier]

    def __bool__(self) -> bool:
        """Say whether there is anything to undo."""
        return bool(self.added or self.again or self.back)


def undoes(event: Event) -> bool:
    """Say whether an objection to `event` takes it back.

    A change of one address is taken back once: else whoever reads an address that its owner wants
    to be rid of could come back by a link after each removal. From then on it freezes.
    """
    about = {"whose": event.user_id, "about": event.subject, "number": event.id}
    return event.kind in CHANGES and execute(_BEFORE, about).first() is None


def standing(event: Event) -> Standing:
    """Return what became of the change since."""
    undone = (int(one.detail) for one in events.since(event, TAKEN_BACK))
    if any(number <= event.id for number in undone):
        return Standing.DONE
    assert event.user_id  # noqa: S101 - every change is of somebody's
    return Standing.OPEN if since(event.user_id, event.at) else Standing.PASSED


def make(event: Event, visitor: Visitor, settings: Settings, now: datetime) -> bool:
    """Have a user's identifiers be those from before `event`, and let everybody out.

    False where there is nothing to undo any more.
    """
    assert event.user_id  # noqa: S101 - every change is of somebody's
    evicting.everybody_out(event.user_id, now)
    # Whoever changed them may have asked for the deletion too.
    execute(_STAYS, {"whose": event.user_id})
    if not _undo(event.user_id, event.at):
        return False
    subject, detail = event.subject, str(event.id)
    notices.record(
        TAKEN_BACK, event.user_id, visitor, settings, now, subject=subject, detail=detail
    )
    return True


def withdraw(user_id: UUID, instant: datetime, settings: Settings, now: datetime) -> int:
    """Undo all changes of a user's identifiers since an instant, as an operator.

    Return how many identifiers were added since, and go.
    """
    credentials.lock(user_id)
    undone = _undo(user_id, instant)
    if undone:
        notices.record(TAKEN_BACK, user_id, events.NOBODY, settings, now, detail="0")
    return len(undone.added) + len(undone.again)


def since(user_id: UUID, instant: datetime) -> Undoing:
    """Return what separates a user's identifiers from those that they had before an instant.

    Of those that were removed, one that was itself added shortly before stays away: else whoever
    added theirs in a stranger's session could remove it again, seem to be gone, and have it back by
    a link of their own. But nobody is left without any.
    """
    added: list[Identifier] = []
    again, back, young, left = list(added), list(added), list(added), 0
    for one, joined in db.session.execute(_ALL, {"whose": user_id}):
        is_original = one.created_at == joined
        if one.removed_at is None and one.verified_at and one.verified_at >= instant:
            mine = [] if is_original else added if one.created_at >= instant else again
            mine.append(one)
            left += is_original
        elif one.removed_at is None:
            left += one.verified_at is not None
        elif one.created_at >= instant and not is_original:
            added.append(one)
        elif one.removed_at >= instant:
            is_old = one.created_at <= one.removed_at - owning.CAN_COME_BACK_FOR
            (back if is_old or is_original else young).append(one)
    return Undoing(added, again, back or (young if not left else []))


def _undo(user_id: UUID, instant: datetime) -> Undoing:
    undoing = since(user_id, instant)
    execute(_DELETE, {"added": [one.id for one in undoing.added]})
    execute(_TAKE_AWAY, {"again": [one.id for one in undoing.again], "since": instant})
    execute(_RESTORE, {"back": [one.id for one in undoing.back]})
    return undoing
