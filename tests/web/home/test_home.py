"""The home page: who is signed in here, since when, until when."""

from datetime import timedelta

from otpapp.rules.gate import apps, guests
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.helpers.browser import Page, new_browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, sign_in, words


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(client):
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_it_says_who_is_signed_in_since_when_and_until_when(client, alice):
    sign_in(client)
    page = words(client.get("/").text)
    assert ALICE in page
    assert "Since 3 March 2026, 12:00 UTC" in page
    assert "Until 4 March 2026, 00:00 UTC at the latest" in page
    assert "Proved by a code sent by email" in page
    assert "only this time" in page


def test_it_shows_the_stored_address_not_the_typed_one(client, alice):
    client.ask("ALICE@EXAMPLE.ORG")
    client.answer(RFC_CODES[1])
    assert ALICE in words(client.get("/").text)
    assert "ALICE" not in client.get("/").text


def test_one_can_sign_out_from_it(client, alice):
    sign_in(client)
    client.get("/")
    page = client.follow(client.submit("/sign-out"))
    assert "You are signed out." in words(page.text)


def test_nobody_else_sees_it(client, app, alice):
    sign_in(client)
    assert new_browser(app).get("/").status_code == 303


def test_it_opens_the_apps_that_one_may_open_and_names_no_other(client, app, alice, clock):
    with app.app_context(), transaction():
        for name, *rules in (
            ("wiki", Rule("/", ("everyone",))),
            ("vault", Rule("/", ("everyone",), "two")),
            ("board", Rule("/", ("group:board",))),
            ("office", Rule("/", ("group:board",)), Rule("/menu", ("everyone",))),
            ("press", Rule("/", ("anyone",))),
            ("books", Rule("/", ("group:board",))),
        ):
            plan = Plan(name, name.capitalize(), f"https://{name}.example.org", tuple(rules))
            apps.keep(plan, clock.now)
        until = clock.now + timedelta(days=1)
        guests.let_in(apps.find("books"), "/", ALICE, until, clock.now)
    sign_in(client)
    html = client.get("/").text
    page = words(html)
    assert "What you may open" in page
    links = {found["href"] for found in Page(html).all("a")}
    for url in ("wiki.example.org/", "vault.example.org/", "office.example.org/menu"):
        assert f"https://{url}" in links
    assert {"https://press.example.org/", "https://books.example.org/"} <= links
    assert "board.example.org" not in html
    assert "vault.example.org, asks for one more proof" in page


def test_where_there_are_no_apps_it_speaks_of_none(client, alice):
    sign_in(client)
    assert "What you may open" not in client.get("/").text
