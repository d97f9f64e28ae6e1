"""Signing in with two proofs: the code that was sent, then one from an authenticator app."""

import pytest

from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.factors import SECURITY, App, enrol_app, half_way, shown_key, with_app
from tests.web.helpers import (
    ALICE,
    COOKIE,
    cookie,
    field,
    is_in,
    notice,
    problem,
    sign_in,
    title,
    words,
)


@pytest.fixture
def phone(client, alice, clock):
    """Alice's authenticator app; she is signed out."""
    return with_app(client, clock)


def recovery_codes(client) -> list[str]:
    """Make recovery codes in a browser that may; return them as they are shown."""
    client.get(f"{SECURITY}/recovery-codes")
    page = client.submit(f"{SECURITY}/recovery-codes")
    assert page.status_code == 200
    return [word for word in words(page.text).split() if word.count("-") == 3]


def test_who_has_an_app_is_asked_for_its_code_and_is_in(client, phone):
    page = half_way(client, next=SECURITY)
    assert title(page.text) == "Enter the code from your app – Example"
    answer = client.submit("/prove/totp", code=phone.code())
    assert (answer.status_code, answer.location) == (303, SECURITY)
    assert is_in(client)
    assert "a code sent by email, an authenticator app" in words(client.html)


def test_half_way_in_is_not_in(client, phone):
    half_way(client)
    assert client.get("/").location == "/prove"


def test_the_cookie_is_a_new_one_at_each_step(client, phone):
    """X07."""
    client.ask(ALICE)
    before = cookie(client)
    client.follow(client.follow(client.answer(RFC_CODES[2])))
    between = cookie(client)
    client.submit("/prove/totp", code=phone.code())
    after = cookie(client)
    assert len({before, between, after}) == 3
    for old in (before, between):
        client.set_cookie(COOKIE, old, domain="auth.example.org")
        assert not is_in(client)


def test_a_wrong_code_says_so_and_leaves_the_field_empty(client, phone):
    half_way(client)
    page = client.submit("/prove/totp", code="000000")
    assert page.status_code == 422
    assert problem(page).startswith("That code is not right. Type the newest one")
    assert title(page.text).startswith("Error: ")
    assert not field(client.page, "code").get("value")


def test_the_last_tries_are_counted(client, phone):
    half_way(client)
    said = [problem(client.submit("/prove/totp", code="000000")) for _ in range(4)]
    assert [one.rsplit(". ", 1)[-1] for one in said[1:]] == [
        "3 tries left.",
        "2 tries left.",
        "1 try left.",
    ]


def test_after_five_wrong_codes_one_starts_again(client, phone):
    half_way(client)
    for _ in range(4):
        client.submit("/prove/totp", code="000000")
    answer = client.submit("/prove/totp", code="000000")
    page = client.follow(answer)
    assert title(page.text) == "Sign in – Example"
    assert notice(page) == "Too many wrong answers. For your safety you have to start again."


def test_a_code_that_was_used_says_to_wait_for_the_next(client, app, phone, clock):
    half_way(client)
    code = phone.code()
    client.submit("/prove/totp", code=code)
    clock.advance(seconds=31)
    other = new_browser(app)
    half_way(other, number=3)
    page = other.submit("/prove/totp", code=code)
    assert problem(page) == (
        "That code was used already. Wait for the next one: it comes within 30 seconds."
    )
    assert other.submit("/prove/totp", code=phone.code()).location == "/"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "letters"])
def test_what_can_be_no_code_costs_no_try(client, phone, typed):
    half_way(client)
    for _ in range(9):
        page = client.submit("/prove/totp", code=typed)
        assert page.status_code == 422
        assert "6-digit" in problem(page) or "6 digits" in problem(page)
    assert client.submit("/prove/totp", code=phone.code()).location == "/"


def test_a_code_is_read_in_every_spelling(client, phone):
    half_way(client)
    code = phone.code()
    answer = client.submit("/prove/totp", code=f" Code: {code[:3]} {code[3:]} ")
    assert answer.location == "/"


