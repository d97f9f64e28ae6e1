"""When our own mail server is down, the code page says so, alike for every address."""

import pytest

from tests.helpers.mailbox import free_port

SENTENCE = "We could not hand the message to the mail server. Nothing is wrong with your address."


@pytest.fixture
def overrides() -> dict:
    """A mail server that is not there."""
    return {"mail_port": free_port()}


def test_the_code_page_says_that_the_mail_server_is_down(client, mailbox, alice, app):
    assert SENTENCE not in client.ask("alice@example.org").text
    mailbox.deliver()
    assert SENTENCE in client.get("/sign-in/code").text


def test_it_says_the_same_of_an_address_that_nobody_has(client, mailbox, alice):
    client.ask("alice@example.org")
    mailbox.deliver()
    assert SENTENCE in client.ask("nobody@example.org").text


def test_it_stops_saying_so_once_the_message_is_over(client, mailbox, alice, clock):
    client.ask("alice@example.org")
    mailbox.deliver()
    clock.advance(minutes=11)
    mailbox.deliver()
    assert SENTENCE not in client.ask("nobody@example.org").text
