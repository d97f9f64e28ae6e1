"""Text messages through Apprise to a real gateway on loopback."""

import logging
from datetime import timedelta
from urllib.parse import unquote

import pytest

from otpapp.delivery import sms
from tests.conftest import NOON
from tests.helpers.people import BOB


@pytest.fixture
def overrides(gateway) -> dict:
    """The gateway takes the app's text messages."""
    return {"sms_url": gateway.url}


def test_a_text_message_goes_to_exactly_one_number(outbox, gateway, bob):
    outbox.ask(bob)
    assert outbox.send_next("sms")
    assert [unquote(path).strip("/") for path, _ in gateway.received] == [BOB.address]


def test_it_arrives_word_for_word(outbox, gateway, bob):
    reference = outbox.ask(bob).reference
    outbox.send_next("sms")
    assert gateway.bodies == [
        f"{outbox.code} is your Example sign-in code. It works for 10 minutes. Don't share it. "
        f"Ref: {reference}.\n\n@auth.example.org #{outbox.code}"
    ]


def test_its_row_is_then_sent_and_so_is_the_challenge(outbox, gateway, bob):
    outbox.ask(bob)
    outbox.send_next("sms")
    assert (outbox.row.outcome, outbox.row.ended_at) == ("sent", NOON)
    assert outbox.challenge.sent_at == NOON


def test_nothing_is_sent_twice(outbox, gateway, bob, clock):
    outbox.ask(bob)
    outbox.send_next("sms")
    clock.advance(minutes=5)
    assert not outbox.send_next("sms")
    assert len(gateway.received) == 1


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_gateway_that_refuses_is_tried_again(status, outbox, gateway, bob, clock):
    gateway.status = status
    outbox.ask(bob)
    outbox.send_next("sms")
    assert outbox.row.error == "The SMS gateway did not take the message, or did not say so."
    assert (outbox.row.ended_at, outbox.row.due_at) == (None, NOON + timedelta(seconds=5))
    gateway.status = 200
    clock.advance(seconds=5)
    outbox.send_next("sms")
    assert outbox.row.outcome == "sent"
    assert gateway.bodies[0] == gateway.bodies[1]


def test_a_gateway_that_is_down_is_tried_again(outbox, bob):
    outbox.ask(bob)
    outbox.send_next("sms", sms_url="json://127.0.0.1:9/{to}")
    assert (outbox.row.outcome, outbox.row.attempts) == ("", 1)
    assert outbox.row.error


def test_a_gateway_that_quotes_the_message_leaks_no_code(outbox, gateway, bob, caplog):
    gateway.status, gateway.answer = 500, lambda body: f"not sent: {body}"
    caplog.set_level(logging.DEBUG)
    outbox.ask(bob)
    outbox.send_next("sms")
    assert outbox.code in gateway.bodies[0]
    assert outbox.code not in caplog.text + outbox.everything()


def test_the_number_of_a_stranger_gets_nothing(outbox, gateway, bob):
    outbox.ask("+12025550199")
    assert outbox.send_next("sms")
    assert outbox.row.outcome == "decoy"
    assert gateway.received == []


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("json://127.0.0.1:8001/{to}", ("127.0.0.1", 8001, False)),
        ("jsons://user:pass@sms.example.org/{to}", ("sms.example.org", 443, True)),
        ("forms://sms.example.org:8443/?to={to}", ("sms.example.org", 8443, True)),
        ("clickatell://0123456789/{to}", ("platform.clickatell.com", 443, True)),
        ("twilio://AC" + "0" * 32 + ":" + "1" * 32 + "@+12025550100/{to}", None),
        ("nothing of the kind", None),
    ],
)
def test_where_a_gateway_is_is_known_where_its_address_says_so(url, found):
    assert sms.place(url) == found
