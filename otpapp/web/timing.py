"""Counting requests, and how long they took, for /metrics."""

import time
from typing import Any

from flask import Flask, Response, g, request, request_finished, request_started

from otpapp import metrics


def init_app(app: Flask) -> None:
    """Count every request of `app` by the name of its route: a path can hold an address (X32)."""
    request_started.connect(_started, app)
    request_finished.connect(_finished, app)


def _started(_: Flask, **__: Any) -> None:
    g.started = time.perf_counter()


def _finished(_: Flask, response: Response, **__: Any) -> None:
    seconds = time.perf_counter() - g.started
    metrics.count_request(request.method, request.endpoint, response.status_code, seconds)
