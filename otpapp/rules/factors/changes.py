"""What every change of a user's factors brings with it."""

from datetime import datetime
from uuid import UUID

from otpapp.models import Credential
from otpapp.rules import holdings, known_browsers, notices
from otpapp.rules.events import NOBODY
from otpapp.rules.factors import credentials, recovery_codes
from otpapp.rules.factors.working import working
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

ENROLLED, REMOVED, WITHDRAWN = "factor.enrolled", "factor.removed", "factor.withdrawn"


def enrolled(
    user_id: UUID,
    kind: str,
    name: str,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    *,
    number: UUID | None = None,
    replaces: bool = False,
) -> None:
    """Tell the trail and the user of a new factor; browsers that were trusted are asked again.

    `number` is the id of its credential, where it has one; `replaces` says that there was one of
    its kind in its place.
    """
    credentials.lock(user_id)
    before = [one for one in credentials.of(user_id) if one.id != number]
    if number and not replaces and not working(before, settings):
        # X52: who came in with a code alone may have made some before there was anything to lose.
        recovery_codes.remove(user_id)
    detail = f"{kind} {name}".strip()
    _changed(ENROLLED, user_id, detail, visitor, settings, now, number)


def remove(credential: Credential, visitor: Visitor, settings: Settings, now: datetime) -> bool:
    """Take a credential away; False if that was done already.

    Recovery codes stand in for the other factors, and go with the last of them.
    """
    return _remove(REMOVED, credential, visitor, settings, now)


def withdraw(user_id: UUID, since: datetime, settings: Settings, now: datetime) -> int:
    """Take all away that was added at `since` or later, as an operator; return how much there was.

    Its notices have no link: it was done so that somebody who reads them comes in no more.
    """
    found, has_codes = added_since(user_id, since), has_codes_since(user_id, since)
    for one in found:
        _remove(WITHDRAWN, one, NOBODY, settings, now)
    if has_codes:
        recovery_codes.remove(user_id)
        _changed(WITHDRAWN, user_id, recovery_codes.KIND, NOBODY, settings, now)
    return len(found) + has_codes


def withdraw_one(user_id: UUID, number: UUID, settings: Settings, now: datetime) -> bool:
    """Take one credential of a user away, as an operator; False if they have no such one."""
    found = next((one for one in credentials.of(user_id) if one.id == number), None)
    return found is not None and _remove(WITHDRAWN, found, NOBODY, settings, now)


def added_since(user_id: UUID, since: datetime) -> list[Credential]:
    """Return the credentials of a user that were added at `since` or later, the oldest first."""
    return [one for one in credentials.of(user_id) if one.created_at >= since]


def has_codes_since(user_id: UUID, since: datetime) -> bool:
    """Say whether this user has recovery codes that were made at `since` or later."""
    made_at = recovery_codes.made_at(user_id)
    return made_at is not None and made_at >= since


def _remove(
    kind: str, credential: Credential, visitor: Visitor, settings: Settings, now: datetime
) -> bool:
    user_id = credential.user_id
    credentials.lock(user_id)  # of two that are removed at once, one is the last
    if not credentials.remove(user_id, credential.id, now):
        return False
    if not holdings.has_factor(user_id, settings):
        recovery_codes.remove(user_id)
    detail = f"{credential.kind} {credential.name}"
    _changed(kind, user_id, detail, visitor, settings, now, credential.id)
    return True


def _changed(
    kind: str,
    user_id: UUID,
    detail: str,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    number: UUID | None = None,
) -> None:
    known_browsers.distrust(user_id)
    notices.record(kind, user_id, visitor, settings, now, credential_id=number, detail=detail)
