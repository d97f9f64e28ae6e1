"""What flask doctor may ask: only with a proof, only for a minute, and for nothing but its page."""

import hashlib
from dataclasses import replace

import pytest
from itsdangerous import TimestampSigner

from otpapp.web.gate import examining
from tests.web.gate.walker import BOOKS, WIKI

ECHO = WIKI + examining.AS_APP


@pytest.fixture
def proof(walker, settings) -> str:
    """What the doctor brings along to the wiki."""
    return examining.prove(WIKI, settings)


@pytest.fixture
def check(walker):
    """Return what asks the gate with a cookie of the doctor's."""

    def check(url: str, proof: str, **how):
        walker.browser.set_cookie(examining.COOKIE, proof, domain="wiki.example.org")
        walker.browser.set_cookie(examining.COOKIE, proof, domain="books.example.org")
        return walker.check(url, **how)

    return check


@pytest.mark.parametrize("habit", ["nginx", "forward"])
def test_a_proof_lets_through_to_the_page_that_repeats_and_to_nothing_else(check, proof, habit):
    assert check(ECHO, proof, habit=habit).headers["Remote-User"] == "flask-doctor"
    for url in (f"{WIKI}/", f"{ECHO}/x", f"{ECHO}?x", f"{WIKI}/public", BOOKS + examining.AS_APP):
        answer = check(url, proof, habit=habit)
        assert answer.status_code == 401
        assert "/.otpapp/asked-wrongly?" in answer.headers["Location"]
        assert "Remote-User" not in answer.headers


def test_what_is_no_proof_counts_for_nothing(check, proof, settings):
    other = replace(settings, secret_key="another secret 0123456789 abcdefgh")
    late = Late(settings.secret_key, salt="flask doctor", digest_method=hashlib.sha256)
    expired = late.sign(WIKI).decode()
    for wrong in ("", "x", proof[:-1], WIKI, proof + "x", examining.prove(WIKI, other), expired):
        answer = check(ECHO, wrong)
        assert answer.status_code == 401
        assert "/.otpapp/start?" in answer.headers["Location"]


def test_a_proxy_that_may_not_ask_is_told_nothing_but_that(make_client, walker, proof, settings):
    """X24: from elsewhere no check is answered with yes."""
    client = make_client(gate_peers=("10.0.0.1",))
    client.set_cookie(examining.COOKIE, proof, domain="wiki.example.org")
    headers = {"X-Original-URL": ECHO, "X-Original-Method": "GET"}
    answer = client.get("/gate/nginx", base_url=WIKI, headers=headers)
    assert answer.status_code == 401
    assert "peer=127.0.0.1" in answer.headers["Location"]
    assert "read=&" in answer.headers["Location"] + "&"


@pytest.mark.parametrize("path", examining.ECHOES)
def test_the_page_that_repeats_is_there_for_the_doctor_alone(walker, proof, settings, path):
    def status(proof: str) -> int:
        return walker.get(WIKI + path, **{examining.HEADER: proof}).status_code

    assert status(proof) == 200
    for wrong in ("", "x", examining.prove(BOOKS, settings)):
        assert status(wrong) == 404


def test_the_doctor_sees_what_arrives_where_the_address_is_wrong(walker, proof):
    page = walker.get(
        f"http://wiki.example.org{examining.AS_PAGE}",
        **{examining.HEADER: proof, "X-Forwarded-For": "203.0.113.77"},
    )
    assert page.json["scheme"] == "http"
    assert page.json["headers"]["X-Forwarded-For"] == "203.0.113.77"
    assert walker.get(f"http://wiki.example.org{examining.AS_PAGE}").status_code == 404


class Late(TimestampSigner):
    """Signs as if it were a minute ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - examining.LASTS - 1
