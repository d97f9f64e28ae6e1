"""What is kept, one file a concept."""

from otpapp.models.challenge import Challenge
from otpapp.models.event import Event
from otpapp.models.identifier import Identifier
from otpapp.models.known_browser import KnownBrowser
from otpapp.models.message import Message
from otpapp.models.tally import Tally
from otpapp.models.user import User
from otpapp.models.user_session import UserSession

__all__ = [
    "Challenge",
    "Event",
    "Identifier",
    "KnownBrowser",
    "Message",
    "Tally",
    "User",
    "UserSession",
]
