"""What the pages of proofs say, one set of words a factor."""

from dataclasses import dataclass
from datetime import datetime

from otpapp.rules import codes
from otpapp.rules.factors.passkey import Fault
from otpapp.rules.second import Answered
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.web import messages, passkeys
from otpapp.web.messages import Clock


@dataclass(frozen=True)
class Words:
    """How one factor is asked for.

    `offer` is the link to it from the page of another one; `digits` are those of its codes, where
    all have as many, `numeric` says that they have nothing else. `after` is the label of a second
    code, `after_hint` when it is asked for.
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
    numeric: bool = True
    is_secret: bool = False
    after: str = ""
    after_hint: str = ""


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
    "hotp": Words(
        heading="Enter the code from your token",
        lead="Press its button. It shows a code.",
        label="Code from your token",
        hint="6 to 8 digits. Each press makes a new one.",
        offer="Use your token",
        empty="Enter the code from your token",
        wrong="That code is not right. If the button was pressed many times, type two codes in a "
        "row: this one and the next.",
        spent="That code was used already. Press the button once more.",
        after="The next code",
        after_hint="Only if the one before was refused. Press again and type what comes.",
    ),
    "passkey": Words(
        heading="Use your passkey",
        lead="Your browser asks for your fingerprint, your face, a PIN or a security key.",
        label="Use your passkey",
        hint="",
        offer="Use a passkey",
        empty=passkeys.NONE,
        wrong=passkeys.FAULTS[Fault.WRONG],
        spent=passkeys.LATE,
    ),
    "password": Words(
        heading="Enter your password",
        lead="",
        label="Password",
        hint="The one that you chose here.",
        offer="Use your password",
        empty="Enter your password",
        wrong="That password is not right.",
        spent="That password was changed a moment ago. Enter the new one.",
        numeric=False,
        is_secret=True,
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
        numeric=False,
    ),
}

CLOSED = (
    "This way in is closed after {most} wrong answers in a row. Choose another way, or ask whoever "
    "runs this site to open it again."
)


def offer(factor: str) -> str:
    """Return the words of the link to one factor, or to a code that is sent."""
    return "Have a code sent" if factor == "code" else WORDS[factor].offer


def read(factor: str, typed: str, after: str = "") -> str:
    """Return what of the texts that somebody typed is the answer: one code, or two in a row."""
    asked = WORDS[factor]
    if not asked.numeric:
        return typed if asked.is_secret else typed.strip()
    found = codes.find(typed, asked.digits)
    second = codes.find(after, asked.digits) if asked.after else ""
    return f"{found} {second}".strip() if found else ""


def shape(factor: str, answer: str) -> str:
    """Return what to say of an answer that cannot be right; nothing of one that may be."""
    asked = WORDS[factor]
    if not answer:
        return asked.empty
    fits = not asked.digits or len(answer) == asked.digits
    return "" if fits else messages.shape(answer, asked.digits)


def limited(reached: Limited, now: datetime, at: Clock) -> str:
    """Return the sentence for a limit; one that closes a factor leaves the other ways open."""
    if reached.limit == messages.CLOSES:
        return CLOSED.format(most=reached.most)
    return messages.limited(reached, now, at)


def refused(factor: str, answered: Answered, now: datetime, at: Clock) -> str:
    """Return the sentence for an answer that was not accepted; `at` writes times."""
    asked = WORDS[factor]
    if answered.verdict is Verdict.SPENT:
        return asked.spent
    left, more = answered.tries_left, answered.guesses_left
    if more and more.waiting:
        return f"{asked.wrong} {limited(more.waiting, now, at)}"
    if left <= messages.FEW_TRIES:
        return f"{asked.wrong} {left} {'try' if left == 1 else 'tries'} left."
    return asked.wrong
