"""The inbox: what would have been sent, shown while developing, never elsewhere."""

import re

import pytest

from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.post import CHANNELS, deliver_next
from tests.helpers.people import RFC_CODES
from tests.web.factors import enrol_app
from tests.web.helpers import ALICE, hold, sign_in, words


@pytest.fixture
def visitor(make_client):
    """A browser of a site where nothing is really sent."""
    return make_client(
        mode="development", public_url="http://127.0.0.1:5000", mail_server="", sms_url=""
    )


def deliver(browser) -> None:
    app = browser.application
    with app.app_context():
        for channel in CHANNELS:
            while deliver_next(channel, InboxTransport(), app.extensions["otpapp.settings"]):
                pass


def test_before_anything_was_sent_it_says_how_to_begin(visitor):
    page = words(visitor.get("/inbox").text)
    assert "Nothing yet." in page
    assert {"href": "/sign-in"} in visitor.page.all("a")


def test_it_shows_a_mail_as_text_and_with_its_headers(visitor, alice):
    visitor.ask(ALICE)
    deliver(visitor)
    page = words(visitor.get("/inbox").text)
    assert f"{RFC_CODES[1]} is your Example sign-in code" in page
    assert f"Mail to {ALICE}" in page
    for header in ("Subject: ", "From: ", f"To: {ALICE}", "Message-ID: <", "Auto-Submitted: "):
        assert header in page
    assert "Nothing yet." not in page


def test_it_shows_the_html_part_in_a_frame_that_can_do_nothing(visitor, alice):
    visitor.ask(ALICE)
    deliver(visitor)
    visitor.get("/inbox")
    (frame,) = visitor.page.all("iframe")
    assert frame["sandbox"] in ("", None)
    assert frame["title"]
    answer = visitor.get(frame["src"])
    assert RFC_CODES[1] in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_shows_a_text_message(visitor, bob):
    visitor.ask(bob.address)
    deliver(visitor)
    page = words(visitor.get("/inbox").text)
    assert f"To {bob.address}" in page
    assert "@127.0.0.1 #" in page
    assert not visitor.page.all("iframe")


def test_the_newest_message_comes_first(visitor, alice, clock):
    for minutes in (0, 8):
        clock.advance(minutes=minutes)
        visitor.ask(ALICE)
        clock.advance(minutes=5)
        deliver(visitor)
    text = visitor.get("/inbox").text
    assert text.index(RFC_CODES[2]) < text.index(RFC_CODES[1])


def test_a_message_for_nobody_is_not_there(visitor, app, alice):
    visitor.ask(ALICE)
    assert "Nothing yet." in words(visitor.get("/inbox").text)
    for number in ("1", "2", "999", "0", "9223372036854775807", "9223372036854775808", "9" * 40):
        assert visitor.get(f"/inbox/{number}/html").status_code == 404


@pytest.mark.parametrize("path", ["/inbox", "/inbox/", "/inbox/1/html"])
def test_in_production_there_is_none_whatever_one_sends(client, app, alice, path):
    client.ask(ALICE)
    for headers in (
        {},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"},
        {"X-Mode": "development", "Authorization": "Bearer development"},
        {"X-Original-URL": "/inbox", "X-Rewrite-URL": "/inbox"},
    ):
        assert client.get(path, headers=headers).status_code == 404
    hold(client, "development")
    client.set_cookie("mode", "development", domain="auth.example.org")
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?mode=development").status_code == 404


def test_in_production_being_signed_in_does_not_help_and_no_page_leads_there(client, alice):
    sign_in(client)
    assert client.get("/inbox").status_code == 404
    assert "inbox" not in words(client.get("/").text).lower()


def test_off_production_every_page_leads_to_it(visitor, alice):
    visitor.get("/sign-in")
    assert {"href": "/inbox"} in visitor.page.all("a")


def test_what_was_really_sent_is_not_shown(make_client, alice, bob, mailbox):
    client = make_client(mode="development", public_url="http://127.0.0.1:5000", sms_url="")
    client.ask(ALICE)
    client.ask("+1 202 555 0143")
    mailbox.attach(client.application)
    assert len(mailbox.deliver()) == 1
    deliver(client)
    page = words(client.get("/inbox").text)
    assert "Text message" in page
    assert RFC_CODES[1] not in page


def test_where_everything_is_really_sent_there_is_no_inbox(make_client):
    client = make_client(mode="development", public_url="http://127.0.0.1:5000")
    assert client.get("/inbox").status_code == 404
    assert "inbox" not in words(client.get("/sign-in").text)


def test_it_shows_notices_too_with_a_link_that_works(visitor, alice, clock):
    sign_in(visitor)
    enrol_app(visitor, clock)
    deliver(visitor)
    page = words(visitor.get("/inbox").text)
    assert "An authenticator app, “My phone”, was added to your Example sign-in." in page
    link = re.search(r"http://127\.0\.0\.1:5000(/changed/\S+)", page)[1]
    (frame, *_) = visitor.page.all("iframe")
    assert link in visitor.get(frame["src"]).text
    assert visitor.get(link).status_code == 200
