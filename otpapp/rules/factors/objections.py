"""What the reader of a notice can do who did not change their sign-in themselves."""

from datetime import datetime, timedelta

from otpapp.models import Event
from otpapp.rules import events, evicting, freezing, known_browsers, notices
from otpapp.rules.account import taking_back
from otpapp.rules.factors import changes, credentials, passkey
from otpapp.rules.verdicts import Standing
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

LINK_WORKS_FOR = timedelta(hours=72)
STOPS_DELETION_FOR = timedelta(days=7)  # as long as it can be stopped
REOPENED = "user.reopened"
LEAVES = "user.leaves"
# Of how somebody signs in.
CHANGES = (changes.ENROLLED, changes.REMOVED, passkey.CLONED, *taking_back.CHANGES)


def can_be_made(event: Event) -> bool:
    """Say whether this is something that its user can object to."""
    return event.kind in (*CHANGES, known_browsers.MET, LEAVES)


def later(event: Event) -> list[Event]:
    """Return the changes to the same user that came after `event`, the oldest first."""
    return events.since(event, *CHANGES)


def is_over(event: Event, now: datetime) -> bool:
    """Say whether the link in the notice of `event` does nothing any more."""
    return ends_at(event) <= now


def ends_at(event: Event) -> datetime:
    """Return until when the link in the notice of `event` works."""
    return event.at + (STOPS_DELETION_FOR if event.kind == LEAVES else LINK_WORKS_FOR)


def undoes(event: Event) -> bool:
    """Say whether an objection brings a factor or an identifier back; else it freezes.

    Of factors only the last one comes back. Beside another one it would be one more way in, for
    whoever stole the phone that it was removed for and reads the mail there (X52).
    """
    if event.kind in taking_back.CHANGES:
        return taking_back.undoes(event)
    if event.kind != changes.REMOVED or event.user_id is None:
        return False
    return all(one.id == event.credential_id for one in credentials.of(event.user_id))


def standing(event: Event) -> Standing:
    """Return what became of the change since."""
    if not undoes(event):
        found = _of_addition(event)
    elif event.kind in taking_back.CHANGES:
        found = taking_back.standing(event)
    else:
        found = _of_removal(event)
    # What an operator decided stands: else whoever reads the mails could shut out, again and again,
    # whom the operator let in, or have back what they had added and hidden by removing it.
    if found is Standing.OPEN and events.since(event, REOPENED):
        return Standing.PASSED
    return found


def make(event: Event, visitor: Visitor, settings: Settings, now: datetime) -> bool:
    """Undo what `undoes` says, or freeze the user for a new factor; False if that is past.

    X52: a new factor is not taken away by this, so whoever only reads mail takes none away.
    """
    if event.user_id is None or standing(event) is not Standing.OPEN:
        return False
    if not undoes(event):
        return freezing.freeze(event.user_id, visitor, settings, now)
    if event.kind in taking_back.CHANGES:
        return taking_back.make(event, visitor, settings, now)
    if event.credential_id is None or not credentials.restore(event.credential_id, event.at):
        return False
    evicting.everybody_out(event.user_id, now)
    notices.record(
        "factor.restored",
        event.user_id,
        visitor,
        settings,
        now,
        credential_id=event.credential_id,
        detail=event.detail,
    )
    return True


def _of_removal(event: Event) -> Standing:
    held = credentials.get(event.credential_id) if event.credential_id else None
    if held is None or held.removed_at not in (None, event.at):
        return Standing.PASSED
    return Standing.OPEN if held.removed_at else Standing.DONE


def _of_addition(event: Event) -> Standing:
    is_open = freezing.may_sign_in(event.user_id) if event.user_id else None
    if is_open is None:
        return Standing.PASSED
    return Standing.OPEN if is_open else Standing.DONE
