"""A server for a class, somebody who teaches, and students."""

from collections.abc import Callable

import pytest

from otpapp.rules.classroom import rooms
from otpapp.web.classroom import here
from tests.helpers.browser import Browser, new_browser
from tests.web.classroom.helpers import join_code, open_room, take_seat

HERE = "http://127.0.0.1:5000"


@pytest.fixture
def overrides() -> dict:
    """A server for a class."""
    return {"mode": "classroom", "public_url": HERE, "mail_server": "", "sms_url": ""}


@pytest.fixture
def app(app):
    """The app as it is once it serves."""
    here.begin(app)
    return app


@pytest.fixture
def key(settings) -> str:
    """What the terminal says to whoever starts the server."""
    return rooms.teachers_key(settings)


@pytest.fixture
def teacher(app, key) -> Browser:
    """The browser of whoever teaches, with a room that is open."""
    browser = new_browser(app)
    open_room(browser, key)
    return browser


@pytest.fixture
def student(app) -> Callable[[], Browser]:
    """Return what makes the browser of one more student."""
    return lambda: new_browser(app)


@pytest.fixture
def ada(teacher, student) -> Browser:
    """Whoever sits on the first seat."""
    ada = student()
    take_seat(ada, join_code(teacher))
    return ada
