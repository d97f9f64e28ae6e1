"""The link in a notice undoes a removal or freezes the sign-in; a GET only shows."""

import re
from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Credential, Event, Identifier, User
from otpapp.transaction import transaction
from tests.helpers.browser import Browser, new_browser
from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES
from tests.web.factors import SECURITY, enrol_app
from tests.web.helpers import ALICE, COOKIE, disable, is_in, rows, sign_in, words

LINK = re.compile(r"https://auth\.example\.org(/changed/\S+)")


@pytest.fixture
def link(mailbox):
    """Return the link in the newest mail to Alice that has one."""

    def link() -> str:
        mails = [text_of(mail) for mail in mailbox.deliver() if mail["To"] == ALICE]
        return next(found[1] for text in reversed(mails) if (found := LINK.search(text)))

    return link


@pytest.fixture
def added(client, clock, alice, link) -> str:
    """Alice's app was added; the link that she got."""
    sign_in(client)
    enrol_app(client, clock)
    return link()


@pytest.fixture
def removed(client, clock, added, link) -> str:
    """Alice's app was removed again; the link that she got."""
    clock.advance(minutes=1)
    remove(client)
    return link()


def remove(browser: Browser) -> None:
    app = browser.application
    with app.app_context():
        held = db.session.query(Credential).filter_by(removed_at=None).one()
    path = f"{SECURITY}/{held.id}/remove"
    assert browser.get(path).status_code == 200
    assert browser.submit(path).status_code == 303


def press(app, link: str) -> str:
    """Follow the link on Alice's phone, press the button, and return what the page says then."""
    phone = new_browser(app)
    assert phone.get(link).status_code == 200
    return words(phone.follow(phone.submit(link)).text)


def living(app) -> int:
    with app.app_context():
        return db.session.query(Credential).filter_by(removed_at=None).count()


def kinds(app) -> list[str]:
    with app.app_context():
        return [event.kind for event in db.session.query(Event).order_by(Event.id)]


def test_the_page_says_what_was_added_and_what_freezing_does(app, added):
    page = words(new_browser(app).get(added).text)
    assert "An authenticator app, “My phone”, was added to your Example sign-in." in page
    assert "on 3 March 2026, 12:00 UTC, from an unknown browser, IP 127.0.0.1." in page
    assert "nobody can sign in as you until whoever runs this site opens it again" in page
    assert ALICE not in page


def test_the_page_says_what_was_removed_and_what_undoing_does(app, removed):
    page = words(new_browser(app).get(removed).text)
    assert "An authenticator app, “My phone”, was removed from your Example sign-in." in page
    assert "Everybody is signed out, also you" in page


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("which", ["added", "removed"])
def test_a_scanner_that_opens_the_link_changes_nothing(app, client, request, which, method):
    """X56."""
    link = request.getfixturevalue(which)
    before = rows(app)
    for _ in range(10):
        new_browser(app).open(link, method=method)
    assert rows(app) == before
    assert is_in(client)


def test_undoing_brings_the_app_back_and_signs_everybody_out(app, client, clock, removed):
    assert living(app) == 0
    page = press(app, removed)
    assert "It is back" in page
    assert "Make new recovery codes: you have none." in page
    assert living(app) == 1
    assert not is_in(client)
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert client.answer(RFC_CODES[2]).location.startswith("/prove"), "it is asked for again"


def test_undoing_twice_shows_that_it_is_done_and_does_it_once(app, removed):
    assert press(app, removed) == press_again(app, removed)
    assert kinds(app).count("factor.restored") == 1


def press_again(app, link: str) -> str:
    """Press a button of a page that was opened before, from another browser."""
    phone = new_browser(app)
    phone.get("/sign-in")
    token = phone.page.form("/sign-in")["csrf_token"]
    answer = phone.post(link, data={"csrf_token": token})
    assert answer.status_code == 303
    return words(phone.follow(answer).text)


def test_an_old_link_does_not_undo_a_later_removal(app, client, clock, removed, mailbox):
    press(app, removed)
    clock.advance(minutes=2)
    with app.app_context(), transaction():
        db.session.query(Credential).one().removed_at = clock.now
    assert "That factor was removed again since" in press_again(app, removed)
    assert living(app) == 0


def test_one_that_is_gone_for_good_is_not_there_to_come_back(app, removed):
    with app.app_context(), transaction():
        db.session.delete(db.session.query(Credential).one())
    assert "gone for good" in press_again(app, removed)


def test_beside_one_that_was_added_meanwhile_it_stays_away(app, client, clock, removed):
    clock.advance(minutes=1)
    enrol_app(client, clock)
    assert "Frozen Nobody can sign in as you, not even you." in press(app, removed)
    assert living(app) == 1


def test_freezing_signs_everybody_out_and_nobody_in(app, client, clock, mailbox, added):
    page = press(app, added)
    assert "Frozen Nobody can sign in as you, not even you." in page
    assert not is_in(client)
    sent = len(mailbox.deliver())
    clock.advance(minutes=2)
    stranger = new_browser(app)
    stranger.ask(ALICE)
    assert stranger.answer(RFC_CODES[2]).status_code == 422
    assert len(mailbox.deliver()) == sent, "no code is sent"


def test_freezing_takes_no_factor_away(app, added):
    """X52: whoever only reads the mails wins nothing."""
    press(app, added)
    assert living(app) == 1


