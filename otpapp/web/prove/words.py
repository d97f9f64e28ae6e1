"""What the pages of proofs say, one set of words a factor."""

from dataclasses import dataclass
from datetime import datetime

from otpapp.rules import codes
from otpapp.rules.second import Answered
from otpapp.rules.verdicts import Verdict
from otpapp.web import messages
from otpapp.web.messages import Clock


@dataclass(frozen=True)
class Words:
    """How one factor is asked for.

    `offer` is the link to it from the page of another one; `digits` is 0 where letters count too.
    """

    heading: str
    lead: str
    label: str
    hint: str
    offer: str
    empty: str
    wrong: str
    spent: str
    digits: int = 0


WORDS = {
    "totp": Words(
        heading="Enter the code from your app",
        lead="Open your authenticator app. It shows a code for this site.",
        label="Code from your app",
        hint="6 digits. A new one comes every 30 seconds.",
        offer="Use your authenticator app",
        empty="Enter the 6-digit code from your app",
        wrong="That code is not right. Type the newest one, and check that the clock of your phone "
        "is set automatically.",
        spent="That code was used already. Wait for the next one: it comes within 30 seconds.",
        digits=6,
    ),
    "recovery": Words(
        heading="Enter a recovery code",
        lead="Take one from the list that you kept. Each works once.",
        label="Recovery code",
        hint="16 letters and digits. Dashes do not matter.",
        offer="Use a recovery code",
        empty="Enter a recovery code",
        wrong="That is none of your recovery codes. Check each letter.",
        spent="That recovery code was used already. Take another one from your list.",
    ),
}


def read(factor: str, typed: str) -> str:
    """Return what of the text that somebody typed is the answer."""
    digits = WORDS[factor].digits
    return codes.find(typed, digits) if digits else typed.strip()


def shape(factor: str, typed: str) -> str:
    """Return what to say of an answer that cannot be right; nothing of one that may be."""
    asked, found = WORDS[factor], read(factor, typed)
    if not found:
        return asked.empty
    fits = not asked.digits or len(found) == asked.digits
    return "" if fits else messages.shape(found, asked.digits)


def refused(factor: str, answered: Answered, now: datetime, at: Clock) -> str:
    """Return the sentence for an answer that was not accepted; `at` writes times."""
    asked = WORDS[factor]
    if answered.verdict is Verdict.SPENT:
        return asked.spent
    left, more = answered.tries_left, answered.guesses_left
    if more and more.waiting:
        return f"{asked.wrong} {messages.limited(more.waiting, now, at)}"
    if left <= messages.FEW_TRIES:
        return f"{asked.wrong} {left} {'try' if left == 1 else 'tries'} left."
    return asked.wrong
