"""What the overview of admins shows: what operators ask, answered by numbers."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from markupsafe import Markup

from otpapp.delivery import sweeping
from otpapp.rules import messages, users, vitals
from otpapp.rules.account import leaving
from otpapp.rules.figures import alarms, spans
from otpapp.rules.figures.spans import SPANS, Figures
from otpapp.rules.messages import Flow
from otpapp.rules.people import trail
from otpapp.rules.people.trail import Sought
from otpapp.web.admin import charts, overview_words
from otpapp.web.admin.charts import Line
from otpapp.web.admin.overview_words import ANSWERED, GIVEN_UP, QUESTIONS, Question, Series
from otpapp.web.current import now, settings
from otpapp.web.errors import DATABASE_FAULTS

USUAL = "day"
HOURS = 24  # that a page counts where no sender has done it
WAITS = 100  # milliseconds


@dataclass(frozen=True)
class Chart:
    """A question, its lines drawn, what each of them is and its sum, and all of it as a table.

    `last` says in words what happened in the step that is going on.
    """

    question: Question
    drawn: Markup
    legend: list[tuple[Series, Markup, int]]
    last: str
    rows: list[tuple[str, tuple[int, ...]]]

    @property
    def happened(self) -> bool:
        """Whether there is anything to be seen."""
        return any(total for _, _, total in self.legend)


def of(name: str) -> dict[str, Any]:
    """Return all that the overview shows of a span; a name that is none asks for the usual."""
    name = name if name in SPANS else USUAL
    figures = _figures(name)
    return {
        "span": name,
        "spans": overview_words.SPANS,
        "since": f"{figures.begins[0]:%Y-%m-%dT%H:%M}",
        "charts": [_chart(one, figures, name) for one in QUESTIONS],
        "answers": list(_answers(figures)),
        "uncounted": figures.uncounted,
        **_of_now(),
    }


def _figures(name: str) -> Figures:
    begin = SPANS[name].begins(now())[0]
    # Whoever only reads is not turned away by a database that cannot be written to just now.
    with suppress(*DATABASE_FAULTS):
        sweeping.count_hours(begin, now(), HOURS, WAITS)
    return spans.read(SPANS[name], overview_words.KINDS, now())


def _chart(question: Question, figures: Figures, span: str) -> Chart:
    found = [figures.of(*one.kinds, verdict=one.verdict) for one in question.series]
    lines = [Line(one.look, numbers) for one, numbers in zip(question.series, found, strict=True)]
    legend = [
        (one, charts.sample(nth, one.look), sum(numbers))
        for nth, (one, numbers) in enumerate(zip(question.series, found, strict=True), 1)
    ]
    words = overview_words.whole(question, [total for _, _, total in legend], span)
    last = overview_words.last(question, [one[-1] for one in found], figures.begins[-1], span)
    marks = [overview_words.mark(one, span) for one in figures.begins]
    drawn = charts.draw(question.name, question.title, f"{words} {last}", lines, marks)
    steps = [overview_words.step(one, span) for one in figures.begins]
    rows = list(zip(steps, zip(*found, strict=True), strict=True))
    return Chart(question, drawn, legend, last, rows[::-1])


def _answers(figures: Figures) -> Iterator[tuple[str, int]]:
    for verdict, words in overview_words.ANSWERS.items():
        number = sum(figures.of(ANSWERED, verdict=verdict))
        if number:
            yield words, number


def _of_now() -> dict[str, Any]:
    guessed = [(one, _name(one.user_id)) for one in alarms.guessed_at(settings())]
    going, first = leaving.coming()
    channels = ("email", "sms") if settings().offers_sms else ("email",)
    return {
        "guessed": guessed,
        "is_raining": alarms.is_raining(settings(), now()),
        "going": going,
        "first_goes": first,
        "channels": [_channel(one) for one in channels],
        "given_up": next(iter(trail.page(Sought(kind=GIVEN_UP), most=1).lines), None),
        "live": vitals.live_sessions(now()),
        "spent": _spent(),
    }


def _channel(channel: str) -> dict[str, Any]:
    queue = vitals.queue(channel, now())
    flow = Flow.FAILING if queue.is_stuck else messages.flow(channel, now())
    return {
        "name": overview_words.CHANNELS[channel],
        "flow": flow,
        "said": overview_words.FLOWS[flow],
        "depth": queue.depth,
        "oldest": overview_words.lasted(queue.oldest)
        if queue.oldest >= timedelta(seconds=1)
        else "",
        "refusal": vitals.last_refusal(channel),
    }


def _spent() -> list[tuple[str, str, alarms.Spent]]:
    if not settings().offers_sms:
        return []
    codes, notices = (
        found(settings(), now()) for found in (alarms.codes_by_sms, alarms.notices_by_sms)
    )
    return [("spent-codes", "Codes", codes), ("spent-notices", "Notices", notices)]


def _name(user_id: UUID) -> str:
    return next((one.key for one in users.addresses_of(user_id)), str(user_id))
