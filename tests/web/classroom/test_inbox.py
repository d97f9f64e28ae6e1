"""What comes to a seat: to it alone, mail and text messages, as they would have come."""

import pytest

from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.post import CHANNELS, deliver_next
from tests.web.classroom.helpers import join_code, take_seat
from tests.web.helpers import words

INBOX = "/classroom/inbox"


@pytest.fixture
def alan(ada, teacher, student):
    """Whoever sits on the second."""
    alan = student()
    take_seat(alan, join_code(teacher))
    return alan


def ask(browser, identifier: str) -> None:
    """Have a code sent, and wait for it."""
    browser.ask(identifier)
    app = browser.application
    with app.app_context():
        for channel in CHANNELS:
            while deliver_next(channel, InboxTransport(), app.extensions["otpapp.settings"]):
                pass


def test_before_anything_came_it_says_how_to_begin(ada):
    page = words(ada.get(INBOX).text)
    assert "Messages to Ada" in page
    assert "Nothing yet. Ask for a code" in page


@pytest.mark.parametrize(
    ("identifier", "said"),
    [("ada@class.example", "Mail to ada@class.example"), ("+1 202 555 0100", "To +12025550100")],
)
def test_a_code_comes_to_whose_it_is_and_signs_them_in(ada, alan, identifier, said):
    ask(ada, identifier)
    page = words(ada.get(INBOX).text)
    assert said in page
    assert "Nothing yet." in alan.get(INBOX).text
    code = page.partition(" is your Example sign-in code")[0].rpartition(" ")[2]
    ada.get("/sign-in/code")
    assert "You are signed in" in ada.follow(ada.submit("/sign-in/code", code=code)).text
    assert "You are Ada" in ada.get("/classroom/seat").text, "signing in took the seat away"


def test_the_html_of_a_mail_is_for_its_seat_alone(ada, alan):
    ask(ada, "ada@class.example")
    ada.get(INBOX)
    (frame,) = ada.page.all("iframe")
    answer = ada.get(frame["src"])
    assert "Stop these codes" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert alan.get(frame["src"]).status_code == 404
    assert ada.get(f"{INBOX}/999/html").status_code == 404


def test_a_text_message_has_no_html(ada):
    ask(ada, "+12025550100")
    assert ada.get(f"{INBOX}/1/html").status_code == 404


def test_whoever_has_no_seat_is_led_to_one(teacher):
    for path in (INBOX, f"{INBOX}/1/html"):
        assert teacher.get(path).location == "/classroom"
