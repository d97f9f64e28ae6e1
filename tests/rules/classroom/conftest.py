"""Rooms of a class, on both kinds of database."""

from collections.abc import Callable

import pytest

from otpapp.models import Room
from otpapp.rules.classroom import rooms
from otpapp.transaction import transaction


@pytest.fixture
def overrides() -> dict:
    """A server for a class."""
    return {
        "mode": "classroom",
        "public_url": "http://127.0.0.1:5000",
        "mail_server": "",
        "sms_url": "",
    }


@pytest.fixture
def open_room(context, clock) -> Callable[[], tuple[Room, str]]:
    """Return what opens a room; it returns the token of whoever teaches there too."""

    def open_room() -> tuple[Room, str]:
        with transaction():
            return rooms.open_one(clock.now)

    return open_room


@pytest.fixture
def room(open_room) -> Room:
    """A room that was opened just now."""
    return open_room()[0]
