"""What tests of a class say again and again."""

import re

from tests.helpers.browser import Browser
from tests.web.helpers import words

JOIN = "/classroom/join"
ROOM = "/classroom/room"


def open_room(browser: Browser, key: str) -> None:
    """Open a room with the key of whoever teaches."""
    path = f"/classroom/teach/{key}"
    browser.get(path)
    assert browser.submit(path).location == ROOM


def join_code(teacher: Browser) -> str:
    """Return the code that stands on the wall."""
    return re.search(r'class="join-code">([A-Z]+)<', teacher.get(ROOM).text)[1]


def take_seat(browser: Browser, code: str) -> str:
    """Join with a code; return what the page of the seat says."""
    browser.get(JOIN)
    return words(browser.follow(browser.submit(JOIN, code=code)).text)
