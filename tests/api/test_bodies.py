"""Whatever is posted, the answer is JSON that says what is wrong with it, and no try is lost."""

import pytest

from tests.api.program import path_of, tries

RIGHT = b'{"otp": "287082"}'
BAD_JSON = {
    "empty": b"",
    "blank": b"  \n",
    "a word": b"hello",
    "a form": b"otp=287082",
    "cut short": b'{"otp": "287082"',
    "two values": RIGHT + RIGHT,
    "a name twice": b'{"otp": "287082", "otp": "000000"}',
    "a name twice, once escaped": b'{"otp": "287082", "\\u006ftp": "000000"}',
    "a name twice, deep inside": b'{"otp": "287082", "more": [{"a": 1, "a": 2}]}',
    "single quotes": b"{'otp': '287082'}",
    "bad UTF-8": b'{"otp": "287082\xff"}',
    "half a character": b'{"otp": "287082", "x": "\xe2\x82"}',
    "a bare line break": b'{"otp": "287082\n"}',
    "16,000 brackets": b"[" * 16_000,
    "16,000 objects": b'{"a":' * 3_200,
    "a number of 5,000 digits": b'{"otp": ' + b"9" * 5_000 + b"}",
}
NO_OBJECT = [b"null", b"true", b"287082", b'"287082"', b'["287082"]', b"[]", b"NaN"]
NO_CODE = [b"{}", b'{"code": "287082"}', b'{"OTP": "287082"}', b'{"otp": NaN}', b'{"otp": 1e999}']
KINDS = ["", "text/plain", "text/json", "application/x-www-form-urlencoded", "application/jsonp"]


@pytest.fixture(autouse=True)
def nothing_lost(program, app, mailbox, alice):
    """Ask for Alice's code; afterwards it still works and no try is lost."""
    program.ask("alice@example.org")
    yield
    assert tries(app) == [0]
    assert program.send("alice@example.org", RIGHT).status_code == 200


@pytest.mark.parametrize("body", BAD_JSON.values(), ids=BAD_JSON)
def test_what_is_not_valid_json_is_refused(program, body):
    refused = program.send("alice@example.org", body)
    assert refused.status_code == 400
    assert refused.json["message"] == "The body is not valid JSON."


@pytest.mark.parametrize("body", NO_OBJECT)
def test_json_that_is_no_object_is_refused(program, body):
    refused = program.send("alice@example.org", body)
    assert refused.status_code == 400
    assert refused.json["message"] == "The body must be a JSON object."


@pytest.mark.parametrize("body", NO_CODE)
def test_an_object_without_a_code_is_refused(program, body):
    assert program.send("alice@example.org", body).status_code == 422


@pytest.mark.parametrize("kind", [*KINDS, "multipart/form-data; boundary=x"])
def test_another_content_type_is_refused(program, kind):
    refused = program.send("alice@example.org", RIGHT, kind)
    assert refused.status_code == 415
    assert "application/json" in refused.json["message"]


@pytest.mark.parametrize("size", [16 * 1024 + 1, 17 * 1024, 100_000])
@pytest.mark.parametrize("filling", [b" ", b"["])
def test_more_than_16_kib_is_refused(program, size, filling):
    refused = program.send("alice@example.org", RIGHT + filling * (size - len(RIGHT)))
    assert refused.status_code == 413


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/verify/alice@example.org/", "/api/me", "/api/session", "/api/x"]
)
def test_no_address_takes_more_than_16_kib(program, method, path):
    refused = program.open(path, method=method, data=b" " * 17 * 1024)
    assert refused.status_code == 413


def test_16_kib_are_taken(program):
    body = b'{"otp": "x"' + b" " * (16 * 1024 - 12) + b"}"
    assert len(body) == 16 * 1024
    assert program.send("alice@example.org", body).status_code == 422


def test_an_argument_given_twice_is_refused(program):
    path = path_of("alice@example.org")
    assert program.get(path + "?a=1&a=2").status_code == 400
    assert program.post(path + "?a=1&a=2", json={"otp": "287082"}).status_code == 400