def test_start_again_gives_the_sign_in_up(client, phone):
    half_way(client)
    held = cookie(client)
    answer = client.submit("/prove/cancel")
    assert answer.location == "/sign-in"
    assert client.get("/sign-in").status_code == 200
    client.set_cookie(COOKIE, held, domain="auth.example.org")
    assert client.get("/prove").location.startswith("/sign-in")


def test_the_other_ways_are_links(client, alice, clock):
    app = with_app(client, clock)
    page = half_way(client)
    assert "Use a recovery code" not in words(page.text), "she has none"
    client.submit("/prove/totp", code=app.code())
    codes = recovery_codes(client)
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    half_way(client, number=3)
    assert "Use a recovery code" in words(client.html)
    page = client.get("/prove/recovery")
    assert title(page.text) == "Enter a recovery code – Example"
    assert "Trust this browser" not in words(page.text)
    assert client.submit("/prove/recovery", code=codes[0].lower()).location == "/"
    assert "a code sent by email, a recovery code" in words(client.get("/").text)
    assert "9 are left" in words(client.get(SECURITY).text)


def test_a_trusted_browser_is_asked_for_one_proof_until_it_is_not_trusted(client, phone, clock):
    half_way(client)
    client.submit("/prove/totp", code=phone.code(), trust="yes")
    page = client.get("/account/sessions")
    assert "asked for no second proof until 2 April 2026" in words(page.text)
    (action,) = [one["action"] for one in client.page.forms if "/distrust" in one["action"]]
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert client.answer(RFC_CODES[3]).location == "/"
    assert "a browser that you trust" in words(client.get("/").text)
    client.get("/account/sessions")
    page = client.follow(client.submit(action))
    assert notice(page) == "The next sign-in there asks for a second proof again."
    assert "asked for no second proof" not in words(page.text)
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    half_way(client, number=4)


def test_where_two_are_demanded_who_has_one_is_led_through_enrolment(make_client, alice, clock):
    browser = make_client(proofs="two")
    browser.ask(ALICE, next="/account/security")
    page = browser.follow(browser.answer(RFC_CODES[1]))
    assert title(page.text) == "One more thing to set up – Example"
    assert browser.get("/").location == "/prove"
    page = browser.get(f"{SECURITY}/app")
    app = App(shown_key(page.text), clock)
    answer = browser.submit(f"{SECURITY}/app", code=app.code())
    assert answer.location.startswith(f"{SECURITY}/recovery-codes?next=")
    page = browser.follow(answer)
    assert page.status_code == 200
    page = browser.submit(f"{SECURITY}/recovery-codes")
    assert [one["href"] for one in browser.page.all("a")][-1] == SECURITY
    assert is_in(browser)


def test_nobody_enrols_instead_of_proving(client, phone):
    """X52."""
    half_way(client)
    for method in (client.get, client.post):
        answer = method(f"{SECURITY}/app")
        assert answer.status_code in (303, 400)
        assert answer.status_code == 400 or answer.location == "/prove"


def test_a_factor_that_is_closed_says_so_and_names_the_other_ways(make_client, client, phone):
    client.get("/sign-in")
    browser = make_client(limit_failures_in_a_row=2)
    half_way(browser)
    browser.submit("/prove/totp", code="000000")
    page = browser.submit("/prove/totp", code="000000")
    assert "This way in is closed after 2 wrong answers in a row." in problem(page)
    page = browser.submit("/prove/totp", code=phone.code())
    assert page.status_code == 429
    assert problem(page).startswith("This way in is closed after 2 wrong answers in a row.")
    assert "Retry-After" not in page.headers


def test_the_home_page_says_when_recovery_codes_run_out(client, alice, clock):
    sign_in(client)
    assert "recovery codes" not in words(client.get("/").text)
    enrol_app(client, clock)
    assert "You have no recovery codes. Make new ones" in words(client.get("/").text)
    codes = recovery_codes(client)
    assert "recovery codes" not in words(client.get("/").text)
    for code in codes[:7]:
        clock.advance(minutes=11)
        client.follow(client.get(f"{SECURITY}/recovery-codes"))
        client.get("/prove/recovery")
        client.submit("/prove/recovery", code=code)
    assert "Only 3 of your recovery codes are left." in words(client.get("/").text)
