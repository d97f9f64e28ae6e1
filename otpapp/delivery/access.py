"""The words of mails about access: somebody asks for it, or was answered."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import render_template

from otpapp.delivery.codes import automatic
from otpapp.delivery.parcels import Mail
from otpapp.extensions import db
from otpapp.models import AccessRequest, App, Event, Identifier
from otpapp.rules.gate import requests
from otpapp.settings import Settings

KINDS = (requests.ANNOUNCED, requests.ANSWERED)
LONGEST_LINK = 500  # characters; a line of a mail has 998 at most


@dataclass(frozen=True)
class Facts:
    """What such a mail says; `link` leads to where something can be done, by what `step` says."""

    says: str
    at: datetime
    step: str
    link: str
    site_name: str
    until: datetime | None = None


def speaks_of(event: Event) -> bool:
    """Say whether a notice of `event` is about access."""
    return event.kind in KINDS


def is_over(event: Event) -> bool:
    """Say whether `event` is about a request for access that is settled."""
    return speaks_of(event) and requests.is_settled(event)


def compose(event: Event, to: Identifier, message_id: str, settings: Settings) -> Mail:
    """Return the notice of `event` to one mail address of its user.

    X36: without a word of whoever asks, who would speak to the reader in our name.
    """
    found = requests.of_event(event)
    if found is None:
        return written(_gone(event, settings), to, message_id, settings)
    app = db.session.get_one(App, found.app_id)
    return written(facts_of(event, found, app, settings), to, message_id, settings)


def written(facts: Facts, to: Identifier, message_id: str, settings: Settings) -> Mail:
    """Return the mail that says so to one address."""
    return Mail(
        to=to.address,
        message_id=message_id,
        subject=facts.says.rstrip("."),
        text=render_template("mail/access.txt", facts=facts),
        html=render_template("mail/access.html", facts=facts),
        headers=automatic(settings),
    )


def facts_of(event: Event, request: AccessRequest, app: App, settings: Settings) -> Facts:
    """Return what a notice of `event`, about this request for this app, says."""
    site = settings.site_name
    if event.kind == requests.ANNOUNCED:
        says = f"{event.subject} asks for access to {app.title}."
        link = f"{settings.public_url}/admin/requests/{request.id}"
        return Facts(says, event.at, "Read why, and answer", link, site)
    there = _address(app, request.path)
    if request.verdict == "granted":
        says = f"You may open {app.title} now."
        return Facts(says, event.at, f"Open {app.title}", there, site, request.until)
    says = f"You were not given access to {app.title}."
    link = f"{settings.public_url}/gate/ask?rd={quote(there, safe='')}"
    return Facts(says, event.at, "If you still need it, ask once more", link, site)


def _gone(event: Event, settings: Settings) -> Facts:
    says = "A request for access is over."
    return Facts(says, event.at, "See", settings.public_url, settings.site_name)


def _address(app: App, path: str) -> str:
    link = app.origin + quote(path)
    return link if len(link) <= LONGEST_LINK else f"{app.origin}/"
