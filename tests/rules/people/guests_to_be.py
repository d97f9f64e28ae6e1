"""The steps of tests of invitations: each a transaction of its own."""

from uuid import UUID

from otpapp.models import Invitation
from otpapp.rules import links
from otpapp.rules.people import accepting, invitations, inviting
from otpapp.rules.people.accepting import Opened
from otpapp.rules.people.invitations import Standing
from otpapp.rules.people.inviting import Invited, Offer
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, Desk
from tests.rules.people.crowd import address

DORA = "dora@example.org"


def invite(desk: Desk, typed: str = DORA, by: UUID | None = None, **offer) -> Invited:
    """Invite somebody."""
    with transaction():
        who = address(desk, typed)
        return inviting.invite(who, Offer(**offer), desk.settings, desk.clock.now, by)


def resend(desk: Desk, number: int = 1, by: UUID | None = None) -> Invited:
    """Send an invitation once more."""
    with transaction():
        return inviting.resend(number, desk.settings, desk.clock.now, by)


def withdraw(desk: Desk, number: int = 1, by: UUID | None = None) -> bool:
    """Withdraw an invitation."""
    with transaction():
        return inviting.withdraw(number, desk.clock.now, by)


def row(number: int = 1) -> Invitation:
    """Return an invitation as it is now."""
    found = invitations.get(number)
    assert found
    return found


def link(desk: Desk, number: int = 1) -> str:
    """Return what stands in the newest link."""
    return links.invitation_token(row(number), desk.settings)


def opened(desk: Desk, token: str) -> Opened | None:
    """Follow a link."""
    with transaction():
        return accepting.open_link(token, desk.settings, desk.clock.now)


def standing(desk: Desk, token: str) -> Standing | None:
    """Return how the invitation of a link stands."""
    found = opened(desk, token)
    return found and found.standing


def accept(desk: Desk, token: str) -> bool:
    """Follow a link and press the button."""
    found = opened(desk, token)
    assert found and found.invitation
    with transaction():
        visitor = Visitor(HERE, "Firefox on Linux")
        return accepting.accept(found.invitation, visitor, desk.settings, desk.clock.now)
