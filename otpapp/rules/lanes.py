"""Whose budgets a request draws on: a stranger cannot use up those of a browser that is known."""

from dataclasses import dataclass
from uuid import UUID

from otpapp.models import Challenge
from otpapp.rules import known_browsers
from otpapp.rules.identifiers import Address, fold_tag
from otpapp.rules.visitor import Visitor


@dataclass(frozen=True)
class Lane:
    """A user, or an address that is nobody's, and where somebody asks for them from.

    `known` is the number of a browser that signed this user in before, 0 for any other: each known
    browser has budgets of its own (D6).
    """

    whose: str
    key: str
    network: str
    channel: str
    known: int = 0

    def of(self, subject: str) -> str:
        """Return the subject of a budget that strangers and each known browser have apart."""
        return f"{subject} {self.known}" if self.known else subject


def lane_to(address: Address, user_id: UUID | None, visitor: Visitor) -> Lane:
    """Return the lane of a wish for a code to `address`, which may be a user's."""
    return _lane(address.key, address.channel, user_id, visitor)


def lane_of(challenge: Challenge, visitor: Visitor) -> Lane:
    """Return the lane of whatever is done about `challenge`."""
    return _lane(challenge.subject, challenge.channel, challenge.user_id, visitor)


def lane_of_user(user_id: UUID, visitor: Visitor) -> Lane:
    """Return the lane of the codes of a user who came in without one."""
    return _lane(str(user_id), "", user_id, visitor)


def lane_by_factor(user_id: UUID | None, factor: str, visitor: Visitor, subject: str = "") -> Lane:
    """Return the lane of answers to one factor of a user: each closes by itself, the others stay.

    The user's own codes are the one without a factor's name. `subject` stands in for nobody.
    """
    return Lane(
        whose=f"{user_id or subject} {factor}",
        key=str(user_id or subject),
        network=visitor.network,
        channel=factor,
        known=known_browsers.number_of(visitor, user_id),
    )


def _lane(subject: str, channel: str, user_id: UUID | None, visitor: Visitor) -> Lane:
    return Lane(
        whose=str(user_id or subject),
        key=fold_tag(subject),
        network=visitor.network,
        channel=channel,
        known=known_browsers.number_of(visitor, user_id),
    )
