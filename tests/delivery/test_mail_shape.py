"""How a mail is built: two readable parts, nothing that loads, tracks or hides."""

import re

import pytest

from tests.helpers.browser import Page
from tests.helpers.mailbox import text_of

HOSTILE = (
    "<script>alert(1)</script> Firefox Linux",
    "{{ 7*7 }} ${7*7} {% include 'x' %} Firefox",
    "Call +1 900 555 0100 to keep your account, Firefox on Linux",
    "https://evil.example/ Chrome Windows",
    "Firefox\t\x7f\x1b[31mLinux evil",
    "evil " * 2000 + "Firefox",
    "\u202eelive\u202c Firefox",
)
WORDS = ("script", "7*7", "49", "900", "evil", "elive", "\x1b", "\u202e")


@pytest.fixture
def mail(outbox, mailbox, alice):
    """The mail that Alice gets."""
    outbox.ask(alice)
    return mailbox.newest_for("alice@example.org")


def test_it_is_a_text_part_and_then_an_html_part(mail):
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html"]


def test_the_plain_part_stands_first_among_alternatives(mail):
    assert "multipart/alternative" in [part.get_content_type() for part in mail.walk()]


def test_both_parts_can_be_read_in_the_source(mail):
    for part in mail.walk():
        if not part.is_multipart():
            assert part["Content-Transfer-Encoding"] == "7bit"
            assert part.get_content_charset() == "us-ascii"
            assert part.get_payload() == part.get_content()


def test_no_line_is_longer_than_mail_servers_must_take(mail):
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())


def test_the_html_part_loads_nothing_and_its_one_link_only_stops_codes(mail):
    html = mail.get_body(("html",)).get_content()
    tags = {tag for tag, _ in Page(html).tags}
    assert not tags & {"img", "link", "script", "iframe", "object", "form", "svg"}
    assert "url(" not in html
    (link,) = Page(html).all("a")
    assert link["href"].startswith("https://auth.example.org/not-me/")
    assert link["href"] in mail.get_body(("plain",)).get_content()


def test_the_code_comes_before_any_other_words_of_the_html_body(mail):
    body = mail.get_body(("html",)).get_content().partition("<body")[2]
    hidden = body.partition("<div")[2].partition(">")[2]
    assert hidden.startswith(text_of(mail)[:6])


@pytest.mark.parametrize("user_agent", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_a_browser_says_of_itself_gets_into_the_mail(
    user_agent, client, mailbox, alice
):
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    client.ask("alice@example.org")
    mail = mailbox.newest_for("alice@example.org")
    both = text_of(mail) + mail.get_body(("html",)).get_content()
    ours = rf"{text_of(mail)[:6]}|/not-me/\S+"  # the code and the token of the link are random
    assert not [word for word in WORDS if word in re.sub(ours, "", both)]
