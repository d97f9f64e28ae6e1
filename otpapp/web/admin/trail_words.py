"""A line of the trail in words, the one place that the pages of admins take them from."""

from otpapp.models import Event
from otpapp.rules import events


def said(line: Event) -> str:
    """Return what happened and how it came out, without who did it."""
    detail, _ = events.doer(line.detail)
    return ", ".join(filter(None, (line.kind, line.verdict, detail)))
