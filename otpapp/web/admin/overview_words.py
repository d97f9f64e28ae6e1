"""What the overview asks and says: the questions, and numbers, times and waits in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otpapp.rules.messages import Flow

ANSWERED, GIVEN_UP = "code.answered", "message.given_up"
SPANS = {"day": "24 hours", "week": "7 days", "month": "30 days"}
CHANNELS = {"email": "Mail", "sms": "Text messages"}
FLOWS = {
    Flow.GOING: "goes out without delay",
    Flow.WAITING: "waits: nobody sends at the moment, or senders are behind",
    Flow.FAILING: "is stuck: our own server cannot be reached",
}
ANSWERS = {
    "ACCEPTED": "Right",
    "WRONG": "Wrong",
    "EXPIRED": "Right or wrong, but too late",
    "SPENT": "For a code that was used already",
    "LOCKED": "For a code that wrong ones had closed",
}


@dataclass(frozen=True)
class Series:
    """What one line counts: events of some kinds, with a verdict or any; the first is linked."""

    label: str
    one: str
    look: str
    kinds: tuple[str, ...]
    verdict: str = ""


@dataclass(frozen=True)
class Question:
    """What an operator asks, and the lines that answer it."""

    name: str
    title: str
    series: tuple[Series, ...]


QUESTIONS = (
    Question(
        "entering",
        "Are people getting in?",
        (
            Series("sign-ins", "sign-in", "calm", ("session.started",)),
            Series(
                "codes asked for", "code asked for", "plain-ink", ("code.asked", "code.asked_again")
            ),
            Series("codes used", "code used", "warm", (ANSWERED,), "ACCEPTED"),
        ),
    ),
    Question(
        "guessing",
        "Is somebody guessing?",
        (
            Series("wrong answers", "wrong answer", "bad", (ANSWERED, "factor.answered"), "WRONG"),
            Series("limits reached", "limit reached", "plain-ink", ("limit.reached",)),
        ),
    ),
    Question(
        "leaving",
        "Do messages go out?",
        (
            Series(
                "messages sent",
                "message sent",
                "calm",
                ("message.sent", "notice.sent", "invitation.sent"),
            ),
            Series(
                "given up", "given up", "bad", (GIVEN_UP, "notice.given_up", "invitation.given_up")
            ),
        ),
    ),
)
KINDS = frozenset(kind for one in QUESTIONS for series in one.series for kind in series.kinds)


def whole(question: Question, sums: Sequence[int], span: str) -> str:
    """Return how often each happened in the span."""
    return f"In the last {SPANS[span]}: {_often(question, sums)}."


def last(question: Question, numbers: Sequence[int], begin: datetime, span: str) -> str:
    """Return how often each happened in the step of the span that is going on."""
    since = "Today" if span == "month" else f"Since {begin:%H:%M}"
    return f"{since}: {_often(question, numbers)}."


def mark(begin: datetime, span: str) -> str:
    """Return when a step began, as there is room for it below a chart."""
    return f"{begin:%H:%M}" if span == "day" else f"{begin.day} {begin:%b}"


def step(begin: datetime, span: str) -> str:
    """Return when a step began, in full."""
    day = mark(begin, "month")
    return f"{begin:%a} {day}" if span == "month" else f"{day}, {begin:%H:%M}"


def lasted(wait: timedelta) -> str:
    """Return how long something waits, in its largest whole unit."""
    seconds = int(wait.total_seconds())
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return _number(seconds // size, name)
    return _number(seconds, "second")


def _number(number: int, name: str) -> str:
    return f"{number} {name}{'s' * (number != 1)}"


def _often(question: Question, numbers: Sequence[int]) -> str:
    pairs = zip(question.series, numbers, strict=True)
    return ", ".join(f"{number:,} {one.one if number == 1 else one.label}" for one, number in pairs)
