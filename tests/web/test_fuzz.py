"""Anything at all, in every place where something can be sent, ends in an answer of ours."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.browser import Browser
from tests.web.helpers import ALICE, COOKIE, rows

MARKS = "@+.,;<>()[]\"'\\/%&=?#:\r\n\t\x00\x0b\u2028\u200b\ud7ff٣３²ſıaA0 "
TEXT = st.one_of(st.text(max_size=300), st.text(alphabet=MARKS, max_size=60))
NEAR_EMAIL = st.builds("{}{}@{}{}".format, TEXT, st.just("alice"), st.just("example.org"), TEXT)
HEADER = st.text(
    alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"),
    max_size=200,
)
OURS = (200, 303, 400, 404, 413, 415, 422, 429)


@pytest.fixture
def overrides():
    many = 1_000_000
    return {
        "limit_sends_per_identifier": many,
        "limit_sends_per_identifier_per_day": many,
        "limit_sends_per_ip": many,
        "limit_sends_per_site": many,
        "limit_failures_per_ip": many,
        "trusted_proxies": 1,
    }


@pytest.fixture
def often(soak) -> settings:
    """How many examples a test tries."""
    return settings(max_examples=20_000 if soak else 60, deadline=None)


@pytest.fixture
def token(client, alice):
    """Alice's code is on its way; return a CSRF token that holds from here on."""
    client.ask(ALICE)
    return client.page.form("/sign-in/code")["csrf_token"]


def test_anything_typed_as_an_identifier_reaches_only_its_owner(client, app, mailbox, token, often):
    @often
    @given(TEXT | NEAR_EMAIL, TEXT, TEXT, TEXT)
    def send(identifier, stay, wish, form_id):
        fields = {"identifier": identifier, "stay": stay, "next": wish, "form_id": form_id}
        answer = client.post("/sign-in", data={**fields, "csrf_token": token})
        assert answer.status_code in (303, 422)

    send()
    mailbox.deliver()
    assert {tuple(one) for one in mailbox.receivers} <= {(ALICE,)}
    assert all(row.next_path.startswith("/") for row in rows(app)["challenges"])


def test_anything_typed_as_a_code_is_refused(client, token, often):
    @often
    @given(TEXT.filter(lambda text: "287082" not in text), TEXT | st.just(""))
    def send(code, ref):
        fields = {"code": code, "ref": ref, "csrf_token": token}
        assert client.post("/sign-in/code", data=fields).status_code in (303, 422)
        assert client.get("/").status_code == 303

    send()


def test_anything_in_an_address_is_answered(client, token, often):
    @often
    @given(TEXT, TEXT)
    def look(wish, ref):
        for path in ("/sign-in", "/sign-in/code", "/"):
            answer = client.get(path, query_string={"next": wish, "ref": ref})
            assert answer.status_code in (200, 303)

    look()


def test_anything_as_a_body_is_answered(client, token, often):
    @often
    @given(st.binary(max_size=400), st.sampled_from(["urlencoded", "json", "plain", "multipart"]))
    def send(body, kind):
        kinds = {"urlencoded": "application/x-www-form-urlencoded", "json": "application/json"}
        kinds |= {"plain": "text/plain", "multipart": "multipart/form-data; boundary=x"}
        for path in ("/sign-in", "/sign-in/code", "/sign-in/code/resend", "/sign-out"):
            headers = {"X-CSRFToken": token}
            if path == "/sign-out":
                headers = {}
            answer = client.post(path, data=body, content_type=kinds[kind], headers=headers)
            assert answer.status_code in OURS

    send()


def test_anything_in_a_header_is_answered(app, alice, often):
    bare = Browser(app, app.response_class, use_cookies=False)

    @often
    @given(HEADER, HEADER, HEADER, HEADER)
    def look(cookie, forwarded, agent, origin):
        headers = {"Cookie": f"{COOKIE}={cookie}", "X-Forwarded-For": forwarded}
        headers |= {"User-Agent": agent, "Origin": origin, "Sec-Fetch-Site": origin}
        headers |= {"Authorization": f"Bearer {agent}", "X-Forwarded-Proto": origin}
        for path in ("/", "/sign-in", "/sign-in/code", "/api/me"):
            assert bare.get(path, headers=headers).status_code in (200, 303, 400, 401)
        assert bare.post("/sign-in", headers=headers).status_code == 400

    look()


@pytest.mark.parametrize("path", ["/not-me/{}", "/not-me/{}/undo", "/invited/{}"])
def test_any_token_of_a_link_is_answered(client, token, often, path):
    @often
    @given(TEXT.filter(bool))
    def follow(text):
        address = path.format(quote(text, safe=""))
        for answer in (client.get(address), client.post(address, data={"csrf_token": token})):
            assert answer.status_code in (303, 308, 404, 405)

    follow()


def test_any_other_host_is_refused(client, often):
    @often
    @given(HEADER.filter(lambda host: not host.lower().startswith("auth.example.org")))
    def look(host):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400

    look()
