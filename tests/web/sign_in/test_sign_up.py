"""Who becomes a user by asking for a code: everybody, some domains, or nobody."""

import pytest

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, is_in, rows, words

NEW = "Dora@new.example.org"


def walk_in(client, mailbox, address: str) -> bool:
    client.ask(address)
    client.answer(mailbox.code_for(address))
    return is_in(client)


def test_by_default_nobody_does(client, app, mailbox, alice):
    client.ask(NEW)
    assert not mailbox.deliver()
    assert len(rows(app)["users"]) == 1


def test_where_sign_up_is_open_everybody_does(make_client, app, mailbox, alice):
    client = make_client(sign_up="open")
    assert walk_in(client, mailbox, NEW)
    assert {row.address for row in rows(app)["identifiers"]} == {ALICE, NEW}


def test_where_sign_up_is_open_the_page_promises_a_code(make_client):
    page = make_client(sign_up="open").ask(NEW)
    assert "A code is on its way to Dora@new.example.org" in words(page.text)


def test_somebody_who_is_there_is_not_made_again(make_client, app, alice):
    client = make_client(sign_up="open")
    client.ask(ALICE)
    assert client.answer(RFC_CODES[1]).status_code == 303
    assert len(rows(app)["users"]) == 1


@pytest.mark.parametrize(
    ("address", "welcome"),
    [
        ("dora@example.com", True),
        ("dora@EXAMPLE.com", True),
        ("dora@sub.example.com", False),
        ("dora@example.com.evil.example", False),
        ("dora@badexample.com", False),
        ("+1 202 555 0199", False),
    ],
)
def test_where_domains_may_sign_up_only_these_do(make_client, app, mailbox, address, welcome):
    client = make_client(sign_up="domains", sign_up_domains=frozenset({"example.com"}))
    client.ask(address)
    mailbox.deliver()
    assert len(mailbox.mails) == welcome
    assert len(rows(app)["users"]) == welcome


def test_fifty_tags_of_one_mailbox_get_five_mails_an_hour(make_client, mailbox, clock):
    changes = {"sign_up": "open", "limit_sends_per_ip": 1000}
    client = make_client(**changes)
    for number in range(50):
        client.get("/sign-in")
        client.submit("/sign-in", identifier=f"dora+{number}@example.com")
        mailbox.deliver()
        clock.advance(seconds=71)
    assert len(mailbox.receivers) == 5
