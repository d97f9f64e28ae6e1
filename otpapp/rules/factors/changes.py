"""What every change of a user's factors brings with it."""

from datetime import datetime
from uuid import UUID

from otpapp.models import Credential
from otpapp.rules import events, holdings, known_browsers
from otpapp.rules.factors import credentials, recovery_codes
from otpapp.rules.visitor import Visitor


def enrolled(user_id: UUID, kind: str, name: str, visitor: Visitor, now: datetime) -> None:
    """Tell the trail of a new factor; browsers that were trusted are asked again."""
    _changed("factor.enrolled", user_id, f"{kind} {name}".strip(), visitor, now)


def remove(credential: Credential, visitor: Visitor, now: datetime) -> bool:
    """Take a credential away; False if that was done already.

    Recovery codes stand in for the other factors, and go with the last of them.
    """
    if not credentials.remove(credential.user_id, credential.id, now):
        return False
    if not holdings.of(credential.user_id).factors - {"recovery"}:
        recovery_codes.remove(credential.user_id)
    detail = f"{credential.kind} {credential.name}"
    _changed("factor.removed", credential.user_id, detail, visitor, now)
    return True


def _changed(kind: str, user_id: UUID, detail: str, visitor: Visitor, now: datetime) -> None:
    known_browsers.distrust(user_id)
    events.record(kind, now, visitor=visitor, user_id=user_id, detail=detail)
