"""A test message, handed over while somebody waits: how it goes, and for how long they wait."""

import socket
import time
from dataclasses import replace

import pytest

from otpapp.delivery import trial
from otpapp.delivery.parcels import NotSent
from otpapp.rules.identifiers import Address
from tests.delivery.servers import SAY_NOTHING

ALICE = Address("email", "alice@example.org", "Alice@example.org")
BOB = Address("sms", "+12025550143", "+12025550143")


def refusal(address: Address, settings, seconds: float = 1) -> NotSent:
    with pytest.raises(NotSent) as caught:
        trial.hand_over(address, settings, seconds)
    return caught.value


def test_a_mail_goes_to_the_address_as_it_is_written(context, settings, smtp):
    trial.hand_over(ALICE, replace(settings, mail_port=smtp.port), 5)
    assert [mail["To"] for mail in smtp.mails] == ["Alice@example.org"]


def test_a_text_message_goes_through_the_gateway(context, settings, gateway):
    trial.hand_over(BOB, replace(settings, sms_url=gateway.url), 5)
    assert gateway.bodies == ["Test message from auth.example.org. Text messages work."]


def test_a_mute_mail_server_is_waited_for_no_longer_than_told(context, settings, smtp):
    smtp.replies["CONNECT"] = SAY_NOTHING
    begun = time.monotonic()
    said = refusal(ALICE, replace(settings, mail_port=smtp.port))
    assert time.monotonic() - begun < 2.5
    assert str(said) == f"127.0.0.1:{smtp.port} did not answer in time."


def test_nor_is_a_mute_gateway_and_whether_it_arrives_is_not_known(context, settings):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        url = f"json://127.0.0.1:{mute.getsockname()[1]}/{{to}}"
        said = refusal(BOB, replace(settings, sms_url=url))
        assert time.monotonic() - begun < 2.5
    assert str(said) == "There was no answer within 1 seconds. It may arrive all the same."


def test_without_a_server_it_says_where_messages_go(context, settings):
    trying = replace(settings, mode="development", mail_server="", sms_url="")
    assert "OTPAPP_MAIL_SERVER is not set, so messages go to /inbox" in str(refusal(ALICE, trying))
    assert "OTPAPP_SMS_URL is not set" in str(refusal(BOB, trying))


def test_a_file_of_certificates_that_is_gone_is_told_too(context, settings):
    impossible = replace(settings, mail_ca_file="/nowhere/at/all.pem")
    assert "broke (FileNotFoundError)" in str(refusal(ALICE, impossible))
