"""Adding a counter token, and signing in with it."""

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential
from otpapp.otp.keys import base32
from tests.helpers.authenticator import token_code
from tests.helpers.people import RFC_CODES, RFC_KEY
from tests.web.factors import SECURITY, half_way, shown_key
from tests.web.helpers import problem, sign_in, title, words

PAGE = f"{SECURITY}/token"
KEY = base32(RFC_KEY)


@pytest.fixture
def opened(client, alice):
    """Alice's browser, on the page that adds a token."""
    sign_in(client)
    client.get(PAGE)
    return client


def add(browser, first: int = 0, **changes: str):
    codes = {"code": RFC_CODES[first], "after": RFC_CODES[first + 1]}
    return browser.submit(PAGE, **{"typed": RFC_KEY.hex(), **codes, **changes})


def names(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Credential.name)))


@pytest.mark.parametrize("typed", [RFC_KEY.hex(), KEY.lower(), RFC_KEY.hex(" ")])
def test_a_typed_key_and_two_codes_add_a_token(app, opened, typed):
    answer = add(opened, typed=typed, name="Key ring")
    assert answer.location == f"{SECURITY}/recovery-codes?next=/"
    assert names(app) == ["Key ring"]
    assert "Key ring Token, added" in words(opened.get(SECURITY).text)


def test_an_app_that_counts_scans_the_key(app, opened):
    key = shown_key(opened.html)
    assert any(one["href"].startswith("otpauth://hotp/") for one in opened.page.all("a"))
    answer = add(opened, typed="", code=token_code(key, 1), after=token_code(key, 2))
    assert answer.status_code == 303
    assert names(app) == ["Token"]


@pytest.mark.parametrize(
    "changes",
    [{"after": RFC_CODES[5]}, {"code": ""}, {"after": ""}, {"code": "123456"}, {"typed": ""}],
)
def test_codes_that_do_not_fit_add_nothing_and_what_was_typed_stays(app, opened, changes):
    page = add(opened, name="Key ring", **changes)
    assert page.status_code == 422
    assert problem(page).startswith("These are not two codes in a row of this key.")
    assert opened.page.form(PAGE)["name"] == "Key ring"
    assert names(app) == []


@pytest.mark.parametrize("typed", ["no key", "ABC", "0" * 160, "é"])
def test_what_is_no_key_is_said_to_be_none(app, opened, typed):
    page = add(opened, typed=typed)
    assert page.status_code == 422
    assert problem(page).startswith("That is no key of a token.")
    assert opened.page.form(PAGE)["typed"] == typed


def test_a_page_that_was_open_for_too_long_offers_another_key(opened):
    page = add(opened, typed="", key="forged")
    assert problem(page) == "This page was open for too long. Scan the new code below."


def test_a_bad_name_is_refused(app, opened):
    page = add(opened, name="a\x07b")
    assert problem(page) == "Use letters, digits and signs only"
    assert names(app) == []


def test_it_signs_in_after_four_presses_in_vain(opened, clock):
    add(opened)
    opened.get("/")
    opened.submit("/sign-out")
    clock.advance(minutes=2)
    page = half_way(opened)
    assert title(page.text) == "Enter the code from your token – Example"
    answer = opened.submit("/prove/hotp", code=token_code(KEY, 2 + 4))
    assert answer.location == "/"
    assert "a code sent by email, a token" in words(opened.get("/").text)


def test_a_token_that_was_pressed_often_is_found_by_two_codes(opened, clock):
    add(opened)
    opened.get("/")
    opened.submit("/sign-out")
    clock.advance(minutes=2)
    half_way(opened)
    page = opened.submit("/prove/hotp", code=token_code(KEY, 40))
    assert "type two codes in a row" in problem(page)
    answer = opened.submit("/prove/hotp", code=token_code(KEY, 41), after=token_code(KEY, 42))
    assert answer.location == "/"


def test_a_code_just_used_says_to_press_once_more(opened, clock):
    add(opened)
    opened.get("/")
    opened.submit("/sign-out")
    clock.advance(minutes=2)
    half_way(opened)
    page = opened.submit("/prove/hotp", code=RFC_CODES[1])
    assert problem(page) == "That code was used already. Press the button once more."
