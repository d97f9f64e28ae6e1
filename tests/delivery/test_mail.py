"""What a mail with a code looks like on the wire."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES

CODE = RFC_CODES[1]


def test_the_code_stands_first_in_subject_and_text(outbox, mailbox, alice):
    outbox.ask(alice)
    mail = mailbox.newest_for("alice@example.org")
    assert mail["Subject"] == f"{CODE} is your Example sign-in code"
    assert text_of(mail).startswith(f"{CODE} is your Example sign-in code")


def test_it_says_who_sends_it_and_to_whom(outbox, mailbox, alice):
    outbox.ask(alice)
    mail = mailbox.newest_for("alice@example.org")
    assert (mail["From"], mail["To"]) == ("Example <codes@example.org>", "alice@example.org")
    assert not {"Cc", "Bcc", "Reply-To", "In-Reply-To"} & set(mail.keys())


def test_it_goes_to_the_stored_address_alone_and_never_to_the_typed_spelling(outbox, mailbox):
    outbox.add("Carol.Stored@example.org")
    outbox.ask("cAROL.sTORED@EXAMPLE.org")
    mail = mailbox.newest_for("Carol.Stored@example.org")
    assert mail["To"] == "Carol.Stored@example.org"
    assert mailbox.receivers == [["Carol.Stored@example.org"]]


def test_its_message_id_is_on_our_host_and_the_one_that_the_outbox_keeps(outbox, mailbox, alice):
    outbox.ask(alice)
    mail = mailbox.newest_for("alice@example.org")
    assert mail.get_all("Message-ID") == [outbox.row.message_id]
    assert re.fullmatch(r"<[^@<>\s]+@auth\.example\.org>", mail["Message-ID"])


def test_each_sending_has_a_message_id_of_its_own(outbox, mailbox, alice, clock):
    outbox.ask(alice)
    outbox.send_next()
    clock.advance(seconds=30)
    outbox.ask_again()
    first, second = (mail["Message-ID"] for mail in mailbox.deliver())
    assert first != second


def test_a_repeated_try_of_one_message_keeps_its_message_id(outbox, mailbox, smtp, alice, clock):
    smtp.replies["."] = "451 later"
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    clock.advance(seconds=5)
    mail = mailbox.newest_for("alice@example.org")
    assert smtp.mails[0]["Message-ID"] == mail["Message-ID"]


@pytest.mark.parametrize(
    ("header", "value"),
    [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")],
)
def test_it_asks_robots_not_to_answer(header, value, outbox, mailbox, alice):
    outbox.ask(alice)
    assert mailbox.newest_for("alice@example.org").get_all(header) == [value]


def test_it_holds_no_otp_token_header_unless_that_is_asked_for(outbox, mailbox, alice):
    outbox.ask(alice)
    assert "OTP-Token" not in mailbox.newest_for("alice@example.org")


def test_it_is_dated_with_the_present_moment(outbox, mailbox, alice):
    outbox.ask(alice)
    date = parsedate_to_datetime(mailbox.newest_for("alice@example.org")["Date"])
    assert abs(datetime.now(UTC) - date) < timedelta(minutes=1)
