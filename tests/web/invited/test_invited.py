"""The link of an invitation: a GET only shows, a POST makes a user, and neither signs in."""

import re

import pytest

from otpapp.clock import utc_now
from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.post import deliver_next
from otpapp.extensions import db
from otpapp.models import Event, Identifier, Tally, User
from otpapp.rules import identifiers, users
from otpapp.rules.people import inviting
from otpapp.rules.people.inviting import Offer
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.helpers.mailbox import text_of
from tests.web.helpers import field, is_in, notice, rows, words

DORA = "dora@example.org"
LINK = re.compile(r"https://auth\.example\.org(/invited/\S+)")


def invite(app, typed: str = DORA, by=None) -> None:
    """Invite somebody, as the command line does."""
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        address = identifiers.parse(typed, settings)
        inviting.invite(address, Offer(frozenset({"office"})), settings, utc_now(), by)


def link_in(mailbox) -> str:
    """Return the newest link that Dora got."""
    return LINK.search(text_of(mailbox.newest_for(DORA)))[1]


@pytest.fixture
def link(app, mailbox) -> str:
    """Dora is invited; the link that she got."""
    invite(app)
    return link_in(mailbox)


def count(app, model) -> int:
    with app.app_context():
        return db.session.query(model).count()


def test_the_page_says_who_invites_to_what_and_until_when(app, mailbox, alice):
    invite(app, by=alice.user_id)
    page = words(new_browser(app).get(link_in(mailbox)).text)
    assert "alice@example.org invites you to Example." in page
    assert "until 10 March 2026, 12:00 UTC" in page
    assert DORA not in page and "office" not in page


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_the_link_changes_nothing(app, link, method):
    """X56."""
    before = rows(app)
    for _ in range(5):
        new_browser(app).open(link, method=method)
    assert rows(app) == before


def test_who_accepts_signs_in_by_a_code_as_everybody_does(app, client, link, mailbox):
    """X56."""
    client.get(link)
    answer = client.submit(link)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_in(client)
    page = client.follow(answer)
    assert notice(page).startswith("You are welcome.")
    assert field(client.page, "identifier")["value"] == DORA
    client.follow(client.submit("/sign-in"))
    client.answer(mailbox.code_for(DORA))
    assert is_in(client)


def test_the_address_is_filled_in_once(app, client, link):
    client.get(link)
    client.follow(client.submit(link))
    client.get("/sign-in")
    assert field(client.page, "identifier")["value"] == ""


def test_accepting_is_in_the_trail_with_where_it_came_from(app, client, link):
    client.get(link)
    client.submit(link)
    with app.app_context():
        told = db.session.query(Event).filter_by(kind="invitation.accepted").one()
        assert (told.subject, told.ip, told.browser) == (DORA, "127.0.0.1", "an unknown browser")


def test_accepted_twice_it_leads_to_signing_in(app, client, link):
    client.get(link)
    form = client.page.form(link)
    client.submit(link)
    again = client.post(link, data=form)
    assert again.status_code == 200
    assert "It is accepted" in words(again.text)
    assert {"href": "/sign-in", "class": "button"} in client.page.all("a")
    assert count(app, User) == 1


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("ran out", "It ran out on 10 March 2026, 12:00 UTC."),
        ("withdrawn", "It was withdrawn."),
        ("sent again", "If a newer message came, use the link in that one."),
    ],
)
def test_what_is_over_says_so_and_makes_nobody_a_user(app, client, link, clock, end, said):
    client.get(link)
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        if end == "withdrawn":
            inviting.withdraw(1, utc_now())
        elif end == "sent again":
            inviting.resend(1, settings, utc_now())
    if end == "ran out":
        clock.advance(days=7)
    for answer in (client.submit(link), client.get(link)):
        assert answer.status_code == 410
        assert said in words(answer.text)
    assert count(app, User) == 0


def test_who_became_a_user_meanwhile_signs_in_too(app, client, link):
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        assert users.create(identifiers.parse(DORA, settings), settings, utc_now())
    client.get(link)
    assert client.submit(link).location == "/sign-in"
    assert count(app, Identifier) == 1


def test_who_may_not_sign_in_is_told_whom_to_ask(app, client, link):
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        owner = users.create(identifiers.parse(DORA, settings), settings, utc_now())
        db.session.get(User, owner.user_id).disabled_at = utc_now()
    client.get(link)
    answer = client.submit(link)
    assert answer.status_code == 409
    assert "Ask whoever invited you." in words(answer.text)
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("token", ["x", "MQ", "MQ.x", "1", "é", "a" * 5000, "%00", "WzEsIjAwIl0.x"])
def test_a_token_that_we_did_not_make_looks_like_a_broken_link(app, client, link, token):
    client.get(link)
    csrf = client.page.form(link)["csrf_token"]
    for answer in (
        client.get(f"/invited/{token}"),
        client.post(f"/invited/{token}", data={"csrf_token": csrf}),
    ):
        assert answer.status_code == 404
        assert "Page not found" in words(answer.text)
    assert count(app, User) == 0


def test_a_network_that_tries_often_waits_and_the_link_is_not_used_up(app, client, link, clock):
    client.get(link)
    csrf = client.page.form(link)["csrf_token"]
    client.post("/invited/MQ.forged", data={"csrf_token": csrf})
    with app.app_context(), transaction():
        tally = db.session.query(Tally).filter_by(limit="acceptances_per_ip").one()
        assert tally.times == 1
        tally.times = 100
    client.get(link)
    answer = client.submit(link)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "Use the link again at 3 March 2026, 13:00 UTC" in words(answer.text)
    clock.advance(hours=1)
    client.get(link)
    assert client.submit(link).status_code == 303


def test_it_needs_no_cookie_of_ours_beforehand(app, link):
    phone = new_browser(app)
    phone.get(link)
    assert phone.submit(link).status_code == 303


def test_the_inbox_shows_it(make_client):
    visitor = make_client(
        mode="development", public_url="http://127.0.0.1:5000", mail_server="", sms_url=""
    )
    app = visitor.application
    invite(app)
    with app.app_context():
        deliver_next("email", InboxTransport(), app.extensions["otpapp.settings"])
    assert "You are invited to Example." in words(visitor.get("/inbox").text)
