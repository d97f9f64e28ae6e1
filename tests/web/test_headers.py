"""The headers that every answer carries, whichever it is (X34, X35)."""

import re

import pytest

from tests.web.helpers import ALICE, sign_in
from tests.web.test_routes import FILLED, routes

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def check(answer, *, https: bool = True, dynamic: bool = True) -> None:
    for name, value in ALWAYS.items():
        assert answer.headers.getlist(name) == [value], (answer.request.path, name)
    policy = dict(
        rule.strip().partition(" ")[::2]
        for rule in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert ("Strict-Transport-Security" in answer.headers) == https
    if https:
        age = int(re.search(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])[1])
        assert age >= 31_536_000
    if dynamic:
        assert answer.headers["Cache-Control"] == "no-store", answer.request.path
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_every_route_has_them(client, app, alice, signed_in, method):
    if signed_in:
        sign_in(client)
    for rule, path in routes(app):
        answer = client.open(path, method=method)
        check(answer, dynamic=rule.endpoint != "static")


def test_every_refusal_has_them(client, alice):
    answers = [
        client.get("/nothing-here"),
        client.get("/sign-out"),
        client.post("/sign-in", data={}),
        client.post("/sign-in", data={"identifier": "a" * 17 * 1024}),
        client.get("/sign-in", headers={"Host": "evil.example"}),
        client.get("/verify/nobody/"),
        client.get("/api/nothing-here"),
        client.ask(ALICE),
        client.submit("/sign-in/code", code="000000"),
        client.submit("/sign-in/code/resend"),
    ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [404, 405, 400, 413, 400, 422, 404, 200, 422, 429]
    for answer in answers:
        check(answer)


def test_a_file_that_is_not_there_is_a_page_like_any_other(client):
    answer = client.get("/static/nothing-here.css")
    assert answer.status_code == 404
    check(answer)


def test_faults_of_ours_have_them(app, client):
    from otpapp.web.guards import public

    app.add_url_rule("/broken", view_func=public(lambda: 1 / 0), endpoint="broken")
    answer = client.get("/broken")
    assert answer.status_code == 500
    check(answer)


def test_over_plain_http_on_loopback_there_is_no_hsts(make_client):
    client = make_client(public_url="http://127.0.0.1:5000")
    check(client.get("/sign-in"), https=False)


def test_files_are_kept_by_browsers_for_a_year(client):
    client.get("/sign-in")
    for found in client.page.all("link"):
        answer = client.get(found["href"])
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert not answer.headers.getlist("Set-Cookie")
        check(answer, dynamic=False)


def test_pages_differ_by_cookie(client):
    assert "Cookie" in client.get("/sign-in").headers["Vary"]


def test_no_file_outside_the_static_folder_can_be_had(client):
    assert FILLED["filename"]
    for path in (
        "../wsgi.py",
        "%2e%2e/wsgi.py",
        "..%2fwsgi.py",
        "/etc/passwd",
        "css/../../wsgi.py",
    ):
        assert client.get(f"/static/{path}").status_code in (308, 404)
