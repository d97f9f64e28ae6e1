"""Mail servers that refuse, hang up or are not there: what becomes of the message."""

import pytest

from tests.delivery.servers import HANG_UP, SAY_NOTHING
from tests.helpers.mailbox import code_in, free_port

REFUSALS = (
    ({"RCPT": "550 no such user"}, "refused the receiver (550).", "given_up"),
    ({"RCPT": "551 moved away"}, "refused the receiver (551).", "given_up"),
    ({".": "554 looks like spam"}, "refused the message (554).", "given_up"),
    ({"RCPT": "451 come back later"}, "refused the receiver (451).", ""),
    ({"RCPT": "452 mailbox full"}, "refused the receiver (452).", ""),
    ({".": "451 come back later"}, "refused the message (451).", ""),
    ({"CONNECT": "421 too busy"}, "takes no mail now (421).", ""),
    ({"RCPT": "421 closing"}, "refused the receiver (421).", ""),
    ({".": "421 closing"}, "refused the message (421).", ""),
    ({"MAIL": "550 not you"}, "refused the sender; check OTPAPP_MAIL_DEFAULT_SENDER (550).", ""),
    ({"CONNECT": HANG_UP}, "hung up.", ""),
    ({"MAIL": HANG_UP}, "hung up.", ""),
    ({"DATA": HANG_UP}, "hung up.", ""),
    ({".": HANG_UP}, "hung up.", ""),
    ({"CONNECT": SAY_NOTHING}, "did not answer in time.", ""),
    ({"EHLO": SAY_NOTHING}, "did not answer in time.", ""),
    ({"RCPT": SAY_NOTHING}, "did not answer in time.", ""),
    ({".": SAY_NOTHING}, "did not answer in time.", ""),
)


@pytest.mark.parametrize(
    ("replies", "words", "outcome"), REFUSALS, ids=[str(row[0]) for row in REFUSALS]
)
def test_each_fault_is_told_in_words_and_tried_again_unless_that_is_useless(
    replies, words, outcome, smtp, outbox, alice, short_time_outs
):
    smtp.replies.update(replies)
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert outbox.row.error == f"127.0.0.1:{smtp.port} {words}"
    assert outbox.row.outcome == outcome
    assert len(smtp.conversations) == 1


@pytest.mark.parametrize("reply", ["554 no service here", "521 closed"])
def test_a_server_that_is_closed_as_a_whole_says_nothing_about_this_mail(
    reply, smtp, outbox, alice
):
    smtp.replies["CONNECT"] = reply
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert outbox.row.ended_at is None


def test_a_server_that_is_not_there_is_told_in_words(outbox, alice):
    port = free_port()
    outbox.ask(alice)
    outbox.send_next(mail_port=port)
    assert outbox.row.error == f"Nothing listens at 127.0.0.1:{port}."
    assert outbox.row.ended_at is None


def test_a_server_of_an_unknown_name_is_told_in_words(outbox, alice):
    outbox.ask(alice)
    outbox.send_next(mail_server="mail.invalid")
    assert outbox.row.error == "There is no mail server called mail.invalid."
    assert outbox.row.ended_at is None


def test_a_mail_that_is_taken_without_a_word_comes_twice_at_most_with_one_code(
    smtp, outbox, alice, clock
):
    """X44: nobody can tell such a mail from one that was lost."""
    smtp.replies["."] = HANG_UP
    outbox.ask(alice)
    for seconds in (0, 5, 10, 20):
        clock.advance(seconds=seconds)
        outbox.send_next(mail_port=smtp.port)
    assert [code_in(mail) for mail in smtp.mails] == [outbox.code] * 2
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 1
    assert outbox.row.outcome == "given_up"


def test_a_refused_receiver_is_an_event_that_operators_can_read(smtp, outbox, alice):
    smtp.replies["RCPT"] = "550 no such user"
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    (event,) = outbox.events("message.given_up")
    assert event.subject == "alice@example.org"
    assert event.detail == f"127.0.0.1:{smtp.port} refused the receiver (550)."


def test_after_a_fault_the_mail_arrives_at_the_next_try(smtp, outbox, mailbox, alice, clock):
    smtp.replies["."] = HANG_UP
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    clock.advance(seconds=5)
    outbox.send_next(mail_port=mailbox.port)
    assert (outbox.row.outcome, outbox.row.attempts) == ("sent", 2)
    assert str(mailbox.mails[0]["Subject"]) == str(smtp.mails[0]["Subject"])
