"""What every page that takes a code says of the next message."""

from markupsafe import Markup

from otpapp.rules import budgets
from otpapp.rules import messages as outbox
from otpapp.rules.lanes import Lane
from otpapp.rules.verdicts import Limited
from otpapp.web import messages
from otpapp.web.current import now, settings
from otpapp.web.looks import said, time_element


def delivery(channel: str) -> dict[str, str]:
    """Return how messages of `channel` leave this site, as a word and as a sentence."""
    flow = outbox.flow(channel, now())
    return {"flow": flow, "text": messages.flow(flow, channel)}


def wait(lane: Lane) -> dict[str, object]:
    """Return when the next message can be asked for in this lane, or which limit is in the way."""
    waiting = budgets.next_send(lane, settings(), now())
    return {
        "sends_left": messages.sends_left(budgets.sends_left(lane, settings(), now())),
        "waiting": waiting,
        "wait_seconds": messages.seconds_until(waiting.until, now()) if waiting else 0,
        "limit_text": limit_words(waiting) if waiting and waiting.most else "",
    }


def limit_words(refused: Limited) -> Markup:
    """Return the sentence for a limit, with the instant it ends."""
    return said(messages.limited(refused, now(), time_element))
