"""The link in a message ends its code and spares its reader more of them; a GET only shows."""

import re

import pytest

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import challenges, links
from tests.helpers.browser import Browser, new_browser
from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, COOKIE, STRANGER, is_in, notice, rows, sign_in, words
from tests.web.sign_in.test_strangers import seen


@pytest.fixture
def overrides() -> dict:
    """Room for a stranger who asks often."""
    return {"limit_sends_per_identifier": 50, "limit_sends_per_ip": 500}


@pytest.fixture
def link(client, mailbox, alice):
    """Return the link of the newest mail to Alice that has one."""
    stops = re.compile(r"Stop these codes: https://auth\.example\.org(/not-me/\S+)")

    def link() -> str:
        mails = [text_of(mail) for mail in mailbox.deliver() if mail["To"] == ALICE]
        return next(found[1] for text in reversed(mails) if (found := stops.search(text)))

    return link


@pytest.fixture
def bothered(client, link) -> str:
    """Somebody has asked for a code to Alice's address; the link that she got."""
    client.ask(ALICE)
    return link()


def stop(app, link: str) -> Browser:
    """Follow the link on Alice's phone and press the button."""
    phone = new_browser(app)
    phone.get(link)
    phone.follow(phone.submit(link))
    return phone


def kinds(app) -> list[str]:
    with app.app_context():
        return [event.kind for event in db.session.query(Event).order_by(Event.id)]


def test_the_page_says_what_was_asked_for_and_what_stopping_does(app, bothered):
    page = words(new_browser(app).get(bothered).text)
    assert "A code was asked for at 12:00 UTC from an unknown browser, IP 127.0.0.1." in page
    assert "nobody has signed in with it" in page
    assert ALICE not in page


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_the_link_changes_nothing(app, client, bothered, method):
    """X56."""
    before = rows(app)
    for _ in range(10):
        new_browser(app).open(bothered, method=method)
    assert rows(app) == before
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_the_code_is_dead_at_once(app, client, bothered):
    stop(app, bothered)
    assert client.answer(RFC_CODES[1]).status_code == 422
    assert not is_in(client)


def test_strangers_see_the_same_and_nothing_is_sent_for_a_day(
    app, client, bothered, mailbox, clock
):
    new_browser(app).ask(STRANGER)
    stop(app, bothered)
    sent = len(mailbox.deliver())
    for hours in (0.1, 5, 18.8):
        clock.advance(hours=hours)
        stranger = new_browser(app)
        alice, nobody = (stranger.ask(who) for who in (ALICE, STRANGER))
        assert seen(alice, ALICE) == seen(nobody, STRANGER)
        client.post("/sign-in/code/resend", data=client.page.form("/sign-in/code/resend"))
    assert len(mailbox.deliver()) == sent
    clock.advance(hours=0.2)
    new_browser(app).ask(ALICE)
    assert len(mailbox.deliver()) == sent + 1


@pytest.mark.parametrize("minutes", [1, 8])
def test_a_stranger_who_asked_before_gets_no_more_either(
    app, client, link, mailbox, clock, minutes
):
    client.ask(ALICE)
    first = link()
    clock.advance(minutes=2)
    other = new_browser(app)
    other.ask(ALICE)
    stop(app, first)
    sent = len(mailbox.deliver())
    clock.advance(minutes=minutes)
    page = other.follow(other.submit("/sign-in/code/resend"))
    assert page.status_code == 200
    assert len(mailbox.deliver()) == sent
    if minutes == 8:
        assert other.answer(RFC_CODES[3]).status_code == 422


def test_a_browser_that_is_known_goes_on_getting_codes(app, client, link, mailbox, clock):
    sign_in(client)
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    new_browser(app).ask(ALICE)
    stop(app, link())
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert client.answer(mailbox.code_for(ALICE)).status_code == 303


def test_it_can_be_undone(app, client, bothered, mailbox, clock):
    phone = stop(app, bothered)
    assert "Until 4 March 2026, 12:00 UTC nobody" in words(phone.html)
    page = phone.follow(phone.submit(f"{bothered}/undo"))
    assert notice(page).startswith("Codes come again.")
    clock.advance(minutes=2)
    new_browser(app).ask(ALICE)
    assert len(mailbox.deliver()) == 2
    assert kinds(app)[1:4] == ["message.sent", "codes.stopped", "codes.resumed"]


def test_a_sign_in_by_that_code_ends_too(app, client, bothered):
    assert client.answer(RFC_CODES[1]).status_code == 303
    phone = new_browser(app)
    assert "It was used to sign in at 12:00 UTC." in words(phone.get(bothered).text)
    phone.submit(bothered)
    assert not is_in(client)


def test_other_sign_ins_go_on(app, client, link, clock):
    sign_in(client)
    clock.advance(minutes=2)
    new_browser(app).ask(ALICE)
    stop(app, link())
    assert is_in(client)


def test_after_a_day_the_link_is_over(app, bothered, clock):
    clock.advance(hours=24)
    before = rows(app)
    phone = new_browser(app)
    answer = phone.get(bothered)
    assert answer.status_code == 410
    assert "This link is over" in words(answer.text)
    token = phone.get("/sign-in") and phone.page.form("/sign-in")["csrf_token"]
    for action in (bothered, f"{bothered}/undo"):
        assert phone.post(action, data={"csrf_token": token}).status_code == 410
    assert rows(app) == before


@pytest.mark.parametrize("token", ["x", "MQ", "MQ.x", "1", "é", "a" * 5000, "%00", "{other}"])
def test_a_token_that_we_did_not_make_finds_nothing(app, client, bothered, settings, token):
    from itsdangerous import URLSafeSerializer

    other = URLSafeSerializer(settings.secret_key, salt="another purpose").dumps(1)
    answer = client.get(f"/not-me/{token.format(other=other)}")
    assert answer.status_code == 404
    assert "Page not found" in words(answer.text)


def test_the_link_of_a_decoy_would_do_nothing(app, client, settings, alice):
    client.ask(STRANGER)
    with app.app_context():
        token = links.stop_token(challenges.get(1), settings)
    assert client.get(f"/not-me/{token}").status_code == 404


def test_it_needs_no_cookie_of_ours_beforehand(app, bothered):
    phone = new_browser(app)
    phone.get(bothered)
    assert phone.get_cookie(COOKIE, domain="auth.example.org")
    assert phone.submit(bothered).status_code == 303


def test_a_browser_that_became_known_by_that_code_is_a_stranger_again(
    app, client, bothered, mailbox, clock
):
    assert client.answer(RFC_CODES[1]).status_code == 303
    stop(app, bothered)
    sent = len(mailbox.deliver())
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert len(mailbox.deliver()) == sent


def test_it_is_one_as_well_when_a_second_code_made_it_known_again(
    app, client, bothered, link, mailbox, clock
):
    client.answer(RFC_CODES[1])
    phone = stop(app, bothered)
    phone.submit(f"{bothered}/undo")
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert client.answer(mailbox.code_for(ALICE)).status_code == 303
    stop(app, link())
    sent = len(mailbox.deliver())
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert len(mailbox.deliver()) == sent
