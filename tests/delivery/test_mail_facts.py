"""What a mail with a code tells its reader, in both of its parts alike."""

import html
import re

import pytest

from otpapp.rules.visitor import Visitor
from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES

CODE = RFC_CODES[1]
FACTS = (
    CODE,
    "Example",
    "Enter it only at https://auth.example.org",
    "until 12:10 UTC (10 minutes)",
    "It works once, in the browser that asked",
    "Asked at 12:00 UTC from Firefox on Linux, IP 192.0.2.1.",
    "We never ask for this code by phone, chat or mail.",
    "Not you? Nobody has signed in. Stop these codes",
)


def words_of(mail, part: str) -> str:
    """Return what a reader sees of one part, with every blank a single space."""
    text = text_of(mail) if part == "plain" else mail.get_body(("html",)).get_content()
    if part == "html":
        body = text.partition("<body")[2].partition(">")[2]
        text = html.unescape(re.sub(r"<[^>]*>", " ", body))
    return re.sub(r"\s+([.,])", r"\1", " ".join(text.split()))


parts = pytest.mark.parametrize("part", ["plain", "html"])


@parts
@pytest.mark.parametrize("fact", FACTS)
def test_both_parts_tell_every_fact(part, fact, outbox, mailbox, alice):
    outbox.ask(alice)
    assert fact in words_of(mailbox.newest_for("alice@example.org"), part)


@parts
def test_both_parts_tell_the_reference_that_the_page_shows(part, outbox, mailbox, alice):
    reference = outbox.ask(alice).reference
    words = words_of(mailbox.newest_for("alice@example.org"), part)
    assert re.search(rf"reference {reference}\b", words, re.IGNORECASE)


@parts
@pytest.mark.parametrize(
    ("later", "left"),
    [
        (4, "10 minutes"),
        (30, "9 minutes"),
        (60, "9 minutes"),
        (270, "5 minutes"),
        (420, "3 minutes"),
    ],
)
def test_a_mail_sent_later_promises_fewer_minutes(part, later, left, outbox, mailbox, alice, clock):
    outbox.ask(alice)
    clock.advance(seconds=later)
    words = words_of(mailbox.newest_for("alice@example.org"), part)
    assert f"until 12:10 UTC ({left})" in words
    assert "Asked at 12:00 UTC" in words


@parts
def test_the_last_minute_is_one_minute(part, outbox, mailbox, alice, clock):
    outbox.ask(alice)
    clock.advance(minutes=9)
    assert "(1 minute)" in words_of(mailbox.newest_for("alice@example.org"), part)


def test_what_is_unknown_about_the_visitor_is_left_out_in_words(outbox, mailbox, alice):
    outbox.ask(alice, Visitor("2001:db8::7", "an unknown browser"))
    words = words_of(mailbox.newest_for("alice@example.org"), "plain")
    assert "from an unknown browser, IP 2001:db8::7." in words


@parts
def test_in_the_last_minute_the_seconds_are_told(part, outbox, mailbox, alice, clock):
    outbox.ask(alice)
    clock.advance(minutes=9, seconds=30)
    assert "(35 seconds)" in words_of(mailbox.newest_for("alice@example.org"), part)


@parts
def test_a_program_is_told_to_answer_where_it_asked(part, outbox, mailbox, alice):
    outbox.ask(alice, door="api")
    words = words_of(mailbox.newest_for("alice@example.org"), part)
    assert "It works once, where it was asked for, until 12:10 UTC" in words
