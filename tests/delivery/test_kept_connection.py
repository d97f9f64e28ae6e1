"""One connection serves many mails; losing it costs nothing."""

import socket

import pytest

from otpapp.delivery import mail
from tests.delivery.servers import HANG_UP

ONE_MAIL = ["MAIL", "RCPT", "DATA"]


@pytest.fixture
def send(outbox, smtp, clock):
    """Ask for one more code and send it to the test's mail server."""
    transports = []

    def send() -> str:
        clock.advance(minutes=15)
        outbox.ask("alice@example.org")
        changes = {} if transports else {"mail_port": smtp.port}
        transports.append(1)
        outbox.send_next(**changes)
        return outbox.row.outcome

    return send


def test_two_mails_in_a_row_use_one_connection(send, smtp, alice):
    assert [send(), send()] == ["sent", "sent"]
    assert smtp.conversations == [["EHLO", *ONE_MAIL, *ONE_MAIL]]


def test_a_server_that_hung_up_in_between_costs_nothing(send, smtp, alice):
    send()
    smtp.hang_up()
    assert send() == "sent"
    assert smtp.conversations == [["EHLO", *ONE_MAIL], ["EHLO", *ONE_MAIL]]
    assert len(smtp.mails) == 2


def test_a_server_that_said_goodbye_in_between_costs_nothing(send, smtp, alice):
    send()
    smtp.hang_up("421 4.4.2 timeout exceeded")
    assert send() == "sent"
    assert len(smtp.mails) == 2


def test_a_server_that_says_goodbye_at_the_next_mail_costs_nothing(send, smtp, alice):
    send()
    smtp.once("MAIL", "421 4.7.0 too many mails in one connection")
    assert send() == "sent"


def test_a_connection_that_was_not_used_for_long_is_opened_anew(send, smtp, alice, monkeypatch):
    send()
    monkeypatch.setattr(mail, "IDLE_SECONDS", 0)
    assert send() == "sent"
    assert smtp.conversations == [["EHLO", *ONE_MAIL, "QUIT"], ["EHLO", *ONE_MAIL]]


def test_a_connection_that_was_used_often_is_opened_anew(send, smtp, alice, monkeypatch):
    monkeypatch.setattr(mail, "MOST_ON_ONE", 2)
    for _ in range(3):
        assert send() == "sent"
    assert smtp.conversations == [["EHLO", *ONE_MAIL, *ONE_MAIL, "QUIT"], ["EHLO", *ONE_MAIL]]


def test_a_refused_mail_does_not_spoil_the_next_one(send, smtp, alice):
    smtp.replies["RCPT"] = "550 no"
    assert send() == "given_up"
    smtp.replies["RCPT"] = "250 yes"
    assert send() == "sent"
    assert len(smtp.mails) == 1


def test_a_server_that_is_gone_for_good_leaves_the_mail_waiting(send, smtp, alice):
    send()
    smtp.replies["CONNECT"] = HANG_UP
    smtp.hang_up()
    assert send() == ""


def test_closing_says_goodbye(send, smtp, outbox, alice):
    send()
    outbox.close()
    assert smtp.conversations == [["EHLO", *ONE_MAIL, "QUIT"]]


def test_a_line_that_breaks_before_the_next_mail_is_told_apart_from_a_missing_answer(
    send, smtp, outbox, alice
):
    assert send() == "sent"
    line = outbox.transport()._connection.line
    line.sock.shutdown(socket.SHUT_RDWR)  # already the next write fails, not only its answer
    assert send() == "sent"
    assert len(smtp.mails) == 2
