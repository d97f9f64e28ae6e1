"""Deleting all that is mine: in seven days, told everywhere, and kept by one press."""

import re

import pytest

from otpapp.delivery import sweeping
from otpapp.rules import roles
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.helpers.mailbox import text_of
from tests.web.helpers import ALICE, is_in, notice, sign_in, words

PAGE = "/account/delete"
KEEP = f"{PAGE}/keep"


@pytest.fixture
def leaving(client, alice):
    """Alice's browser, after she asked for it."""
    sign_in(client)
    client.get(PAGE)
    page = client.follow(client.submit(PAGE))
    assert notice(page) == "It is noted. All of it is deleted in seven days, unless you keep it."
    return client


def sweep(app, now) -> None:
    with app.app_context():
        sweeping.sweep(app.extensions["otpapp.settings"], now)


def test_the_page_says_what_goes_before_it_does_anything(client, alice):
    sign_in(client)
    page = words(client.get(PAGE).text)
    assert "Seven days from now your sign-in is deleted" in page
    assert "Delete all of it" in words(client.get("/account").text)


def test_in_seven_days_they_are_signed_out_and_gone(leaving, app, clock):
    clock.advance(days=7, seconds=-1)
    sweep(app, clock.now)
    clock.advance(days=-7, seconds=1)
    assert is_in(leaving)
    clock.advance(days=7)
    sweep(app, clock.now)
    assert not is_in(leaving)


def test_until_then_every_start_page_says_so(leaving):
    page = words(leaving.get("/").text)
    assert "All that is yours here is deleted 10 March 2026, 12:00 UTC. Keep it" in page
    assert "It is going to be deleted" in words(leaving.get("/account").text)


def test_one_press_keeps_it(leaving, app, clock):
    leaving.get(PAGE)
    page = leaving.follow(leaving.submit(KEEP))
    assert notice(page) == "Nothing is deleted."
    assert "is deleted" not in words(leaving.get("/").text)
    sweep(app, clock.advance(days=8))
    phone = new_browser(app)
    sign_in(phone, 2)
    assert is_in(phone)


def test_it_needs_a_fresh_proof_and_keeping_needs_none(leaving, clock):
    clock.advance(minutes=11)
    leaving.get(PAGE)
    assert leaving.submit(KEEP).location == PAGE
    leaving.get(PAGE)
    assert leaving.submit(PAGE).location == f"/prove?next={PAGE}"


def test_the_mail_says_when_and_whoever_did_not_ask_freezes_it(leaving, app, mailbox, clock):
    mails = [one for one in mailbox.deliver() if one["To"] == ALICE]
    text = text_of(mails[-1])
    assert mails[-1]["Subject"] == "Your Example sign-in is to be deleted"
    assert "is deleted in seven days. Until then you can sign in and keep it." in text
    link = re.search(r"https://auth\.example\.org(/changed/\S+)", text)[1]
    phone = new_browser(app)
    phone.get(link)
    assert "Frozen" in words(phone.follow(phone.submit(link)).text)
    assert not is_in(leaving)


def test_the_only_admin_is_told_why_not(make_client, app, alice, clock):
    browser = make_client(proofs_of_admins="one")
    with app.app_context(), transaction():
        roles.give(alice.user_id, "admin", clock.now)
    sign_in(browser)
    assert "You are the only admin here" in words(browser.get(PAGE).text)
    assert PAGE not in [form["action"] for form in browser.page.forms]
    browser.get("/account/export")
    token = browser.page.form("/account/export")["csrf_token"]
    assert browser.post(PAGE, data={"csrf_token": token}).location == PAGE
    assert "You are the only admin here" in words(browser.get(PAGE).text)
