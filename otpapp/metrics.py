"""What is counted while serving, for Prometheus: each process writes its own file of one folder.

So a scrape that any server process answers tells of all of them, and of `flask worker` beside them;
and no number costs a statement. What the database knows at once is not counted here but asked there
(rules/vitals.py). The files are mapped into memory: a full disk below them would end the process,
so the folder belongs into memory too.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

from otpapp.settings import BadSettings

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PAGE_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
DELIVERY_SECONDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0)


@dataclass(frozen=True)
class Gauge:
    """A number that holds now, whoever is asked."""

    name: str
    about: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


class Meters:
    """All that is counted. Labels are words of our own: no address, no id and no path gets here."""

    def __init__(self) -> None:
        # It chooses by the environment, when it is imported, whether processes share their numbers.
        from prometheus_client import Counter, Histogram

        self.requests = Counter(
            "otpapp_requests", "Requests answered.", ("method", "endpoint", "status")
        )
        self.request_seconds = Histogram(
            "otpapp_request_seconds", "How long pages took.", ("endpoint",), buckets=PAGE_SECONDS
        )
        self.checks = Counter("otpapp_gate_checks", "What the gate answered.", ("answer",))
        self.events = Counter("otpapp_events", "Lines of the trail.", ("kind", "verdict"))
        self.deliveries = Counter(
            "otpapp_deliveries", "Messages that ended.", ("channel", "kind", "outcome")
        )
        self.delivery_seconds = Histogram(
            "otpapp_delivery_seconds",
            "How old a message was when it was handed over.",
            ("channel", "kind"),
            buckets=DELIVERY_SECONDS,
        )


_meters: Meters | None = None  # None: nobody wants to know, and counting costs a comparison
_folder = ""


class _Trail(logging.Handler):
    """Counts the lines of the trail where they are logged, so that no rule has to know of it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line by its kind and its verdict."""
        if _meters and record.name == "otpapp.events":
            verdict = getattr(record, "fields", {}).get("verdict", "")
            _meters.events.labels(record.msg, str(verdict)).inc()


def keep_in(folder: str) -> None:
    """Count from here on, in files of `folder`; PROMETHEUS_MULTIPROC_DIR names it already.

    Raises BadSettings where it cannot be made or written to.
    """
    global _meters, _folder
    try:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        said = f"OTPAPP_METRICS: {folder} cannot be written to ({error.strerror})"
        raise BadSettings([said]) from error
    if _meters is None:
        _meters, _folder = Meters(), folder
        logging.getLogger("otpapp.events").addHandler(_Trail())


def count_request(method: str, endpoint: str | None, status: int, seconds: float) -> None:
    """Count one request; `endpoint` is the name of its route, None where it has none."""
    if _meters:
        known, where = method if method in METHODS else "other", endpoint or "none"
        _meters.requests.labels(known, where, str(status)).inc()
        _meters.request_seconds.labels(where).observe(seconds)


def count_check(answer: str) -> None:
    """Count one answer of the gate."""
    if _meters:
        _meters.checks.labels(answer).inc()


def count_delivery(channel: str, kind: str, outcome: str, age: timedelta) -> None:
    """Count one message that ended, and how old it was where it was handed over."""
    if _meters:
        _meters.deliveries.labels(channel, kind, outcome).inc()
        if outcome == "sent":
            _meters.delivery_seconds.labels(channel, kind).observe(age.total_seconds())


def written(gauges: Iterable[Gauge]) -> bytes:
    """Return what all processes counted, and `gauges`, in the text format of Prometheus."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, _folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + "".join(_lines(gauges)).encode()


def _lines(gauges: Iterable[Gauge]) -> Iterator[str]:
    """Yield the gauges in the same format; those of one name stand together."""
    last = ""
    for one in gauges:
        if one.name != last:
            yield f"# HELP {one.name} {one.about}\n# TYPE {one.name} gauge\n"
        last = one.name
        labels = ",".join(f'{name}="{value}"' for name, value in one.labels.items())
        yield f"{one.name}{{{labels}}} {one.value}\n"
