"""The words around a code: what is written into a mail or a text message."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from sqlalchemy import bindparam, select

from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.models import Challenge, Identifier
from otpapp.models.identifier import LIVES
from otpapp.rules import challenges, links
from otpapp.settings import Settings
from otpapp.transaction import execute

NOBODY = "nobody@invalid"  # RFC 2606 section 2
# Subject, text and HTML of a mail.
SIGNING_IN = (
    "mail/sign_in_code.subject.txt",
    "mail/sign_in_code.txt",
    "mail/sign_in_code.html",
)
ADDING = ("mail/add_address.subject.txt", "mail/add_address.txt", "mail/add_address.html")
SENDING_TAKES = timedelta(seconds=5)
SMS_LENGTH = 160  # one text message in GSM-7 (3GPP TS 23.038 section 6.1.2.1)
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_RECEIVER = select(Identifier.address).where(Identifier.id == bindparam("number"), LIVES)


@dataclass(frozen=True)
class Facts:
    """What a message says."""

    code: str
    reference: str
    works_for: str
    until: datetime
    asked_at: datetime
    browser: str
    ip: str
    site_name: str
    host: str
    url: str
    answered: str
    stop_url: str
    adds: bool = False


def compose(
    challenge: Challenge, message_id: str, settings: Settings, now: datetime
) -> Mail | TextMessage | None:
    """Return the message with the code of `challenge`, recomputed; None if it has no receiver.

    It goes to the address that is stored, never to the one that was typed (X17).
    """
    receiver = _new(challenge) or _receiver(challenge.identifier_id)
    code = challenges.code_of(challenge, settings)
    if receiver is None or code is None:
        return None
    return written(challenge, receiver, code, message_id, settings, now)


def imitate(
    challenge: Challenge, message_id: str, settings: Settings, now: datetime
) -> Mail | TextMessage:
    """Return a message like one of `compose`, to nobody and without a code, for a decoy.

    X13: it is made at the same cost, for whoever asks for the next page could feel the sender work:
    a statement less was felt as a millisecond.
    """
    _receiver(None)
    code = challenges.code_of(challenge, settings) or "0" * challenge.digits
    return written(challenge, NOBODY, code, message_id, settings, now)


def _new(challenge: Challenge) -> str:
    """Return the address that somebody adds: no identifier of theirs yet."""
    if challenge.purpose != challenges.ADD:
        return ""
    return challenge.subject if challenge.channel == "sms" else challenge.destination


def _receiver(identifier_id: int | None) -> str | None:
    found: str | None = execute(_RECEIVER, {"number": identifier_id}).scalar()
    return found


def written(
    challenge: Challenge,
    receiver: str,
    code: str,
    message_id: str,
    settings: Settings,
    now: datetime,
) -> Mail | TextMessage:
    """Return the message with this code to this receiver, whoever they are."""
    facts = _facts(challenge, code, settings, now)
    if challenge.channel == "sms":
        return TextMessage(receiver, sms_body(facts))
    return _mail(facts, receiver, message_id, settings)


def sms_body(facts: Facts) -> str:
    """Return the fullest text that fits one text message; its last line binds it to our host."""
    bound = f"\n\n@{facts.host} #{facts.code}"
    works = f"It works for {facts.works_for}."
    warning = " Don't share it."
    what = "code to add this number" if facts.adds else "sign-in code"
    named = f"{facts.code} is your {facts.site_name} {what}. {works}"
    plain = f"{facts.code} is your {what}. {works}"
    reference = f" Ref: {facts.reference}."
    for text in (named + warning, named, plain + warning, plain):
        body = text + reference + bound
        if len(body) <= SMS_LENGTH and GSM_7.issuperset(body):
            return body
    return f"Code: {facts.code}.{reference}{bound}"


def _facts(challenge: Challenge, code: str, settings: Settings, now: datetime) -> Facts:
    left = challenge.expires_at - now
    return Facts(
        code=code,
        reference=challenge.reference,
        works_for=_in_words(left),
        until=challenge.expires_at,
        asked_at=challenge.created_at,
        browser=challenge.browser,
        ip=challenge.ip,
        site_name=settings.site_name,
        host=settings.public.hostname or "",
        url=settings.public_url,
        stop_url=f"{settings.public_url}/not-me/{links.stop_token(challenge, settings)}",
        answered="in the browser that asked"
        if challenge.door == "page"
        else "where it was asked for",
        adds=challenge.purpose == challenges.ADD,
    )


def _in_words(left: timedelta) -> str:
    """Return the time left, never more than there is but for the moment that sending takes."""
    seconds = int((left + SENDING_TAKES).total_seconds())
    if seconds < 60:
        return f"{max(1, seconds)} second{'s' * (seconds > 1)}"
    minutes = seconds // 60
    return f"{minutes} minute{'s' * (minutes > 1)}"


def automatic(settings: Settings) -> dict[str, str]:
    """Return the headers of a mail that no person wrote, and that no program shall answer."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if settings.mail_reply_to:
        headers["Reply-To"] = settings.mail_reply_to
    return headers


def _mail(facts: Facts, to: str, message_id: str, settings: Settings) -> Mail:
    headers = automatic(settings)
    if settings.mail_otp_token_header:
        headers["OTP-Token"] = f'"{facts.code}"; origin="{facts.url}"'
    shown = {"facts": facts, "code_in_subject": settings.mail_code_in_subject}
    subject, text, html = ADDING if facts.adds else SIGNING_IN
    return Mail(
        to=to,
        message_id=message_id,
        subject=render_template(subject, **shown).strip(),
        text=render_template(text, **shown),
        html=render_template(html, **shown),
        headers=headers,
    )
