"""Servers quote what they refuse, so nothing that they say is kept or logged."""

import logging

import pytest

QUOTES = (
    {".": "550 spam: {subject}"},
    {".": "451 later: {subject}"},
    {".": "421 {subject}"},
    {".": "999 {subject}"},
    {".": "not a reply: {subject}"},
    {".": "550-first line\r\n550 {subject}"},
)


@pytest.mark.parametrize("replies", QUOTES, ids=[row["."] for row in QUOTES])
def test_a_quoted_code_is_in_no_row_and_in_no_log(replies, smtp, outbox, alice, caplog):
    caplog.set_level(logging.DEBUG)
    smtp.replies.update(replies)
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert outbox.code in smtp.mails[0]["Subject"]
    assert outbox.row.error
    assert outbox.code not in caplog.text
    assert outbox.code not in outbox.everything()


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_no_word_of_any_refusal_is_kept(verb, smtp, outbox, alice, caplog):
    caplog.set_level(logging.DEBUG)
    smtp.replies[verb] = "550 words of the server"
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert outbox.row.error
    assert "words of the server" not in caplog.text + outbox.everything()


def test_the_log_says_which_message_was_not_sent_and_why(smtp, outbox, alice, caplog):
    smtp.replies["RCPT"] = "451 later"
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    (line,) = [one for one in caplog.records if one.name == "otpapp.delivery"]
    assert line.levelname == "WARNING"
    assert line.getMessage() == (
        f"message 1 was not sent (try 1): 127.0.0.1:{smtp.port} refused the receiver (451)."
    )
