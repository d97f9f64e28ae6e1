"""What would have been mailed or texted, recomputed from the rows of the outbox, for pages to show.

Only where no real person signs in: in development and in class.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from otpapp.delivery import codes, invitations, notices
from otpapp.delivery.mime import as_bytes
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, Invitation, Message
from otpapp.web.current import settings

MOST = 30


@dataclass(frozen=True)
class Received:
    """One message of the inbox with the moment it came in."""

    id: int
    at: datetime
    parcel: Mail | TextMessage

    @property
    def is_mail(self) -> bool:
        """Whether it is a mail, not a text message."""
        return isinstance(self.parcel, Mail)

    @property
    def source(self) -> str:
        """The mail as it would travel, headers first."""
        return as_bytes(self.parcel, self.at).decode() if isinstance(self.parcel, Mail) else ""


def newest(whose: UUID | None = None) -> list[Received]:
    """Return the newest messages, the newest first: of everybody, or those to one user."""
    rows = db.session.execute(_sent(whose).order_by(Message.id.desc()).limit(MOST)).all()
    return [one for row in rows if (one := _received(row))]


def one(number: int, whose: UUID | None = None) -> Received | None:
    """Return the message with this number, if there is one, and if it is to that user."""
    found = db.session.execute(_sent(whose).where(Message.id == number)).first()
    return _received(found) if found else None


def _sent(whose: UUID | None) -> Select[Message, Challenge, Event, Identifier, Invitation]:
    to_them = [or_(Challenge.user_id == whose, Identifier.user_id == whose)] if whose else []
    return (
        select(Message, Challenge, Event, Identifier, Invitation)
        .outerjoin(Challenge, Challenge.id == Message.challenge_id)
        .outerjoin(Event, Event.id == Message.event_id)
        .outerjoin(Identifier, Identifier.id == Message.identifier_id)
        .outerjoin(Invitation, Invitation.id == Message.invitation_id)
        .where(Message.outcome == "sent", Message.channel.in_(settings().inbox_channels))
        .where(*to_them)
    )


def _received(row: Row[Message, Challenge, Event, Identifier, Invitation]) -> Received | None:
    message, challenge, event, identifier, invitation = row
    at = message.ended_at or message.created_at
    if message.kind == "notice":
        notice = notices.compose(event, identifier, message.message_id, settings())
        return Received(message.id, at, notice)
    if message.kind == "invitation":
        invited = invitations.compose(invitation, message.message_id, settings())
        return Received(message.id, at, invited)
    parcel = codes.compose(challenge, message.message_id, settings(), at)
    return Received(message.id, at, parcel) if parcel else None
