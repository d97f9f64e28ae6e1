"""How a message reads before it is opened: on a locked phone, in a list of mails, as a text."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from html import unescape

from markupsafe import Markup, escape

from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.delivery.samples import Sample
from otpapp.delivery.segments import Length, length
from otpapp.settings import Settings
from otpapp.web.admin import words

# About as many letters as there is room for: the subject and the first text of the mail.
LOCKED = (40, 90)
LISTED = (60, 100)  # both stand in one line
_HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Glimpse:
    """What is seen of a mail that nobody has opened; what a program takes as the code is marked."""

    where: str
    sender: str
    subject: Markup
    snippet: Markup


@dataclass(frozen=True)
class Preview:
    """A message as people see it; `taken` says which programs take the code, and from where."""

    number: int
    title: str
    parcel: Mail | TextMessage
    text: Markup
    taken: str
    glimpses: tuple[Glimpse, ...] = ()
    length: Length | None = None


def of(number: int, one: Sample, settings: Settings) -> Preview:
    """Return the preview of a sample, which goes by this number."""
    parcel = one.parcel
    if isinstance(parcel, TextMessage):
        taken = words.TAKEN_FROM_TEXT.format(host=settings.public.hostname) if one.code else ""
        text = _marked(parcel.body, parcel.body.rpartition("\n")[2] if one.code else "")
        said = taken or words.TAKEN_FROM_NOTHING
        return Preview(number, one.title, parcel, text, said, length=length(parcel.body))
    glimpses = tuple(_glimpse(where, parcel, one.code, settings) for where in (LOCKED, LISTED))
    text, said = _marked(parcel.text, one.code), _taken_from_mail(one, parcel)
    return Preview(number, one.title, parcel, text, said, glimpses)


def first_text(html: str) -> str:
    """Return the words of a mail's HTML, hidden ones too, as programs show them in a list."""
    return " ".join(unescape(_TAG.sub(" ", _HEAD.sub("", html))).split())


def cut(text: str, most: int) -> str:
    """Return as much of `text` as there is room for."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _glimpse(room: tuple[int, int], mail: Mail, code: str, settings: Settings) -> Glimpse:
    subject = cut(mail.subject, room[0])
    left = room[1] if room == LOCKED else room[1] - len(subject)
    return Glimpse(
        where="locked" if room == LOCKED else "listed",
        sender=parseaddr(settings.sender_with_name)[0],
        subject=_marked(subject, code),
        snippet=_marked(cut(first_text(mail.html), left), code),
    )


def _taken_from_mail(one: Sample, mail: Mail) -> str:
    if not one.code:
        return words.TAKEN_FROM_NOTHING
    header = words.TAKEN_FROM_HEADER if "OTP-Token" in mail.headers else ""
    return " ".join(filter(None, (words.TAKEN_FROM_MAIL, header)))


def _marked(text: str, part: str) -> Markup:
    said = escape(text)
    return said.replace(part, Markup("<mark>{}</mark>").format(part)) if part else said
