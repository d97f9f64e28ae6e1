"""Sessions in other browsers: seen, and ended."""

from dataclasses import replace

import pytest

from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.factors import SECURITY, enrol_app
from tests.web.helpers import ALICE, is_in, notice, sign_in, words

PAGE = f"{SECURITY}/elsewhere"


@pytest.fixture
def laptop(app, client, alice, clock):
    """Another browser of Alice, who is signed in here too, by the newer code."""
    laptop = new_browser(app)
    sign_in(laptop)
    clock.advance(minutes=2)
    sign_in(client, 2)
    return laptop


def test_who_is_signed_in_once_sees_nothing_of_it(client, alice):
    sign_in(client)
    assert "Signed in elsewhere" not in words(client.get(SECURITY).text)


def test_the_others_are_seen_and_end_after_one_more_question(client, laptop):
    assert "Signed in elsewhere" in words(client.get(SECURITY).text)
    page = client.get(PAGE)
    assert "You stay signed in here. One other session ends" in words(page.text)
    assert is_in(laptop)
    page = client.follow(client.submit(PAGE))
    assert notice(page) == "You are signed out everywhere else."
    assert not is_in(laptop)
    assert is_in(client)


def test_where_there_is_none_the_page_says_what_it_does_all_the_same(client, alice):
    sign_in(client)
    said = words(client.get(PAGE).text)
    assert "signed in nowhere else. Whoever is about to sign in as you has to start again." in said


def test_it_needs_a_fresh_proof(client, laptop, clock):
    clock.advance(minutes=11)
    assert client.get(PAGE).location == f"/prove?next={PAGE}"


def test_after_a_change_the_page_of_factors_offers_it(client, laptop, clock):
    """ASVS 7.4.3."""
    enrol_app(client, clock)
    assert "Sign out everywhere else" in words(client.get(SECURITY).text)


def test_where_the_site_demands_more_a_session_of_before_signs_in_anew(client, app, alice):
    sign_in(client)
    settings = app.extensions["otpapp.settings"]
    app.extensions["otpapp.settings"] = replace(settings, proofs="two")
    assert client.get("/").location == "/sign-in"
    app.extensions["otpapp.settings"] = settings
    assert client.get("/").status_code == 200


def test_what_this_browser_held_before_is_not_elsewhere_but_over(client, app, alice, clock):
    sign_in(client)
    settings = app.extensions["otpapp.settings"]
    app.extensions["otpapp.settings"] = replace(settings, proofs="two")
    clock.advance(minutes=2)
    client.ask(ALICE)
    client.answer(RFC_CODES[2])
    enrol_app(client, clock)
    app.extensions["otpapp.settings"] = settings
    assert client.get("/").status_code == 200
    assert "Signed in elsewhere" not in words(client.get(SECURITY).text)
