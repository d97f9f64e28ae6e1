"""Programs come through with a key, as nobody but themselves."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import AccessKey
from otpapp.rules.gate import apps, keys
from otpapp.transaction import transaction
from tests.web.gate.walker import BOOKS, IDENTITY, WIKI

API = f"{WIKI}/api/x"


@pytest.fixture
def key(app, walker, clock) -> str:
    """A key to /api of the wiki, for a day."""
    with app.app_context(), transaction():
        until = clock.now + timedelta(days=1)
        return keys.make(apps.find("wiki"), "backup", "/api", until, clock.now)


@pytest.fixture(params=["nginx", "forward"])
def send(request, other, key):
    """Return what sends a request with the key, by each habit of proxies."""

    def send(url: str = API, scheme: str = "Bearer", token: str = key, **more):
        return other.check(
            url, habit=request.param, Accept="*/*", Authorization=f"{scheme} {token}", **more
        )

    return send


def test_a_program_is_let_through_under_a_name_that_no_person_has(send):
    answer = send()
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in IDENTITY} == {
        "Remote-User": "key:backup",
        "Remote-Email": "",
        "Remote-Name": "",
        "Remote-Groups": "",
        "Remote-Method": "key",
    }
    assert answer.headers["Remote-Token"] == ""


def test_an_app_never_sees_the_key(send):
    assert send().headers["Authorization"] == ""


def test_the_scheme_may_be_spelled_as_one_likes(send):
    """RFC 9110 section 11.1."""
    assert send(scheme="bearer").status_code == send(scheme="BEARER").status_code == 200
    assert send(scheme="Basic").status_code == 401


@pytest.mark.parametrize("url", [f"{WIKI}/", f"{WIKI}/office", f"{WIKI}/api/..%2foffice"])
def test_it_opens_no_other_path(send, url):
    assert send(url).status_code == 403


def test_it_opens_no_other_app_nor_this_site(send, other, key):
    answer = send(f"{BOOKS}/api/x")
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    me = other.browser.get("/api/me", headers={"Authorization": f"Bearer {key}"})
    assert me.status_code == 401


def test_one_that_is_no_key_opens_nothing_even_for_who_is_signed_in(walker, send):
    assert send(token="otpk_made-up").status_code == 401
    walker.sign_in_for(f"{WIKI}/")
    answer = walker.check(API, Authorization="Bearer otpk_made-up")
    assert answer.status_code == 401
    assert "Location" not in answer.headers


def test_tokens_of_an_app_itself_are_left_alone(walker):
    walker.sign_in_for(f"{WIKI}/")
    answer = walker.check(API, Authorization="Bearer theirs")
    assert answer.status_code == 200
    assert answer.headers["Authorization"] == "Bearer theirs"
    assert answer.headers["Remote-User"] == "alice@example.org"


def test_a_key_that_ended_or_is_over_opens_nothing_at_the_next_request(send, app, clock):
    clock.advance(hours=23)
    assert send().status_code == 200
    clock.advance(hours=1)
    assert send().status_code == 401
    clock.advance(hours=-1)
    with app.app_context(), transaction():
        keys.end(apps.find("wiki"), "backup", clock.now)
    assert send().status_code == 401


@pytest.mark.parametrize("spelling", ["Bearer\t{}", 'Bearer "{}"', "Token {}", "Basic {}"])
def test_however_it_is_spelled_no_app_sees_it(other, key, spelling):
    answer = other.check(f"{WIKI}/public", Authorization=spelling.format(key))
    assert key not in answer.headers.get("Authorization", "")


def test_its_last_use_is_kept(send, app, clock):
    send()
    with app.app_context():
        assert db.session.query(AccessKey.used_at).scalar() == clock.now
