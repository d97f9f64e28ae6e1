"""What is written to an address that somebody adds, and of the addresses that changed."""

import re

import pytest

from otpapp.clock import utc_now
from otpapp.rules import challenges, identifiers, notices
from otpapp.rules.account import adding
from otpapp.rules.asks import Ask
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.helpers.mailbox import text_of

HERE = Visitor("192.0.2.1", "Firefox on Linux")


@pytest.fixture
def ask(app, settings, alice):
    """Have a code sent to an address that Alice wants to add; return the code."""

    def ask(typed: str, site=settings) -> str:
        with app.app_context():
            address = identifiers.parse(typed, site)
            with transaction():
                wish = Ask(address, HERE, f"handle of {typed}")
                begun = adding.begin(wish, alice.user_id, site, utc_now())
            return challenges.code_of(begun.challenge, site)

    return ask


@pytest.fixture
def tell(app, settings, alice, factors_of, mailbox):
    """Tell Alice of a change of her addresses and return the mail in words."""
    factors_of(alice)

    def tell(kind: str, subject: str, detail: str = "") -> str:
        with app.app_context(), transaction():
            about = {"subject": subject, "detail": detail}
            notices.record(kind, alice.user_id, HERE, settings, utc_now(), **about)
        return text_of(mailbox.deliver()[-1])

    return tell


def test_the_code_goes_to_the_address_that_is_added_and_says_what_it_does(ask, mailbox):
    code = ask("Alice.Two@new.example")
    (mail,) = mailbox.deliver()
    assert mail["To"] == "Alice.Two@new.example"
    assert mail["Subject"] == f"{code} is your Example code to add this address"
    lines = text_of(mail).splitlines()
    assert re.fullmatch(
        rf"{code} is your Example code to add this address \(reference \w{{3}}\)\.", lines[0]
    )
    assert lines[2:] == [
        "Enter it only at https://auth.example.org",
        "",
        "Asked at 12:00 UTC from Firefox on Linux, IP 192.0.2.1, "
        "by somebody who is signed in there.",
        "Whoever adds this address signs in with it from then on. "
        "We never ask for this code by phone, chat or mail.",
        "Not you? Do nothing: without this code nothing is added.",
    ]
    html = mail.get_body(("html",)).get_content()
    assert f">{code}<" in html
    assert "/not-me/" not in html


class TestOnOtherSites:
    """Where codes stay out of subjects, and text messages go to a gateway."""

    @pytest.fixture
    def overrides(self, gateway) -> dict:
        return {"mail_code_in_subject": False, "sms_url": gateway.url}

    def test_the_subject_keeps_the_code_out(self, ask, mailbox):
        ask("two@new.example")
        assert mailbox.deliver()[-1]["Subject"] == "Your Example code to add this address"

    def test_a_text_message_says_what_the_code_does(self, ask, outbox, gateway):
        code = ask("+1 202 555 0187")
        assert outbox.send_next("sms")
        (body,) = gateway.bodies
        first, _, last = body.partition("\n\n")
        assert first.startswith(f"{code} is your Example code to add this number. It works for 10")
        assert last == f"@auth.example.org #{code}"


def test_one_that_was_added_is_told_with_a_way_back(tell):
    text = tell("identifier.added", "evil@evil.example")
    assert text.startswith(
        "e…@evil.example was added to your Example sign-in: whoever reads what is sent there can "
        "sign in as you."
    )
    assert "Not you? Undo it, which signs everybody out: https://" in text


def test_one_that_was_removed_is_told_with_a_way_back(tell):
    text = tell("identifier.removed", "+12025550143")
    assert text.startswith("+12…43 was removed from your Example sign-in.")
    assert "Not you? Undo it, which signs everybody out: https://" in text


def test_what_was_taken_back_is_told_without_a_link(tell):
    text = tell("identifier.taken_back", "evil@evil.example", "3")
    assert text.startswith("Your Example sign-in has the addresses again that it had before")
    assert "https://" not in text


@pytest.mark.parametrize("local", ["call+12025550143", "x" * 60, "your.bank"])
def test_nobody_speaks_through_the_address_that_they_add(tell, local):
    """X36: its words are chosen by whoever adds it."""
    assert local not in tell("identifier.added", f"{local}@evil.example")
