"""Being signed in: begun with a new token, ended everywhere at once."""

import pytest

from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, cookie, disable, hold, is_in, rows, sign_in


def test_a_cookie_planted_before_the_sign_in_never_works_after_it(client, app, alice):
    client.ask(ALICE)
    planted = cookie(client)
    client.answer(RFC_CODES[1])
    thief = new_browser(app)
    hold(thief, planted)
    assert not is_in(thief)
    assert is_in(client)


def test_nothing_from_before_the_sign_in_is_carried_over(client, app, alice):
    client.ask(ALICE)
    reader = app.session_interface.get_signing_serializer(app)
    before = reader.loads(cookie(client))
    client.answer(RFC_CODES[1])
    after = reader.loads(cookie(client))
    assert not {repr(value) for value in before.values()} & {repr(one) for one in after.values()}
    assert "challenges" not in after


def test_a_form_from_before_the_sign_in_is_refused_after_it(client, alice):
    client.ask(ALICE)
    old = client.page.form("/sign-in/code")["csrf_token"]
    client.answer(RFC_CODES[1])
    client.post("/sign-out", data={"csrf_token": old})
    assert is_in(client)


def test_every_sign_in_has_a_token_of_its_own(client, app, alice, clock):
    sign_in(client)
    clock.advance(minutes=1)
    sign_in(new_browser(app), 2)
    hashes = [row.token_hash for row in rows(app)["user_sessions"]]
    assert len(set(hashes)) == 2
    assert is_in(client)


def test_signing_out_kills_a_copied_cookie(client, app, alice):
    sign_in(client)
    thief = new_browser(app)
    hold(thief, cookie(client))
    assert is_in(thief)
    client.get("/")
    client.submit("/sign-out")
    assert not is_in(thief)


def test_signing_out_leaves_other_browsers_signed_in(client, app, alice, clock):
    sign_in(client)
    clock.advance(minutes=1)
    other = new_browser(app)
    sign_in(other, 2)
    other.get("/")
    other.submit("/sign-out")
    assert not is_in(other)
    assert is_in(client)


def test_back_after_signing_out_shows_nothing(client, alice):
    sign_in(client)
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-store"
    client.submit("/sign-out")
    again = client.get("/")
    assert (again.status_code, again.location) == (303, "/sign-in")
    assert ALICE not in again.text


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_sign_out_does_not_sign_out(client, alice, method):
    sign_in(client)
    answer = getattr(client, method)("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert is_in(client)


def test_signing_out_twice_does_no_harm(client, alice):
    sign_in(client)
    client.get("/")
    client.follow(client.submit("/sign-out"))
    client.get("/sign-in")
    token = client.page.form("/sign-in")["csrf_token"]
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_disabling_a_user_ends_their_sessions_at_the_next_request(client, app, alice, clock):
    sign_in(client)
    disable(app, alice, clock.now)
    assert not is_in(client)


def test_a_session_of_a_page_opens_no_door_of_the_api(client, app, alice):
    sign_in(client)
    token = app.session_interface.get_signing_serializer(app).loads(cookie(client))["session"]
    assert client.get("/api/me").status_code == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/me", headers=bearer).status_code == 401
