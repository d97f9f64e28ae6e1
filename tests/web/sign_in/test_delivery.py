"""Where is my code? The code page says how messages leave the site, alike for all."""

import pytest

from tests.helpers.mailbox import free_port
from tests.helpers.people import BOB
from tests.web.helpers import ALICE, STRANGER, delivery, field, words

LOOK = "/sign-in/code/delivery/"


def told(client, channel: str = "email") -> tuple[str, str]:
    """Return what an open code page is told when it looks."""
    found = client.get(LOOK + channel).json
    assert set(found) == {"flow", "text"}
    return found["flow"], found["text"]


@pytest.mark.parametrize(
    ("who", "channel", "sentence"),
    [
        (ALICE, "email", "Mail goes out without delay."),
        (BOB.address, "sms", "Text messages go out without delay."),
    ],
)
def test_messages_that_go_out_are_said_to(client, alice, bob, who, channel, sentence):
    page = client.ask(who)
    assert delivery(page) == told(client, channel) == ("going", sentence)
    assert "a code is on its way" in words(page.text)


@pytest.mark.parametrize("address", [ALICE, STRANGER])
def test_messages_that_nobody_sends_are_said_to_wait(client, clock, alice, address):
    path = client.ask(address).request.full_path
    clock.advance(seconds=40)
    page = client.get(path)
    sentence = "Messages wait here at the moment. They go out as soon as they can."
    assert delivery(page) == told(client) == ("waiting", sentence)
    assert "a code waits to be sent" in words(page.text)
    assert told(client, "sms")[0] == "going"


def test_a_mail_server_that_is_down_is_said_to_be(make_client, mailbox, alice):
    client = make_client(mail_port=free_port())
    mailbox.attach(client.application)
    path = client.ask(ALICE).request.full_path
    mailbox.deliver()
    assert delivery(client.get(path)) == told(client)
    assert told(client) == (
        "failing",
        "We cannot reach the mail server at the moment. "
        "Nothing is wrong with your address. We keep trying.",
    )


def test_bad_news_is_read_out_with_the_field_and_good_news_is_not(client, clock, alice):
    path = client.ask(ALICE).request.full_path
    assert field(client.page, "code")["aria-describedby"] == "code-hint"
    clock.advance(seconds=40)
    client.get(path)
    assert field(client.page, "code")["aria-describedby"] == "delivery code-hint"


def test_a_code_that_is_over_says_nothing_of_messages(client, clock, alice):
    path = client.ask(ALICE).request.full_path
    clock.advance(minutes=10)
    assert 'id="delivery"' not in client.get(path).text


def test_there_are_two_channels(client):
    assert client.get(LOOK + "pigeon").status_code == 404
