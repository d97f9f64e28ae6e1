"""Somebody on the way who takes TLS away gets neither the mail nor the password."""

import pytest

from tests.delivery.servers import ScriptedSmtp

OFFER = "250-mail.example.org\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS"
NO_OFFER = "250-mail.example.org\r\n250 AUTH PLAIN LOGIN"
ACCOUNT = {"mail_username": "codes", "mail_password": "a password"}


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ({"EHLO": NO_OFFER}, "offers no STARTTLS, so nothing was sent; check OTPAPP_MAIL_USE_TLS."),
        ({"EHLO": OFFER, "STARTTLS": "454 not now"}, "refused the message (454)."),
        ({"EHLO": OFFER, "STARTTLS": "220 go on"}, ""),
    ],
    ids=["not offered", "refused", "agreed to, then plain text"],
)
def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(
    replies, words, smtp, outbox, alice, short_time_outs
):
    smtp.replies.update(replies)
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port, mail_use_tls=True, **ACCOUNT)
    assert words in outbox.row.error
    assert outbox.row.outcome != "sent"
    assert not {"MAIL", "AUTH", "DATA"} & set(smtp.conversations[0])


def test_a_plain_server_gets_nothing_where_tls_from_the_start_is_wanted(smtp, outbox, alice):
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port, mail_use_ssl=True)
    assert "does not speak TLS there; check OTPAPP_MAIL_USE_SSL and the port." in outbox.row.error
    assert smtp.mails == []


def test_a_tls_port_that_is_spoken_to_in_plain_text_gets_nothing(
    outbox, alice, authority, short_time_outs
):
    with ScriptedSmtp() as server:
        server.socket = authority.context("127.0.0.1").wrap_socket(server.socket, server_side=True)
        outbox.ask(alice)
        outbox.send_next(mail_port=server.port)
    assert outbox.row.error
    assert server.mails == []
