"""However slowly a mail server answers, a hand-over ends, and sooner than its lease."""

import socket
import time
from contextlib import contextmanager

import pytest

from otpapp.delivery import smtp as line
from otpapp.delivery.outbox import LEASE
from tests.delivery.servers import HANG_UP, SAY_NOTHING

SLOW_GREETING = {"CONNECT": "220 " + "x" * 20, "EHLO": "250-m\r\n250 AUTH PLAIN"}
ACCOUNT = {"mail_username": "codes", "mail_password": "a password"}
ENOUGH = 8.0  # seconds; far less than for ever, far more than a busy machine takes
TOTAL, CLOSE = line.TOTAL_SECONDS, line.CLOSE_SECONDS
SCALE = 1 / 50  # a second of the product takes so long here


@pytest.fixture(autouse=True)
def scaled_time_outs(monkeypatch) -> None:
    """Let every time-out of the product keep its proportion."""
    for name in ("OPERATION_SECONDS", "TOTAL_SECONDS"):
        monkeypatch.setattr(line, name, getattr(line, name) * SCALE)


@contextmanager
def at_most(seconds: float):
    """Say that the block took no longer."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO"])
def test_a_mute_server_is_left_after_the_time_of_one_answer(verb, smtp, outbox, alice, monkeypatch):
    monkeypatch.setattr(line, "TOTAL_SECONDS", 10 * ENOUGH)
    smtp.replies[verb] = SAY_NOTHING
    outbox.ask(alice)
    with at_most(ENOUGH):
        outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == ""


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_a_server_that_lets_us_in_and_then_falls_silent_is_left_too(verb, smtp, outbox, alice):
    smtp.replies[verb] = SAY_NOTHING
    outbox.ask(alice)
    with at_most(ENOUGH):
        outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == ""


def test_a_server_may_look_into_a_mail_for_longer_than_one_answer_takes(smtp, outbox, alice):
    smtp.pauses["."] = 1.5 * line.OPERATION_SECONDS
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == "sent"
    assert len(smtp.mails) == 1


@pytest.mark.parametrize("reply", [SAY_NOTHING, HANG_UP])
def test_a_server_that_takes_mails_without_a_word_gets_each_twice_at_most(
    reply, smtp, outbox, alice, clock
):
    smtp.replies["."] = reply
    outbox.ask(alice)
    for _ in range(5):
        outbox.send_next(mail_port=smtp.port)
        clock.advance(minutes=1)
    assert len(smtp.mails) == 2
    assert outbox.row.outcome == "given_up"


def test_no_hand_over_outlasts_the_code(smtp, outbox, alice, clock):
    smtp.pauses["CONNECT"] = 0.5
    outbox.ask(alice)
    clock.advance(minutes=9, seconds=59.9)
    with at_most(ENOUGH):
        outbox.send_next(mail_port=smtp.port)
    assert smtp.mails == []
    assert outbox.row.outcome == "given_up"


def test_all_addresses_of_a_name_share_one_total_time(outbox, alice, monkeypatch):
    many = [(2, 1, 6, "", (f"127.9.9.{number}", 25)) for number in range(8)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: many)
    monkeypatch.setattr(socket, "create_connection", _never)
    outbox.ask(alice)
    with at_most(1.8 * line.TOTAL_SECONDS):
        outbox.send_next(mail_port=9)
    assert outbox.row.error.endswith("did not answer in time.")


def _never(address, timeout: float, source_address=None):
    time.sleep(timeout)
    raise TimeoutError


def test_a_server_that_drips_its_answers_is_cut_off_after_the_total_time(smtp, outbox, alice):
    smtp.drip = 1 * SCALE
    outbox.ask(alice)
    with at_most(ENOUGH):
        outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == ""
    assert smtp.mails == []


def test_a_server_that_begins_to_drip_later_is_cut_off_too(smtp, outbox, alice):
    smtp.replies["DATA"] = "354 " + "x" * 200
    outbox.ask(alice)
    smtp.drip = 0.2 * SCALE
    with at_most(ENOUGH):
        outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == ""


def test_opening_a_connection_and_signing_in_are_cut_off_together(smtp, outbox, alice):
    smtp.replies.update(SLOW_GREETING)
    smtp.drip = 0.4 * SCALE
    outbox.ask(alice)
    with at_most(ENOUGH):
        outbox.send_next(mail_port=smtp.port, **ACCOUNT)
    assert "MAIL" not in smtp.conversations[0]


def test_a_kept_connection_that_became_slow_is_not_tried_anew_at_once(smtp, outbox, alice, clock):
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    clock.advance(minutes=15)
    outbox.ask(alice)
    smtp.drip = 0.4 * SCALE
    with at_most(ENOUGH):
        outbox.send_next()
    assert outbox.row.outcome == ""
    assert len(smtp.conversations) == 1


def test_no_hand_over_outlasts_its_lease():
    """The longest one: a kept connection breaks at the last moment, and a new one is as slow."""
    lost, opened, handed_over = TOTAL, TOTAL, TOTAL
    assert lost + CLOSE + opened + handed_over < LEASE.total_seconds()


def test_a_mail_that_timed_out_on_a_kept_connection_is_not_sent_twice_at_once(
    smtp, outbox, alice, clock
):
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    clock.advance(minutes=15)
    outbox.ask(alice)
    smtp.replies["."] = SAY_NOTHING
    outbox.send_next()
    assert len(smtp.mails) == 2
