"""One message's way from the outbox to its transport."""

import logging
from datetime import datetime

from sqlalchemy import update

from otpapp.clock import utc_now
from otpapp.delivery import codes, outbox
from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.mail import MailTransport
from otpapp.delivery.outbox import Lease
from otpapp.delivery.parcels import NotSent, Transport
from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.rules import challenges, events
from otpapp.settings import Settings
from otpapp.transaction import transaction

CHANNELS = ("email", "sms")
log = logging.getLogger("otpapp.delivery")


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
    """Send the message that has waited longest; False if none is waiting.

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
    challenge = db.session.get(Challenge, lease.challenge_id, populate_existing=True)
    if challenge is None or not challenges.is_open(challenge, settings, now):
        return _give_up(lease, challenge, "the code was over before it could be sent")
    parcel = codes.compose(challenge, lease.message_id, settings, now)
    db.session.rollback()
    if parcel is None:
        return _give_up(lease, challenge, "there is nobody to send it to")
    try:
        transport.send(parcel)
    except NotSent as error:
        return _failed(lease, challenge, error)
    return _sent(lease, challenge)


def _sent(lease: Lease, challenge: Challenge) -> None:
    now = utc_now()
    with transaction():
        outbox.end(lease, "sent", now)
        db.session.execute(
            update(Challenge).where(Challenge.id == challenge.id).values(sent_at=now)
        )
        _record("message.sent", challenge, now, lease.message_id)


def _failed(lease: Lease, challenge: Challenge, error: NotSent) -> None:
    log.warning("message %s was not sent (try %s): %s", lease.id, lease.attempts, error)
    now = utc_now()
    with transaction():
        if error.final:
            outbox.end(lease, "given_up", now, str(error))
        elif outbox.put_back(lease, str(error), challenge.expires_at, now):
            return
        _record("message.given_up", challenge, now, str(error))


def _give_up(lease: Lease, challenge: Challenge | None, reason: str) -> None:
    now = utc_now()
    with transaction():
        outbox.end(lease, "given_up", now, reason)
        if challenge:
            _record("message.given_up", challenge, now, reason)


def _record(kind: str, challenge: Challenge, now: datetime, detail: str) -> None:
    events.record(
        kind,
        now,
        user_id=challenge.user_id,
        challenge_id=challenge.id,
        subject=challenge.subject,
        detail=detail,
    )
