"""The words of a notice: what changed, when, from where, and what to do if it was not you."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from otpapp.delivery import access
from otpapp.delivery.codes import GSM_7, SMS_LENGTH, automatic
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.models import Event, Identifier
from otpapp.rules import links
from otpapp.rules.factors import objections
from otpapp.settings import Settings

THINGS = {
    "totp": "An authenticator app",
    "hotp": "A token with a button",
    "passkey": "A passkey",
    "password": "A password",
}
SAYS = {
    "factor.enrolled": "{thing} was added to your {site} sign-in.",
    "factor.enrolled recovery": "New recovery codes were made for your {site} sign-in.",
    "factor.removed": "{thing} was removed from your {site} sign-in.",
    "factor.withdrawn": "{thing} was taken from your {site} sign-in by whoever runs the site.",
    "factor.withdrawn recovery": "Your {site} recovery codes were taken away by whoever runs the "
    "site.",
    "factor.restored": "{thing} is part of your {site} sign-in again: its removal was undone, and "
    "everybody was signed out.",
    "browser.met": "Somebody signed in as you from {browser}, which had not signed you in before.",
    "passkey.cloned": "{thing} of your {site} sign-in seems to have been copied. It opens nothing "
    "any more, and everybody was signed out.",
    "user.frozen": "Your {site} sign-in is frozen: everybody was signed out, and nobody can sign "
    "in as you until whoever runs the site opens it again.",
    "identifier.added": "{address} was added to your {site} sign-in: whoever reads what is sent "
    "there can sign in as you.",
    "identifier.removed": "{address} was removed from your {site} sign-in.",
    "identifier.taken_back": "Your {site} sign-in has the addresses again that it had before, and "
    "everybody was signed out.",
    "user.leaves": "Your {site} sign-in and all that is stored about you is deleted in seven days. "
    "Until then you can sign in and keep it.",
    "user.reopened": "Your {site} sign-in was opened again by whoever runs the site.",
}
HAPPENED = {
    "browser.met": "was used in a new browser",
    "passkey.cloned": "has a passkey that was copied",
    "user.frozen": "is frozen",
    "user.leaves": "is to be deleted",
}
NEXT_STEPS = {
    "passkey.cloned": "Sign in another way, remove that passkey, and add a new one.",
}
SHORTER = {"passkey.cloned": "A passkey of yours seems to be copied. It opens nothing any more."}
SHORTEST = "Your {site} sign-in was changed."
SINCE = "Your {site} sign-in was changed {times} times since {at}."
SIGNS = frozenset(" '’()&+,#_-.")
LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "So"})  # and emoji
# A dot within a word makes a link of it, six digits in a row a phone number.
CALLS_FOR_A_TAP = re.compile(r"\.(?=[^ ])|\d(?:[^\w]*\d){5}")


@dataclass(frozen=True)
class Facts:
    """What a notice says; `link` is empty where there is nothing to do."""

    says: str
    at: datetime
    browser: str
    ip: str
    link: str
    undoes: bool
    until: datetime
    happened: str
    next_step: str
    site_name: str


def compose(
    event: Event, to: Identifier, message_id: str, settings: Settings
) -> Mail | TextMessage:
    """Return the notice of `event` to one identifier of its user."""
    if access.speaks_of(event):
        return access.compose(event, to, message_id, settings)
    if to.channel == "sms":
        return TextMessage(to.address, _sms_body(event, settings))
    shown = {"facts": _facts(event, settings)}
    return Mail(
        to=to.address,
        message_id=message_id,
        # X36: without a word of the user's, whose name for an app somebody else may have chosen.
        subject=render_template("mail/notice.subject.txt", **shown).strip(),
        text=render_template("mail/notice.txt", **shown),
        html=render_template("mail/notice.html", **shown),
        headers=automatic(settings),
    )


def is_over(event: Event, now: datetime) -> bool:
    """Say whether there is nothing to tell of `event` any more."""
    return objections.is_over(event, now) or access.is_over(event)


def says(event: Event, site_name: str, *, named: bool = True) -> str:
    """Return the sentence that tells of `event`; a factor goes by its name where `named`."""
    kind, _, name = event.detail.partition(" ")
    thing = THINGS.get(kind, "A second proof")
    if named and is_plain(name):
        thing = f"{thing}, “{name}”,"
    sentence = SAYS.get(f"{event.kind} {kind}") or SAYS.get(event.kind, SHORTEST)
    shown = {
        "thing": thing,
        "site": site_name,
        "browser": event.browser,
        "address": masked(event.subject) if named else "An address",
    }
    return " ".join(sentence.format(**shown).split())


def is_plain(name: str) -> bool:
    """Say whether a name can stand in a message: whoever added the factor chose it (X36).

    Mail programs and phones make links of what looks like an address or a phone number; with one
    of those a stranger would speak to the reader in our name.
    """
    letters = (one in SIGNS or unicodedata.category(one) in LETTERS for one in name)
    return bool(name) and all(letters) and not CALLS_FOR_A_TAP.search(name)


def masked(key: str) -> str:
    """Return enough of an identifier for whoever knows it.

    X36: whoever adds one chose its words, and could speak to the reader in our name.
    """
    local, at, domain = key.partition("@")
    return f"{local[:1]}…@{domain}" if at else f"{key[:3]}…{key[-2:]}"


def _facts(event: Event, settings: Settings) -> Facts:
    return Facts(
        says=says(event, settings.site_name),
        at=event.at,
        browser=event.browser,
        ip=event.ip,
        link=_link(event, settings),
        undoes=objections.undoes(event),
        until=objections.ends_at(event),
        happened=HAPPENED.get(event.kind, "was changed"),
        next_step=NEXT_STEPS.get(event.kind, "If that was you, there is nothing to do."),
        site_name=settings.site_name,
    )


def _link(event: Event, settings: Settings) -> str:
    if not objections.can_be_made(event):
        return ""
    return f"{settings.public_url}/changed/{links.change_token(event, settings)}"


def _sms_body(event: Event, settings: Settings) -> str:
    """Return the fullest text that fits one text message; no name of a factor stands in it.

    One that had to wait speaks for every change since, and its link is for an addition, if any is.
    """
    later = objections.later(event)
    of_addition = (one for one in (event, *later) if not objections.undoes(one))
    link = _link(next(of_addition, event) if later else event, settings)
    end = f" Not you? {link}" if link else ""
    shortest = " ".join(SHORTEST.format(site="").split())
    for said in _sentences(event, len(later), settings):
        if len(said + end) <= SMS_LENGTH and GSM_7.issuperset(said + end):
            return said + end
    return f"{shortest} If that was not you, tell whoever runs the site."


def _sentences(event: Event, later: int, settings: Settings) -> Iterator[str]:
    """Yield ways to say it, the fullest first."""
    at = f"{event.at:%H:%M} UTC, {event.at.day} {event.at:%b}"
    sites = (settings.site_name, "")
    if later:
        for site in sites:
            yield " ".join(SINCE.format(site=site, times=later + 1, at=at).split())
    else:
        full = [says(event, site, named=False) for site in sites]
        where = ", ".join(filter(None, (event.browser, event.ip)))
        if where:
            yield from (f"{one} {at}, {where}." for one in full)
        yield from (f"{one} {at}." for one in full)
        yield from full
        yield from filter(None, [SHORTER.get(event.kind)])
    yield " ".join(SHORTEST.format(site="").split())
