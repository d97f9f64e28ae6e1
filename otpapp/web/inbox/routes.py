"""The inbox: what would have been mailed or texted, recomputed from the outbox rows.

Registered only where no real person signs in; in production these addresses do not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, Select, select

from otpapp.delivery import codes, invitations, notices
from otpapp.delivery.mime import as_bytes
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, Invitation, Message
from otpapp.web import frames
from otpapp.web.current import settings
from otpapp.web.guards import public

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
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


@blueprint.get("")
@public
def messages() -> ResponseReturnValue:
    """List the newest messages, the newest first."""
    received = [one for row in _newest() if (one := _received(row))]
    return render_template("inbox/inbox.html", received=received)


@blueprint.get("/<int(max=2147483647):number>/html")
@public
def html_part(number: int) -> Response:
    """Return the HTML part of one mail, for the frame that shows it."""
    row = _sent().where(Message.id == number)
    found = db.session.execute(row).first()
    received = _received(found) if found else None
    if received is None or not isinstance(received.parcel, Mail):
        abort(404)
    return frames.html_of(received.parcel)


def _sent() -> Select[Message, Challenge, Event, Identifier, Invitation]:
    return (
        select(Message, Challenge, Event, Identifier, Invitation)
        .outerjoin(Challenge, Challenge.id == Message.challenge_id)
        .outerjoin(Event, Event.id == Message.event_id)
        .outerjoin(Identifier, Identifier.id == Message.identifier_id)
        .outerjoin(Invitation, Invitation.id == Message.invitation_id)
        .where(Message.outcome == "sent", Message.channel.in_(settings().inbox_channels))
    )


def _newest() -> Sequence[Row[Message, Challenge, Event, Identifier, Invitation]]:
    return db.session.execute(_sent().order_by(Message.id.desc()).limit(MOST)).all()


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
