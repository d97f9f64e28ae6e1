"""The whole way, as somebody with a browser and no script walks it."""

from tests.helpers.people import RFC_CODES
from tests.web.helpers import words


def test_alice_types_her_address_then_her_code_and_is_in(client, mailbox, alice):
    page = client.ask("alice@example.org")
    assert page.status_code == 200
    code = mailbox.code_for("alice@example.org")
    assert code == RFC_CODES[1]
    home = client.follow(client.answer(code))
    assert "You are signed in" in home.text
    assert "alice@example.org" in words(home.text)


def test_after_signing_out_the_home_page_asks_to_sign_in_again(client, mailbox, alice):
    client.ask("alice@example.org")
    client.follow(client.answer(mailbox.code_for("alice@example.org")))
    page = client.follow(client.submit("/sign-out"))
    assert "You are signed out." in page.text
    assert client.get("/").location == "/sign-in"
