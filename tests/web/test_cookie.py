"""The cookie: out of reach of scripts, other hosts and other sites, and with nothing to read."""

import json
import re

import pytest

from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, COOKIE, cookie, is_in, sign_in

OPAQUE = re.compile(r"[A-Za-z0-9_-]{16,64}")


def attributes(answer) -> dict[str, str]:
    """Return the attributes of the session's cookie that an answer sets, its name under `name`."""
    (header,) = [one for one in answer.headers.getlist("Set-Cookie") if "-known=" not in one]
    first, *others = [one.partition("=") for one in header.split("; ")]
    return {"name": first[0], **{name: value for name, _, value in others}}


def test_over_https_it_is_bound_to_this_host(client, alice):
    for answer in (client.get("/sign-in"), sign_in(client)):
        assert attributes(answer) == {
            "name": "__Host-otpapp",
            "Secure": "",
            "HttpOnly": "",
            "Path": "/",
            "SameSite": "Lax",
        }


def test_over_http_on_loopback_it_has_a_plain_name(make_client, alice):
    client = make_client(public_url="http://127.0.0.1:5000")
    expected = {"name": "otpapp", "HttpOnly": "", "Path": "/", "SameSite": "Lax"}
    assert attributes(client.get("/sign-in")) == expected
    client.ask(ALICE)
    assert attributes(client.answer(RFC_CODES[1])) == expected
    assert is_in(client)


def test_pages_in_between_do_not_set_it_again(client, alice):
    sign_in(client)
    client.get("/")
    assert not client.get("/").headers.getlist("Set-Cookie")


def test_nobody_can_read_anything_in_it(client, app, alice):
    reader = app.session_interface.get_signing_serializer(app)
    client.get("/sign-in?next=/secret-place")
    client.follow(client.submit("/sign-in", identifier=ALICE, stay="keep"))
    held = [reader.loads(cookie(client))]
    client.answer(RFC_CODES[1])
    client.get("/")
    held.append(reader.loads(cookie(client)))
    text = json.dumps(held)
    for secret in (ALICE, "alice", "secret-place", str(alice.user_id), RFC_CODES[1], "127.0.0.1"):
        assert secret not in text
    assert OPAQUE.fullmatch(held[1]["session"])
    assert len(held[1]["session"]) >= 43  # 256 bits


def test_it_stays_within_what_browsers_keep(client):
    for number in range(8):
        client.ask(f"nobody{number}@example.org")
    assert len(COOKIE) + len(cookie(client)) < 4096


@pytest.mark.parametrize("name", ["otpapp", "session", "__Secure-otpapp", "remember_token"])
def test_a_cookie_of_another_name_opens_nothing(client, app, alice, name):
    sign_in(client)
    other = new_browser(app)
    other.set_cookie(name, cookie(client), domain="auth.example.org")
    assert not is_in(other)


def test_a_changed_cookie_opens_nothing(client, app, alice):
    sign_in(client)
    payload, stamp, signature = cookie(client).rsplit(".", 2)
    for changed in (f"{payload}x.{stamp}.{signature}", f"{payload}.{stamp}.", payload, "", "."):
        other = new_browser(app)
        other.set_cookie(COOKIE, changed, domain="auth.example.org")
        assert not is_in(other)


def test_two_cookies_of_our_name_are_refused(client, app, alice):
    sign_in(client)
    mine = cookie(client)
    bare = app.test_client(use_cookies=False)
    answer = bare.get(
        "/",
        base_url="https://auth.example.org",
        headers={"Cookie": f"{COOKIE}={mine}; {COOKIE}=planted"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["1|x", "a|é", "", "|", "planted"])
def test_a_remember_cookie_of_another_app_on_this_host_changes_nothing(client, alice, value):
    sign_in(client)
    client.set_cookie("remember_token", value, domain="auth.example.org")
    assert is_in(client)


def test_a_page_that_takes_a_note_late_undoes_no_sign_in(client, alice):
    """Its answer comes after another tab has signed in, and it was asked for before."""
    client.get("/sign-in")
    client.submit("/sign-in", identifier=ALICE)
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier=ALICE)
    late = client.follow(answer)
    assert "We already sent a code" in late.text
    (header,) = late.headers.getlist("Set-Cookie")
    assert header.startswith(f"{COOKIE}-note=;")


@pytest.mark.parametrize("value", ["nonsense", "<b>", "é", "already"])
def test_a_planted_note_says_nothing_of_its_own(client, value):
    client.set_cookie(f"{COOKIE}-note", value, domain="auth.example.org")
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert "<b>" not in page.text
