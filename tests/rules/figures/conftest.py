"""A trail that tests write line by line, and an hour that they count."""

from collections.abc import Callable
from datetime import datetime

import pytest

from otpapp.rules import events
from otpapp.rules.figures import hours
from otpapp.transaction import transaction


@pytest.fixture
def happened(context) -> Callable[..., None]:
    """Write so many lines of a kind into the trail, at an instant."""

    def write(at: datetime, kind: str = "code.asked", verdict: str = "", times: int = 1) -> None:
        with transaction():
            for _ in range(times):
                events.record(kind, at, verdict=verdict)

    return write


@pytest.fixture
def count(context) -> Callable[[datetime], bool]:
    """Count an hour, in a transaction of its own."""

    def counted(hour: datetime) -> bool:
        with transaction():
            return hours.count(hour)

    return counted
