"""How things stand at this instant, as numbers for Prometheus."""

from otpapp.delivery.post import CHANNELS
from otpapp.metrics import Gauge
from otpapp.rules import vitals
from otpapp.web.current import now
from otpapp.web.errors import DATABASE_FAULTS

UP = ("otpapp_database_up", "Whether the database answers.")
LIVE = ("otpapp_sessions", "Browsers and programs that are signed in.")
DEPTH = ("otpapp_queue_messages", "Messages that wait to be sent.")
OLDEST = ("otpapp_queue_oldest_seconds", "How long the oldest has waited that is due.")
STUCK = ("otpapp_queue_stuck", "Whether our own server could not be reached with one.")


def gauges() -> list[Gauge]:
    """Return what the database says; that it says nothing, where it does not answer."""
    try:
        queues = {channel: vitals.queue(channel, now()) for channel in CHANNELS}
        live = vitals.live_sessions(now())
    except DATABASE_FAULTS:
        return [Gauge(*UP, 0)]
    by_channel = [(queue, {"channel": channel}) for channel, queue in queues.items()]
    return [
        Gauge(*UP, 1),
        Gauge(*LIVE, live),
        *(Gauge(*DEPTH, queue.depth, labels) for queue, labels in by_channel),
        *(Gauge(*OLDEST, queue.oldest.total_seconds(), labels) for queue, labels in by_channel),
        *(Gauge(*STUCK, int(queue.is_stuck), labels) for queue, labels in by_channel),
    ]
