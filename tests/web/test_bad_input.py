"""Whatever is sent to the pages, the answer is a page that says so, never a fault of ours."""

import io

import pytest

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows
from tests.web.test_csrf import SIGNED_OUT
from tests.web.test_routes import routes

FIELDS = ["identifier", "stay", "next", "form_id", "code", "ref"]
TEXTS = {
    "NUL": b"%00",
    "NUL inside": b"alice%00@example.org",
    "bad UTF-8": b"%ff%fe@example.org",
    "cut UTF-8": b"alice%c3",
    "overlong": b"%c0%af%c0%af",
    "lone surrogate": b"%ed%a0%80@example.org",
    "2**63": b"9223372036854775808",
    "10**400": b"1" * 400,
    "negative": b"-1",
    "not a number": b"NaN",
    "superscripts": "²²²²²²".encode(),
    "Arabic digits": "٠٠٠٠٠٠".encode(),
    "very long": b"a" * 15_000,
    "format": b"%25s%25n{0}{{7*7}}",
    "tag": b"%3Csvg%20onload=alert(1)%3E",
    "percent": b"%",
    "newlines": b"a%0d%0ab%0ac",
}
BODIES = [
    '{"identifier": "alice@example.org"}',
    '{"identifier": ["alice@example.org", "evil@example.org"]}',
    '{"identifier": {"a": 1}, "code": {"a": 1}, "ref": {"a": 1}}',
    '{"identifier": 5, "code": 5, "ref": 5, "next": 5, "form_id": 5, "stay": 5}',
    '{"identifier": "\\ud800", "ref": "\\ud800", "code": "\\ud800", "form_id": "\\ud800"}',
    *("5", "[1]", "null", '"x"', "[" * 9000, "{", ""),
]


def fields_for(client, action: str) -> dict[str, str]:
    if action in ("/sign-in", "/sign-out"):
        client.get("/sign-in")
        token = {"csrf_token": client.page.form("/sign-in")["csrf_token"]}
        return {**client.page.form("/sign-in"), "identifier": ALICE, **token}
    client.ask(ALICE)
    return {**client.page.form(action), "code": RFC_CODES[1]}


@pytest.mark.parametrize("action", [*SIGNED_OUT, "/sign-out"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_in_any_field_breaks_a_form(client, alice, action, text):
    for name in FIELDS:
        given = {**fields_for(client, action), "code": "1"}
        given.pop(name, None)
        body = "&".join(f"{key}={value}" for key, value in given.items()).encode()
        body += b"&" + name.encode() + b"=" + text
        kind = "application/x-www-form-urlencoded"
        answer = client.post(action, data=body, content_type=kind)
        assert answer.status_code in (200, 303, 400, 422, 429), name


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_in_an_address_breaks_a_page(client, alice, text):
    client.ask(ALICE)
    for path in ("/sign-in?next=", "/sign-in?ref=", "/sign-in/code?ref=", "/static/", "/?x="):
        short = text[:3000].decode("latin-1")
        assert client.get(path + short).status_code in (200, 303, 404)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_given_twice_is_refused(client, app, alice, name):
    for action in SIGNED_OUT:
        fields = fields_for(client, action)
        before = rows(app)
        twice = {**fields, name: [fields.get(name, "x"), "evil@example.org"]}
        assert client.post(action, data=twice).status_code == 400
        assert client.get(f"{action}?{name}=a&{name}=b").status_code in (400, 405)
        assert rows(app) == before


@pytest.mark.parametrize("action", SIGNED_OUT)
@pytest.mark.parametrize("body", BODIES)
def test_no_form_is_taken_as_json(client, app, alice, action, body):
    token = fields_for(client, action)["csrf_token"]
    before = rows(app)["messages"]
    headers = {"X-CSRFToken": token}
    answer = client.post(action, data=body, content_type="application/json", headers=headers)
    assert answer.status_code in (400, 415, 422, 429)
    assert rows(app)["messages"] == before


@pytest.mark.parametrize("action", SIGNED_OUT)
@pytest.mark.parametrize("name", FIELDS)
def test_no_field_is_taken_from_a_file(client, alice, action, name):
    fields = fields_for(client, action)
    for kept in (fields, {one: text for one, text in fields.items() if one != name}):
        data = {**kept, name: (io.BytesIO(b"alice@example.org"), "a.txt")}
        answer = client.post(action, data=data, content_type="multipart/form-data")
        assert answer.status_code in (303, 400, 415, 422, 429)


@pytest.mark.parametrize("size", [17 * 1024, 1_000_000])
def test_a_body_over_16_kib_is_refused_on_every_route(client, app, size):
    for _, path in routes(app):
        for method in ("GET", "POST", "DELETE"):
            answer = client.open(path, method=method, data=b"a" * size)
            assert answer.status_code == 413, (method, path)


def test_of_a_body_of_unknown_length_no_more_than_16_kib_are_read(client):
    sent = io.BytesIO(b"identifier=" + b"a" * 1_000_000)
    answer = client.post(
        "/sign-in",
        input_stream=sent,
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code in (400, 413)
    assert len(answer.data) < 32 * 1024


def test_a_thousand_fields_are_too_many(client, alice):
    fields = {**fields_for(client, "/sign-in"), **{f"x{number}": "" for number in range(100)}}
    answer = client.post("/sign-in", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413
