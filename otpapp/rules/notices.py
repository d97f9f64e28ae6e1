"""Telling users what happened to their sign-in, at every identifier that is theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from otpapp.extensions import db
from otpapp.models import Identifier
from otpapp.models.identifier import LIVES
from otpapp.rules import events, limits, messages, tallies
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

_VERIFIED = (
    select(Identifier)
    .where(Identifier.user_id == bindparam("user"), Identifier.verified_at.is_not(None), LIVES)
    .order_by(Identifier.id)
)


def record(
    kind: str,
    user_id: UUID,
    visitor: Visitor,
    settings: Settings,
    now: datetime,
    *,
    credential_id: UUID | None = None,
    subject: str = "",
    detail: str = "",
) -> None:
    """Add a line to the trail, and have every verified identifier of the user told of it.

    X55: also those that whoever did it cannot read. Only verified ones: of the others nobody has
    shown that they are this user's. Past a day's text messages a number is told when it has some
    again, once for all that happened until then; how many wait like that is bounded too (X20).
    """
    number = events.record(
        kind,
        now,
        visitor=visitor,
        user_id=user_id,
        credential_id=credential_id,
        subject=subject,
        detail=detail,
    )
    for one in db.session.scalars(_VERIFIED, {"user": user_id}).all():
        refused = _may_text(one, visitor, settings, now) if one.channel == "sms" else None
        if refused is None:
            messages.enqueue_notice(number, one, settings, now)
        elif not messages.is_put_off(one.id, now) and _may_put_off(settings, now):
            messages.enqueue_notice(number, one, settings, now, refused.until)


def record_by_mail(
    kind: str,
    user_id: UUID,
    settings: Settings,
    now: datetime,
    *,
    visitor: Visitor = events.NOBODY,
    subject: str = "",
    detail: str = "",
) -> None:
    """Add a line to the trail, and have the verified mail addresses of the user told of it.

    X55: for what changes nobody's sign-in, and must not use up the text messages of what does.
    """
    number = events.record(
        kind, now, visitor=visitor, user_id=user_id, subject=subject, detail=detail
    )
    for one in db.session.scalars(_VERIFIED, {"user": user_id}).all():
        if one.channel == "email":
            messages.enqueue_notice(number, one, settings, now)


def _may_text(
    to: Identifier, visitor: Visitor, settings: Settings, now: datetime
) -> Limited | None:
    """Take one text message from budgets that are apart from those of codes, or say until when not.

    X20: whoever changes their factors all day costs little, and keeps nobody's code from going
    out. Nor can anybody use up the codes' budget so that their changes go untold. Mail has no such
    budget: who has a mail address is told there of each change, at once.
    """
    number, site = limits.sms_notices_per_number(settings), limits.sms_notices_per_day(settings)
    refused = tallies.take_all([(number, to.key), (site, "")], now)
    if refused:
        events.record_limited(to.key, visitor, refused, now)
    return refused


def _may_put_off(settings: Settings, now: datetime) -> bool:
    return tallies.take(limits.sms_notices_put_off_per_day(settings), "", now) is None
