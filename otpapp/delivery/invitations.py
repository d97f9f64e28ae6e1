"""The words of an invitation: who invites to what, until when, and the link, recomputed."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from otpapp.delivery.codes import GSM_7, SMS_LENGTH, automatic
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.models import Invitation
from otpapp.rules import links
from otpapp.rules.people import invitations
from otpapp.settings import Settings


@dataclass(frozen=True)
class Facts:
    """What an invitation says."""

    says: str
    link: str
    until: datetime
    site_name: str


def compose(invitation: Invitation, message_id: str, settings: Settings) -> Mail | TextMessage:
    """Return the message that invites; it goes to the address that is stored."""
    token = links.invitation_token(invitation, settings)
    facts = Facts(
        says=says(invitation, settings.site_name),
        link=f"{settings.public_url}/invited/{token}",
        until=invitation.ends_at,
        site_name=settings.site_name,
    )
    if invitation.channel == "sms":
        return TextMessage(invitation.address, _sms_body(facts))
    return Mail(
        to=invitation.address,
        message_id=message_id,
        subject=f"You are invited to {settings.site_name}",
        text=render_template("mail/invitation.txt", facts=facts),
        html=render_template("mail/invitation.html", facts=facts),
        headers=automatic(settings),
    )


def says(invitation: Invitation, site_name: str) -> str:
    """Return the sentence that invites."""
    by = invitations.inviter(invitation)
    return f"{by} invites you to {site_name}." if by else f"You are invited to {site_name}."


def _sms_body(facts: Facts) -> str:
    """Return the fullest text that fits one text message."""
    until = f"until {facts.until.day} {facts.until:%b}"
    for text in (
        f"You are invited to {facts.site_name}. Accept it {until}: {facts.link}",
        f"You are invited. Accept it {until}: {facts.link}",
    ):
        if len(text) <= SMS_LENGTH and GSM_7.issuperset(text):
            return text
    return f"You are invited: {facts.link}"
