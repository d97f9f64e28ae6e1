"""The sentences of the gate about a rule, for pages of other wings: why, for whom, with what."""

from otpapp.web.gate.words import asks_for, whom, why

__all__ = ["asks_for", "whom", "why"]
