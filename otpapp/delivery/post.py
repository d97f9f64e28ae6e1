"""One message's way from the outbox to its transport."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from otpapp.clock import utc_now
from otpapp.delivery import codes, invitations, notices, outbox
from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.mail import MailTransport
from otpapp.delivery.outbox import Lease
from otpapp.delivery.parcels import Mail, NotSent, TextMessage, Transport
from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, Invitation
from otpapp.rules import challenges, events, users
from otpapp.rules.factors import objections
from otpapp.rules.people import invitations as people
from otpapp.settings import Settings
from otpapp.transaction import execute, transaction

CHANNELS = ("email", "sms")
MOST_UNANSWERED = 2  # a server that takes messages without a word must not get ten of each
log = logging.getLogger("otpapp.delivery")
_SENT = update(Challenge).where(Challenge.id == bindparam("sent")).values(sent_at=bindparam("now"))


@dataclass(frozen=True)
class Errand:
    """A message in hand: until when it is worth trying, and how the trail is told of its end."""

    lease: Lease
    until: datetime
    tell: Callable[[str, datetime, str], None]


def transport_for(channel: str, settings: Settings) -> Transport:
    """Return what carries messages of `channel` under these settings."""
    if channel == "email" and settings.mail_server:
        return MailTransport(settings)
    if channel == "sms" and settings.sms_url:
        # Imported only where text messages are sent: it costs every start a third of a second.
        from otpapp.delivery.sms import SmsTransport

        return SmsTransport(settings)
    return InboxTransport()


def deliver_next(channel: str, transport: Transport, settings: Settings) -> bool:
    """Send the code that has waited longest, or else what is none; False if nothing is waiting.

    No transaction is open while the network is used, so a slow server holds up nobody's sign-in.
    """
    now = utc_now()
    if not outbox.is_waiting(channel, now):
        db.session.rollback()
        return False
    with transaction():
        lease = outbox.take(channel, now)
    if lease:
        _deliver(lease, transport, settings, now)
    return lease is not None


def _deliver(lease: Lease, transport: Transport, settings: Settings, now: datetime) -> None:
    ways = {"notice": _deliver_notice, "invitation": _deliver_invitation}
    deliver = ways.get(lease.kind, _deliver_code)
    deliver(lease, transport, settings, now)


def _deliver_code(lease: Lease, transport: Transport, settings: Settings, now: datetime) -> None:
    challenge = challenges.get(lease.challenge_id or 0)
    if challenge is None or not challenges.is_open(challenge, settings, now):
        _give_up(lease, challenge, "the code was over before it could be sent")
        return
    make, hand_over = (
        (codes.compose, transport.send)
        if challenge.user_id
        # X12: a decoy meets the same faults in the same way, until a receiver is named.
        else (codes.imitate, transport.probe)
    )
    parcel = make(challenge, lease.message_id, settings, now)
    db.session.rollback()
    if parcel is None:
        _give_up(lease, challenge, "there is nobody to send it to")
        return
    try:
        hand_over(parcel, (challenge.expires_at - now).total_seconds())
    except NotSent as error:
        _failed(Errand(lease, challenge.expires_at, _teller(challenge)), error)
        return
    _handed_over(lease, challenge)


def _handed_over(lease: Lease, challenge: Challenge) -> None:
    now = utc_now()
    with transaction():
        if lease.attempts > 1:
            outbox.hurry(challenge.channel, now)
        is_sent = challenge.user_id is not None
        outbox.end(lease, "sent" if is_sent else "decoy", now)
        execute(_SENT, {"sent": challenge.id, "now": now if is_sent else None})
        kind = "message.sent" if is_sent else "message.withheld"
        events.record_about(challenge, kind, now, detail=lease.message_id if is_sent else "")


def _deliver_notice(lease: Lease, transport: Transport, settings: Settings, now: datetime) -> None:
    event, to = events.get(lease.event_id or 0), users.identifier(lease.identifier_id or 0)
    if event is None or to is None or notices.is_over(event, now):
        _end_over(lease, now)
        return
    parcel = notices.compose(event, to, lease.message_id, settings)
    errand = Errand(lease, event.at + objections.LINK_WORKS_FOR, _teller_of_notice(event, to))
    _hand_over(errand, parcel, transport)


def _deliver_invitation(
    lease: Lease, transport: Transport, settings: Settings, now: datetime
) -> None:
    one = people.get(lease.invitation_id or 0)
    if one is None or people.standing_of(one, now) is not people.Standing.OPEN:
        _end_over(lease, now)
        return
    parcel = invitations.compose(one, lease.message_id, settings)
    _hand_over(Errand(lease, one.ends_at, _teller_of_invitation(one)), parcel, transport)


def _hand_over(errand: Errand, parcel: Mail | TextMessage, transport: Transport) -> None:
    db.session.rollback()
    try:
        transport.send(parcel, outbox.LEASE.total_seconds())
    except NotSent as error:
        _failed(errand, error)
        return
    lease, now = errand.lease, utc_now()
    with transaction():
        if lease.attempts > 1:
            outbox.hurry(lease.channel, now)
        outbox.end(lease, "sent", now)
        errand.tell("sent", now, lease.message_id)


def _end_over(lease: Lease, now: datetime) -> None:
    with transaction():
        outbox.end(lease, "given_up", now, "it was over before it could be sent")


def _failed(errand: Errand, error: NotSent) -> None:
    lease, now = errand.lease, utc_now()
    log.warning("message %s was not sent (try %s): %s", lease.id, lease.attempts, error)
    with transaction():
        if error.final or (error.may_have_arrived and lease.attempts >= MOST_UNANSWERED):
            outbox.end(lease, "given_up", now, str(error))
        elif outbox.put_back(lease, error, errand.until, now):
            return
        errand.tell("given_up", now, str(error))


def _give_up(lease: Lease, challenge: Challenge | None, reason: str) -> None:
    now = utc_now()
    with transaction():
        outbox.end(lease, "given_up", now, reason)
        if challenge:
            _teller(challenge)("given_up", now, reason)


def _teller(challenge: Challenge) -> Callable[[str, datetime, str], None]:
    def tell(end: str, now: datetime, detail: str) -> None:
        shown = detail[: outbox.LONGEST_ERROR]
        events.record_about(challenge, f"message.{end}", now, detail=shown)

    return tell


def _teller_of_notice(event: Event, to: Identifier) -> Callable[[str, datetime, str], None]:
    def tell(end: str, now: datetime, detail: str) -> None:
        events.record(
            f"notice.{end}",
            now,
            user_id=event.user_id,
            subject=to.key,
            detail=detail[: outbox.LONGEST_ERROR],
        )

    return tell


def _teller_of_invitation(one: Invitation) -> Callable[[str, datetime, str], None]:
    def tell(end: str, now: datetime, detail: str) -> None:
        shown = detail[: outbox.LONGEST_ERROR]
        events.record(f"invitation.{end}", now, subject=one.key, detail=shown)

    return tell
