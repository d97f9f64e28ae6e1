"""A line of the trail in words, the one place that the pages of admins take them from."""

import re

from otpapp.models import Event
from otpapp.rules import events
from otpapp.rules.account.activity import FOR_OPERATORS, Story
from otpapp.web import trail

# What came of a code stands in lines of its own here, and not in one sentence with it.
OF_A_CODE = {
    "code.asked": "A code was asked for.",
    "code.asked_again": "A code was asked for once more.",
    "code.answered": "A code was answered.",
    "factor.answered": "A second proof was answered.",
    "identifier.asked": "A code was asked for, to add an address.",
}
THEIRS = {"your": "their", "Your": "Their", "you": "them"}
YOURS = re.compile(rf"\b({'|'.join(THEIRS)})\b")


def said(line: Event, who: str) -> str:
    """Return what happened to `who` in a sentence; of how the site fares, what kind of thing."""
    if line.kind in FOR_OPERATORS:
        return " ".join(filter(None, (line.kind, line.detail)))
    if line.kind in OF_A_CODE:
        return OF_A_CODE[line.kind]
    sentence = trail.tell(Story((line,)), who)
    if line.kind in trail.TOLD_BY_NOTICES:
        return YOURS.sub(lambda found: THEIRS[found[0]], sentence)
    return sentence


def kind(line: Event) -> str:
    """Return what to look for to find lines like this, how it came out, and what else it says."""
    detail, _ = events.doer(line)
    is_said = line.kind in FOR_OPERATORS
    return ", ".join(filter(None, (line.kind, line.verdict, "" if is_said else detail)))
