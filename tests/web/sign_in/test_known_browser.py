"""A browser that signed somebody in before keeps their way in open while strangers close theirs."""

import re

import pytest
from itsdangerous import Signer

from otpapp.extensions import db
from otpapp.models import KnownBrowser
from otpapp.otp.keys import sealer
from tests.helpers.browser import Browser, new_browser
from tests.helpers.people import RFC_CODES, Person, add_person
from tests.web.helpers import ALICE, COOKIE, WRONG, is_in, problem, sign_in, words

KNOWN = f"{COOKIE}-known"


@pytest.fixture
def overrides() -> dict:
    """Few of everything, so that a stranger has soon used it up."""
    return {
        "limit_sends_per_identifier": 3,
        "limit_failures_per_user": 4,
        "limit_failures_per_ip": 100,
    }


def known(browser: Browser) -> str:
    found = browser.get_cookie(KNOWN, domain="auth.example.org")
    return found.value if found else ""


@pytest.fixture
def mine(client, alice, clock) -> Browser:
    """Alice's browser, which signed her in yesterday and out again."""
    sign_in(client)
    client.get("/")
    client.submit("/sign-out")
    clock.advance(days=1)
    return client


def attack(app, clock) -> Browser:
    """Let a stranger use up what strangers have of Alice's messages and wrong codes."""
    stranger = new_browser(app)
    stranger.ask(ALICE)
    for _ in range(4):
        stranger.answer(WRONG)
    for _ in range(2):
        clock.advance(minutes=2)
        stranger.follow(stranger.submit("/sign-in/code/resend"))
    clock.advance(minutes=2)
    return stranger


def test_a_sign_in_leaves_a_lasting_cookie_that_only_we_can_make(client, alice):
    header = next(one for one in sign_in(client).headers.getlist("Set-Cookie") if KNOWN in one)
    for attribute in ("Max-Age=31536000", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in header.split("; ")
    assert re.fullmatch(r"[\w-]{43}\.[\w-]{43}", known(client))


def test_its_token_is_in_no_table(app, client, alice):
    sign_in(client)
    token = known(client).split(".")[0]
    with app.app_context():
        (row,) = db.session.query(KnownBrowser)
        assert token not in str(row.__dict__)
        assert (row.browser, row.ip) == ("an unknown browser", "127.0.0.1")


def test_signing_out_leaves_it_and_signing_in_again_keeps_it(mine, alice):
    before = known(mine)
    assert before
    mine.ask(ALICE)
    assert mine.answer(RFC_CODES[2]).status_code == 303
    assert known(mine) == before


def test_without_it_a_stranger_s_guesses_keep_alice_out_for_the_day(app, mine, clock):
    attack(app, clock)
    other = new_browser(app)
    other.get("/sign-in")
    answer = other.submit("/sign-in", identifier=ALICE)
    assert answer.status_code == 429
    assert "We have sent 3 codes in the last hour." in problem(answer)


def test_with_it_alice_gets_a_code_and_in(app, mine, clock, mailbox):
    attack(app, clock)
    page = mine.ask(ALICE)
    assert "You can ask again at" in words(page.text)
    assert mine.answer(mailbox.code_for(ALICE)).status_code == 303
    assert is_in(mine)


@pytest.mark.parametrize("spoiled", ["", "x", "é", "{token}", "{token}.forged", "{planted}"])
def test_a_cookie_that_is_not_ours_makes_nobody_known(app, mine, clock, spoiled):
    attack(app, clock)
    token = known(mine).split(".")[0]
    planted = Signer("another secret", salt="known browser").sign(token).decode()
    other = new_browser(app)
    value = spoiled.format(token=token, planted=planted)
    other.set_cookie(KNOWN, value, domain="auth.example.org")
    other.get("/sign-in")
    assert other.submit("/sign-in", identifier=ALICE).status_code == 429


def test_it_opens_nothing_by_itself(app, mine):
    thief = new_browser(app)
    thief.set_cookie(KNOWN, known(mine), domain="auth.example.org")
    assert not is_in(thief)


def test_a_code_asked_for_by_a_stranger_is_guessed_at_from_the_strangers_budget(app, mine, clock):
    stranger = attack(app, clock)
    answer = stranger.submit("/sign-in/code", code=WRONG)
    assert answer.status_code == 429
    assert problem(answer) == (
        "Too many wrong codes for this address. Try again at 5 March 2026, 12:00 UTC."
    )
    assert int(answer.headers["Retry-After"]) > 80_000


def test_a_copy_from_before_alice_came_is_nothing_to_her(app, client, alice, clock, mailbox):
    """D6: on a computer that others use too."""
    eve = Person("email", "eve@example.org", b"0987654321" * 2)
    with app.app_context():
        add_person(eve, sealer(app.extensions["otpapp.settings"].secrets))
    client.ask(eve.address)
    client.answer(mailbox.code_for(eve.address))
    copy = known(client)
    client.get("/")
    client.submit("/sign-out")
    sign_in(client)
    both = known(client)
    assert len(both.split(".")) == len(copy.split(".")) + 1
    clock.advance(days=1)
    attack(app, clock)
    thief = new_browser(app)
    thief.set_cookie(KNOWN, copy, domain="auth.example.org")
    thief.get("/sign-in")
    assert thief.submit("/sign-in", identifier=ALICE).status_code == 429
    other = new_browser(app)
    other.set_cookie(KNOWN, both, domain="auth.example.org")
    for who in (ALICE, eve.address):
        other.ask(who)
