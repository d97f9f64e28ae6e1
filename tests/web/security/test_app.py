"""Adding an authenticator app."""

import re

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential, UserSession
from tests.helpers.people import RFC_CODES
from tests.web.factors import SECURITY, App, enrol_app, shown_key
from tests.web.helpers import problem, sign_in, title, words

PAGE = f"{SECURITY}/app"


@pytest.fixture
def opened(client, alice, clock) -> App:
    """The app that scanned the page which is open, in a browser of Alice."""
    sign_in(client)
    return App(shown_key(client.get(PAGE).text), clock)


def token(client) -> str:
    return client.page.form(f"{SECURITY}/recovery-codes")["csrf_token"]


def credentials(app) -> list[Credential]:
    with app.app_context():
        return list(db.session.scalars(select(Credential)))


def test_the_page_shows_the_key_as_a_picture_as_letters_and_as_a_link(client, opened):
    html = client.html
    assert re.fullmatch("([A-Z2-7]{4} ){7}[A-Z2-7]{4}", opened.key)
    assert '<svg viewBox="0 0 ' in html
    (link,) = [one["href"] for one in client.page.all("a") if one["href"].startswith("otpauth:")]
    assert link.startswith("otpauth://totp/Example:alice%40example.org?secret=")
    assert opened.key.replace(" ", "") in link


def test_the_first_code_adds_the_app_and_leads_to_recovery_codes(app, client, opened):
    answer = client.submit(PAGE, name="My phone", code=opened.code())
    assert answer.location == f"{SECURITY}/recovery-codes?next=/"
    assert client.follow(answer).status_code == 200, "the code just proved is fresh enough"
    assert [one.name for one in credentials(app)] == ["My phone"]
    assert "My phone" in words(client.get(SECURITY).text)


def test_there_is_room_for_ten_and_the_page_says_so(app, client, opened, clock):
    for number in range(10):
        clock.advance(minutes=1)
        enrol_app(client, clock, f"Phone {number}")
    client.get(f"{SECURITY}/recovery-codes")
    held = token(client)
    for method in ("GET", "POST"):
        answer = client.open(PAGE, method=method, data={"csrf_token": held})
        assert answer.location == SECURITY
        assert "There is room for ten" in words(client.follow(answer).text)
    assert len(credentials(app)) == 10
    assert client.get(f"{SECURITY}/token").status_code == 200, "another kind has room"


def test_an_app_without_a_name_gets_one(app, client, opened):
    client.submit(PAGE, code=opened.code())
    assert [one.name for one in credentials(app)] == ["Authenticator app"]


def test_a_wrong_code_keeps_key_and_name(app, client, opened):
    page = client.submit(PAGE, name="My phone", code="000000")
    assert page.status_code == 422
    assert problem(page).startswith("That is not the code that belongs to this key.")
    assert shown_key(page.text) == opened.key
    assert client.page.form(PAGE)["name"] == "My phone"
    assert credentials(app) == []
    assert client.submit(PAGE, code=opened.code()).status_code == 303


def test_each_time_the_page_is_opened_there_is_another_key(client, opened):
    """X54."""
    assert shown_key(client.get(PAGE).text) != opened.key


def test_a_page_open_for_an_hour_offers_a_new_key(app, client, opened, clock):
    clock.advance(minutes=9, seconds=59)
    form = client.page.form(PAGE)
    form["key"] = form["key"][:-4] + "AAAA"
    page = client.post(PAGE, data={**form, "code": opened.code()})
    assert problem(page) == "This page was open for too long. Scan the new code below."
    assert shown_key(page.text) != opened.key
    assert credentials(app) == []


@pytest.mark.parametrize("name", ["a\x00b", "a\u202eb", "x" * 81])
def test_a_name_that_no_list_could_show_is_refused_and_kept(app, client, opened, name):
    page = client.submit(PAGE, name=name, code=opened.code())
    assert page.status_code == 422
    assert problem(page).startswith("Use ")
    assert credentials(app) == []


def test_a_name_is_shown_as_it_is_typed(client, opened):
    """X36."""
    client.submit(PAGE, name="<b>{{7*7}}</b>", code=opened.code())
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in client.get(SECURITY).text


def test_after_a_while_one_proves_once_more_and_comes_back(client, alice, clock):
    sign_in(client)
    clock.advance(minutes=11)
    page = client.follow(client.get(PAGE))
    assert title(page.text) == "Is it still you? – Example"
    page = client.follow(client.submit("/prove/code"))
    assert title(page.text) == "Enter your code – Example"
    answer = client.answer(RFC_CODES[2])
    assert answer.location == PAGE
    assert client.follow(answer).status_code == 200


def test_stepping_up_by_a_code_ends_the_session_before(app, client, alice, clock):
    """ASVS 7.2.4."""
    sign_in(client)
    clock.advance(minutes=11)
    client.follow(client.get(PAGE))
    client.follow(client.submit("/prove/code"))
    client.answer(RFC_CODES[2])
    with app.app_context():
        ended = db.session.scalars(select(UserSession.ended_at).order_by(UserSession.id)).all()
    assert ended[0] is not None
    assert ended[1:] == [None]


def test_who_has_an_app_steps_up_by_it_and_not_by_mail(client, alice, clock):
    """X52."""
    sign_in(client)
    app = enrol_app(client, clock)
    clock.advance(minutes=11)
    page = client.follow(client.follow(client.get(PAGE)))
    assert title(page.text) == "Enter the code from your app – Example"
    assert "What you are about to do needs a fresh proof" in words(page.text)
    client.get("/prove/totp?next=/account/security/app")
    answer = client.submit("/prove/totp", code=app.code())
    assert answer.location == PAGE
    assert client.follow(answer).status_code == 200


def test_asking_for_a_step_up_by_code_too_often_says_when(make_client, alice, clock):
    browser = make_client(limit_sends_per_identifier=1)
    sign_in(browser)
    for _ in range(2):
        clock.advance(minutes=11)
        browser.follow(browser.get(PAGE))
        answer = browser.submit("/prove/code")
        if answer.status_code == 303:
            browser.follow(answer)
            browser.answer(RFC_CODES[2])
    assert answer.status_code == 429
    assert "You can ask again at 13:11 UTC." in problem(answer)
    assert answer.headers["Retry-After"] == str(49 * 60)
    assert browser.page.form("/prove/code")["next"] == PAGE
