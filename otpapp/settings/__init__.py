"""What an operator can set."""

from otpapp.settings.model import BadSettings, Settings
from otpapp.settings.reading import from_env

__all__ = ["BadSettings", "Settings", "from_env"]
