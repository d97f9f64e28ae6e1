"""Removing a factor, and the page that lists them."""

import pytest

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Proof, UserSession
from otpapp.rules import identifiers, users
from otpapp.rules.factors import credentials
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.web.factors import SECURITY, enrol_app
from tests.web.helpers import notice, sign_in, title, words


@pytest.fixture
def phone(client, alice, clock):
    """Alice's authenticator app; she is signed in."""
    sign_in(client)
    return enrol_app(client, clock)


def link(browser) -> str:
    browser.get(SECURITY)
    found = [one["href"] for one in browser.page.all("a") if one["href"].endswith("/remove")]
    return found[0]


def test_who_has_no_second_proof_is_told_what_that_means(client, alice):
    sign_in(client)
    said = words(client.get(SECURITY).text)
    assert "You have none yet. Whoever can read your messages can sign in as you." in said
    assert "Recovery codes" not in said


def test_removing_asks_first_and_then_does_it(client, phone):
    page = client.get(link(client))
    assert title(page.text) == "Remove My phone? – Example"
    assert "It is your last second proof" in words(page.text)
    page = client.follow(client.submit(page.request.path))
    assert notice(page) == "It is removed, and opens nothing any more."
    assert "My phone" not in words(page.text)


def test_opening_the_page_removes_nothing(client, phone):
    for _ in range(3):
        client.get(link(client))
    assert "My phone" in words(client.get(SECURITY).text)


def test_a_second_click_finds_nothing_more_to_remove(client, phone):
    path = link(client)
    client.get(path)
    form = client.page.form(path)
    client.post(path, data=form)
    assert client.post(path, data=form).status_code == 404


def test_nobody_reaches_the_factor_of_somebody_else(client, phone, app, mailbox, clock):
    path = link(client)
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        users.create(identifiers.parse("dora@example.org", settings), settings, clock.now)
    dora = new_browser(app)
    dora.ask("dora@example.org")
    dora.answer(mailbox.code_for("dora@example.org"))
    assert dora.get(path).status_code == 404
    dora.get("/")
    csrf_token = dora.page.form("/sign-out")["csrf_token"]
    assert dora.post(path, data={"csrf_token": csrf_token}).status_code == 404
    assert "My phone" in words(client.get(SECURITY).text)


def test_new_codes_are_made_ten_times_a_day(client, phone, clock):
    page = f"{SECURITY}/recovery-codes"
    for _ in range(10):
        client.get(page)
        assert client.submit(page).status_code == 200
    client.get(page)
    answer = client.submit(page)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")
    assert "You made new codes 10 times today. You can make more at 4 March" in words(answer.text)
    assert "You have 10." in words(answer.text), "the last ones are good"


def test_recovery_codes_are_shown_once_and_can_be_kept(client, phone):
    client.get(f"{SECURITY}/recovery-codes")
    page = client.submit(f"{SECURITY}/recovery-codes")
    codes = [word for word in words(page.text).split() if word.count("-") == 3]
    assert len(codes) == 10
    (file,) = [one for one in client.page.all("a") if one["href"].startswith("data:")]
    assert file["download"] == "recovery-codes.txt"
    assert all(code in file["href"] for code in codes)
    assert page.headers["Cache-Control"] == "no-store"
    again = client.get(f"{SECURITY}/recovery-codes")
    assert not [word for word in words(again.text).split() if word.count("-") == 3]
    assert "10 are left" in words(client.get(SECURITY).text)


def test_whoever_has_none_is_warned(client, phone):
    assert "You have no recovery codes." in words(client.get(SECURITY).text)


def test_the_page_is_not_for_strangers(client, alice):
    assert client.get(SECURITY).location == "/sign-in?next=/account/security"


def test_without_a_factor_there_are_no_recovery_codes_to_make(client, alice):
    """X52: made before there is anything to lose they would be a way round what comes later."""
    sign_in(client)
    client.get("/")
    token = client.page.form("/sign-out")["csrf_token"]
    page = f"{SECURITY}/recovery-codes"
    assert client.get(page).location == SECURITY
    assert client.post(page, data={"csrf_token": token}).location == SECURITY


def test_a_passkey_of_the_old_name_is_said_to_open_nothing_and_no_codes_are_made(
    client, app, alice
):
    sign_in(client)
    with app.app_context(), transaction():
        args = (
            alice.user_id,
            "passkey",
            "Laptop",
            b"k",
            utc_now(),
            app.extensions["otpapp.settings"],
        )
        number = credentials.add(*args, details={"rp_id": "old.example.org"})
    page = words(client.get(SECURITY).text)
    assert "It was made for old.example.org, where this site was before, and opens nothing" in page
    assert "Recovery codes" not in page
    assert client.get(f"{SECURITY}/recovery-codes").location == SECURITY
    page = words(client.get(f"{SECURITY}/{number}/remove").text)
    assert "It opens nothing here." in page
    assert "recovery codes go with it" not in page


def test_without_the_app_a_code_is_enough_although_a_passkey_stays(client, app, alice, phone):
    with app.app_context(), transaction():
        now = utc_now()
        args = (alice.user_id, "passkey", "Laptop", b"k", now, app.extensions["otpapp.settings"])
        passkey = credentials.add(*args, details={"rp_id": "auth.example.org"})
        number = next(one.id for one in credentials.of(alice.user_id, "totp"))
        proofs = (Proof("passkey", now, str(passkey)),)
        db.session.query(UserSession).update({"proofs": proofs})
    page = words(client.get(f"{SECURITY}/{number}/remove").text)
    assert "From then on a code that we send is enough to sign in as you." in page
    assert "recovery codes go with it" not in page
