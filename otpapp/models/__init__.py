"""What is kept, one file a concept."""

from otpapp.models.access_key import AccessKey
from otpapp.models.access_request import AccessRequest
from otpapp.models.app import App
from otpapp.models.app_session import AppSession
from otpapp.models.ceremony import Ceremony
from otpapp.models.challenge import Challenge
from otpapp.models.credential import Credential
from otpapp.models.event import Event
from otpapp.models.guest import Guest
from otpapp.models.hour import Hour
from otpapp.models.identifier import Identifier
from otpapp.models.invitation import Invitation
from otpapp.models.known_browser import KnownBrowser
from otpapp.models.membership import Membership
from otpapp.models.message import Message
from otpapp.models.pending_sign_in import PendingSignIn
from otpapp.models.proof import Proof
from otpapp.models.recovery_code import RecoveryCode
from otpapp.models.room import Room
from otpapp.models.seat import Seat
from otpapp.models.tally import Tally
from otpapp.models.ticket import Ticket
from otpapp.models.user import User
from otpapp.models.user_session import UserSession

__all__ = [
    "AccessKey",
    "AccessRequest",
    "App",
    "AppSession",
    "Ceremony",
    "Challenge",
    "Credential",
    "Event",
    "Guest",
    "Hour",
    "Identifier",
    "Invitation",
    "KnownBrowser",
    "Membership",
    "Message",
    "PendingSignIn",
    "Proof",
    "RecoveryCode",
    "Room",
    "Seat",
    "Tally",
    "Ticket",
    "User",
    "UserSession",
]
