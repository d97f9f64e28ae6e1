"""The site answers under its public name only (X22)."""

import pytest

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows

HOSTS = [
    *("evil.example", "auth.example.org.evil.example", "auth.example.org:8443"),
    *("evil.example:443", "auth.example.org@evil.example", "auth.example.org, evil.example"),
    *("evil.auth.example.org", "auth.example.org.", "127.0.0.1", "localhost", "[::1]"),
    *("auth.example.org/evil", "auth.example.org\\evil", "", "a b", "\x00", "auth.example.org:x"),
]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused_on_every_kind_of_page(client, app, alice, host):
    before = rows(app)
    for path in ("/", "/sign-in", "/nothing", "/static/css/base.css", "/api/me", "/verify/x"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert "evil" not in answer.text
        assert answer.location is None
    client.get("/sign-in")
    form = {**client.page.form("/sign-in"), "identifier": ALICE}
    assert client.post("/sign-in", data=form, headers={"Host": host}).status_code == 400
    assert rows(app) == before


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL"])
def test_headers_that_name_another_host_change_nothing(make_client, alice, name):
    client = make_client(trusted_proxies=1)
    client.environ_base["HTTP_" + name.upper().replace("-", "_")] = "evil.example"
    assert "evil" not in client.ask(ALICE).text
    answer = client.answer(RFC_CODES[1])
    assert (answer.status_code, answer.location) == (303, "/")
    assert "evil" not in client.get("/verify/x").location


def test_off_production_loopback_names_work_too(make_client):
    client = make_client(mode="development", public_url="http://127.0.0.1:5000")
    for host in ("127.0.0.1:5000", "localhost:5000", "[::1]:5000"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
