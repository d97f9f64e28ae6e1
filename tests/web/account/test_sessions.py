"""Sessions and known browsers: seen, ended, forgotten, by their owner alone."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import UserSession
from otpapp.rules.gate.rules import Rule
from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.factors import SECURITY, enrol_app
from tests.web.helpers import ALICE, is_in, keep_app, notice, part, sign_in, words

PAGE = "/account/sessions"
ELSEWHERE = f"{PAGE}/elsewhere"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


@pytest.fixture
def laptop(app, client, alice, clock):
    """Another browser of Alice, who is signed in here too, by the newer code."""
    laptop = new_browser(app)
    laptop.environ_base["HTTP_USER_AGENT"] = CHROME
    sign_in(laptop, stay="keep")
    clock.advance(minutes=2)
    sign_in(client, 2)
    return laptop


def actions(browser, end: str) -> list[str]:
    """Return where the open page's forms of this kind post to."""
    return [one["action"] for one in browser.page.forms if one["action"].endswith(end)]


def test_who_is_signed_in_once_sees_that_one(client, alice):
    sign_in(client)
    page = words(client.get(PAGE).text)
    assert "An unknown browser this one IP 127.0.0.1, signed in 3 March 2026, 12:00 UTC by" in page
    assert "by a code sent by email. Only this time, until 4 March 2026, 00:00 UTC" in page
    assert "You are signed in nowhere else." in page
    assert not actions(client, "/end")


def test_the_others_are_told_apart_and_end_one_by_one(client, laptop):
    page = words(client.get(PAGE).text)
    assert "Chrome on Windows IP 127.0.0.1, signed in 3 March 2026, 12:00 UTC" in page
    assert "Last used 3 March 2026, 12:00 UTC. Stays signed in until 2 April 2026" in page
    (action,) = actions(client, "/end")
    page = client.follow(client.submit(action))
    assert notice(page) == "That session is over: nobody goes on there without signing in again."
    assert not is_in(laptop)
    assert is_in(client)


def test_it_needs_no_fresh_proof_and_a_second_press_says_that_it_is_over(client, laptop, clock):
    clock.advance(minutes=20)
    client.get(PAGE)
    (action,) = actions(client, "/end")
    filled = client.page.form(action)
    assert client.post(action, data=filled).location == PAGE
    page = client.follow(client.post(action, data=filled))
    assert notice(page) == "That session had ended already."


def test_nobody_ends_the_session_of_somebody_else_or_their_own(client, app, laptop, bob):
    theirs = update(UserSession).where(UserSession.id == 1).values(user_id=bob.user_id)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(theirs)
    client.get(PAGE)
    filled = client.page.forms[0]["fields"]
    for number in (0, 1, 999, 2**53):
        assert client.post(f"{PAGE}/{number}/end", data=filled).status_code == 404
    page = client.follow(client.post(f"{PAGE}/2/end", data=filled))
    assert notice(page) == "That is the session of this browser. Sign out to end it."
    assert is_in(client)


def test_what_a_program_signed_in_is_called_one(app, client, alice, clock):
    program = new_browser(app)
    program.checks = False
    program.get("/verify/alice@example.org/")
    program.post("/verify/alice@example.org/", json={"otp": RFC_CODES[1]})
    clock.advance(minutes=2)
    program.environ_base["HTTP_USER_AGENT"] = "curl/8.5"
    program.get("/verify/alice@example.org/")
    program.post("/verify/alice@example.org/", json={"otp": RFC_CODES[2]})
    clock.advance(minutes=2)
    sign_in(client, 3)
    page = words(client.get(PAGE).text)
    assert "A program IP 127.0.0.1" in page
    assert "A program, curl IP 127.0.0.1" in page


def test_the_apps_that_were_opened_are_named(client, app, alice):
    keep_app(app, Rule("/", ("everyone",)))
    sign_in(client)
    client.get("/gate/enter?rd=https://wiki.example.org/")
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO app_sessions (token_hash, session_id, app_id, proofs, created_at) "
            "SELECT x'00', s.id, a.id, '[]', s.created_at FROM user_sessions s, apps a"
        )
    assert "Opened from it, and over with it: Our wiki." in words(client.get(PAGE).text)


def test_all_the_others_end_after_one_more_question(client, laptop):
    client.get(PAGE)
    page = client.get(ELSEWHERE)
    assert "You stay signed in here. One other session ends" in words(page.text)
    assert is_in(laptop)
    page = client.follow(client.submit(ELSEWHERE))
    assert notice(page) == "You are signed out everywhere else."
    assert not is_in(laptop)
    assert is_in(client)


def test_where_there_is_none_the_page_says_what_it_does_all_the_same(client, alice):
    sign_in(client)
    said = words(client.get(ELSEWHERE).text)
    assert "signed in nowhere else. Whoever is about to sign in as you has to start again." in said


def test_that_needs_a_fresh_proof(client, laptop, clock):
    clock.advance(minutes=11)
    assert client.get(ELSEWHERE).location == f"/prove?next={ELSEWHERE}"


def test_after_a_change_the_page_of_factors_offers_it(client, laptop, clock):
    """ASVS 7.4.3."""
    enrol_app(client, clock)
    client.get(SECURITY)
    assert ELSEWHERE in [one["href"] for one in client.page.all("a")]


def test_many_sessions_are_cut_short_and_counted(client, app, alice, clock):
    sign_in(client)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 53) "
            "INSERT INTO user_sessions (token_hash, user_id, door, proofs, keep, idle_seconds, ip, "
            "browser, created_at, seen_at, expires_at) SELECT 'x' || i, user_id, door, proofs, "
            "keep, idle_seconds, ip, browser, created_at, seen_at, expires_at "
            "FROM user_sessions, n"
        )
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 53) "
            "INSERT INTO known_browsers (token_hash, user_id, ip, browser, created_at, seen_at) "
            "SELECT 'x' || i, user_id, ip, browser, created_at, seen_at FROM known_browsers, n"
        )
    page = words(client.get(PAGE).text)
    assert "And 3 more, used longer ago." in page
    assert "And 4 more, seen longer ago." in page
    assert len(actions(client, "/end")) == 50


def test_known_browsers_are_seen_and_forgotten_and_nobody_is_signed_out(client, laptop):
    said = part(client.get(PAGE).text, 'aria-labelledby="browsers-title"')
    assert "An unknown browser this one IP 127.0.0.1, first seen 3 March 2026, 12:02 UTC" in said
    assert "Chrome on Windows IP 127.0.0.1, first seen 3 March 2026, 12:00 UTC" in said
    mine, other, every = actions(client, "/forget")
    assert every.endswith("/browsers/0/forget")
    filled = client.page.form(other)
    page = client.follow(client.post(other, data=filled))
    assert notice(page) == "Forgotten. Nobody was signed out by it."
    assert is_in(laptop)
    page = client.follow(client.post(other, data=filled))
    assert notice(page) == "That was forgotten already."
    assert actions(client, "/forget") == [mine]
    client.follow(client.submit(mine))
    assert "None. The next sign-in makes its browser known." in words(client.html)


def test_all_are_forgotten_at_once_and_the_next_sign_in_is_one_of_a_stranger(client, laptop, clock):
    client.get(PAGE)
    client.follow(client.submit(f"{PAGE}/browsers/0/forget"))
    assert actions(client, "/forget") == []
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    sign_in(client, 3)
    client.get(PAGE)
    assert len(actions(client, "/forget")) == 1


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
    assert "You are signed in nowhere else." in words(client.get(PAGE).text)
