"""One message of each kind, as this site would send it, with made-up people and a made-up code.

They are written by the same functions and templates as what is sent. Nothing is stored or sent, and
no secret of the site signs their links, so that these open nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from otpapp.delivery import access, codes, invitations, notices
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.models import AccessRequest, App, Challenge, Event, Identifier, Invitation
from otpapp.rules import challenges
from otpapp.rules.gate import requests
from otpapp.settings import Settings

CODE = "12345678"  # as many of these as a code has digits
SIGNS_NOTHING = "a key that opens nothing and is known to all"
SOMEBODY = UUID(int=1)
ADDRESSES = {"email": "alex@example.org", "sms": "+12025550143"}
MESSAGE_ID = "<sample@example.org>"
WEEK = timedelta(days=7)
ASKED = {
    "identifier_id": 0,
    "user_id": SOMEBODY,
    "handle_hash": bytes(32),
    "door": "page",
    "reference": "KTR",
    "ip": "192.0.2.7",
    "browser": "Firefox on Linux",
}


@dataclass(frozen=True)
class Sample:
    """A message of one kind; `code` is the code in it, if it has one."""

    title: str
    parcel: Mail | TextMessage
    code: str = ""


def every(settings: Settings, now: datetime) -> list[Sample]:
    """Return one of each kind that this site can send; text messages where it sends any."""
    harmless = replace(settings, secret_key=SIGNS_NOTHING, secret_key_fallbacks=())
    found = [*_codes(harmless, now), *_others(harmless, now)]
    return [one for one in found if isinstance(one.parcel, Mail) or settings.offers_sms]


def _codes(settings: Settings, now: datetime) -> Iterator[Sample]:
    shows = settings.mail_code_in_subject
    other = replace(settings, mail_code_in_subject=not shows)
    without = f"The same, were OTPAPP_MAIL_CODE_IN_SUBJECT={str(not shows).lower()}"
    yield _code("A code to sign in", "email", "sign_in", settings, now)
    yield _code(without, "email", "sign_in", other, now)
    yield _code("A code to sign in, by text message", "sms", "sign_in", settings, now)
    yield _code("A code to add an address", "email", challenges.ADD, settings, now)
    yield _code("A code to add a number", "sms", challenges.ADD, settings, now)


def _code(title: str, channel: str, purpose: str, settings: Settings, now: datetime) -> Sample:
    to, code = ADDRESSES[channel], CODE[: settings.code_digits]
    challenge = Challenge(
        id=0,
        subject=to,
        destination=to,
        channel=channel,
        purpose=purpose,
        created_at=now,
        expires_at=now + settings.code_lifetime,
        **ASKED,
    )
    return Sample(title, codes.written(challenge, to, code, MESSAGE_ID, settings, now), code)


def _others(settings: Settings, now: datetime) -> Iterator[Sample]:
    changed = partial(_event, "factor.enrolled", now, detail="totp My phone")
    for channel, by in (("email", ""), ("sms", ", by text message")):
        to = Identifier(address=ADDRESSES[channel], channel=channel)
        told = notices.compose(changed(), to, MESSAGE_ID, settings)
        yield Sample(f"A notice of a change{by}", told)
    for channel, by in (("email", ""), ("sms", ", by text message")):
        invited = invitations.compose(_invitation(channel, now), MESSAGE_ID, settings)
        yield Sample(f"An invitation{by}", invited)
    to = Identifier(address=ADDRESSES["email"], channel="email")
    app = App(title="Our wiki", origin="https://wiki.example.org")
    request = AccessRequest(id=0, path="/", verdict="granted", until=now + WEEK)
    for title, kind in (
        ("To an admin: somebody asks for access", requests.ANNOUNCED),
        ("The answer to them", requests.ANSWERED),
    ):
        facts = access.facts_of(_event(kind, now), request, app, settings)
        yield Sample(title, access.written(facts, to, MESSAGE_ID, settings))


def _event(kind: str, now: datetime, detail: str = "") -> Event:
    seen = {"ip": ASKED["ip"], "browser": ASKED["browser"]}
    subject = ADDRESSES["email"]
    return Event(id=0, at=now, kind=kind, user_id=SOMEBODY, subject=subject, detail=detail, **seen)


def _invitation(channel: str, now: datetime) -> Invitation:
    return Invitation(
        id=0, channel=channel, address=ADDRESSES[channel], nonce=bytes(8), ends_at=now + WEEK
    )