def test_freezing_twice_shows_that_it_is_done_and_does_it_once(app, added):
    assert press(app, added) == press_again(app, added)
    assert kinds(app).count("user.frozen") == 1


def test_new_recovery_codes_can_be_frozen_too(app, client, added, link):
    client.get(f"{SECURITY}/recovery-codes")
    client.submit(f"{SECURITY}/recovery-codes")
    page = words(new_browser(app).get(link()).text)
    assert "New recovery codes were made for your Example sign-in." in page
    assert "Frozen Nobody can sign in as you" in press(app, link())


def test_a_removal_can_be_undone_while_frozen_and_stays_frozen(app, client, added, removed):
    assert "Frozen Nobody can sign in as you" in press(app, added)
    assert "It is back" in press(app, removed)
    assert living(app) == 1
    assert "Frozen Nobody can sign in as you" in press_again(app, added)


def test_after_an_operator_opened_it_the_link_freezes_no_more(app, alice, added):
    press(app, added)
    result = app.test_cli_runner().invoke(args=["reopen", "--keep", ALICE])
    assert result.exit_code == 0, result.output
    assert "opened again since by whoever runs this site" in press_again(app, added)
    with app.app_context():
        assert db.session.get(User, alice.user_id).disabled_at is None


def test_whom_an_operator_disabled_is_shut_out_already(app, alice, added, clock):
    disable(app, alice, clock.now)
    assert "Frozen Nobody can sign in as you" in press_again(app, added)
    with app.app_context():
        assert db.session.get(User, alice.user_id).disabled_by is None


@pytest.mark.parametrize("which", ["added", "removed"])
def test_the_link_of_a_user_who_is_gone_does_nothing(app, alice, request, which):
    link = request.getfixturevalue(which)
    with app.app_context(), transaction():
        db.session.execute(db.delete(User))
    before = rows(app)
    assert "This link is over" in press_again(app, link)
    assert rows(app) == before


@pytest.mark.parametrize("which", ["added", "removed"])
def test_after_72_hours_the_link_is_over(app, clock, request, which):
    link = request.getfixturevalue(which)
    clock.advance(hours=72, microseconds=-1)
    assert new_browser(app).get(link).status_code == 200
    clock.now += timedelta(microseconds=1)
    before = rows(app)
    phone = new_browser(app)
    answer = phone.get(link)
    assert answer.status_code == 410
    assert "It worked for as long as its message said." in words(answer.text)
    phone.get("/sign-in")
    token = phone.page.form("/sign-in")["csrf_token"]
    assert phone.post(link, data={"csrf_token": token}).status_code == 410
    assert rows(app) == before


@pytest.mark.parametrize("token", ["x", "MQ", "MQ.x", "1", "é", "a" * 5000, "%00", "{other}"])
def test_a_token_that_we_did_not_make_finds_nothing(client, added, settings, token):
    from itsdangerous import URLSafeSerializer

    other = URLSafeSerializer(settings.secret_key, salt="stop these codes").dumps([1, "x"])
    answer = client.get(f"/changed/{token.format(other=other)}")
    assert answer.status_code == 404


def test_it_needs_no_cookie_of_ours_beforehand(app, added):
    phone = new_browser(app)
    phone.get(added)
    assert phone.get_cookie(COOKIE, domain="auth.example.org")
    assert phone.submit(added).status_code == 303


def test_both_are_told_by_a_notice_without_a_link(app, added, removed, mailbox):
    press(app, removed)
    assert not LINK.search(text_of(mailbox.newest_for(ALICE)))
    press(app, added)
    mail = mailbox.newest_for(ALICE)
    assert mail["Subject"] == "Your Example sign-in is frozen"
    assert not LINK.search(text_of(mail))


def test_only_verified_identifiers_are_told(app, client, clock, alice, mailbox):
    sign_in(client)
    with app.app_context(), transaction():
        for name, verified_at in (("second", clock.now), ("third", None)):
            address = f"{name}@example.org"
            db.session.add(
                Identifier(
                    user_id=alice.user_id,
                    channel="email",
                    key=address,
                    address=address,
                    created_at=clock.now,
                    verified_at=verified_at,
                )
            )
    mailbox.deliver()
    sent = len(mailbox.mails)
    enrol_app(client, clock)
    assert {mail["To"] for mail in mailbox.deliver()[sent:]} == {ALICE, "second@example.org"}


def test_who_reads_of_a_sign_in_from_a_new_browser_freezes_it(app, client, clock, alice, mailbox):
    sign_in(client)
    clock.advance(minutes=2)
    thief = new_browser(app)
    thief.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari"
    sign_in(thief, 2)
    mail = [one for one in mailbox.deliver() if one["To"] == ALICE][-1]
    text = text_of(mail)
    assert mail["Subject"] == "Your Example sign-in was used in a new browser"
    said = "Somebody signed in as you from Chrome on Windows, which had not signed you in before."
    assert said in " ".join(text.split())
    assert "From: Chrome on Windows, IP 127.0.0.1" in text
    link = LINK.search(text)[1]
    phone = new_browser(app)
    assert "Freeze your sign-in?" in words(phone.get(link).text)
    assert is_in(thief)
    assert "Nobody can sign in as you" in words(phone.follow(phone.submit(link)).text)
    assert not is_in(thief)
    assert not is_in(client)
