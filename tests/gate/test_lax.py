"""X25 beside another, laxer site: nginx asks the default server of a port what names may be."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from otpapp.web.gate import examining
from otpapp.web.gate.snippets import look_alikes
from tests.conftest import make_settings
from tests.helpers.doctor import PROXY, ask
from tests.helpers.gated import TO_SIGN_IN, Gated, gated
from tests.helpers.wire import Wire

LAX = """
server {{
    listen 127.0.0.1:{port} default_server;
    server_name other.localhost;
    underscores_in_headers on;
    ignore_invalid_headers off;
    return 404;
}}
"""
SECRET = "OTPAPP_SECRET_KEY"
SPOOFS = ("Remote_User", "Remote_Email", "Remote_Groups", "Remote_Method", "Remote_Token")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Gated]:
    """Our site on a port whose default server is another, laxer one."""
    with gated(tmp_path_factory.mktemp("lax"), **PROXY) as site:
        port = site.wiki.rpartition(":")[2]
        (site.folder / "0-other.site").write_text(LAX.format(port=port))
        site.reload()
        yield site


ELSEWHERE = ("X_Original_URL", "X-Original_URL", "X_Original-URL", "x_original_url")


@pytest.mark.parametrize("path", ["/x", "/admin/x"])
@pytest.mark.parametrize("name", [*ELSEWHERE, "X.Original.URL", "X-Original-URL"])
def test_what_stands_before_the_host_says_nothing_of_what_is_asked_for(site, name, path):
    """X26: the gate decides about what nginx is asked for, not about what a client says of it."""
    before = len(site.backend.seen)
    forged = f"{name}: {site.wiki}/public/x\r\nX_Original_Method: GET\r\n"
    head = f"GET {path} HTTP/1.1\r\n{forged}Host: {site.wiki[7:]}\r\nAccept: text/html\r\n"
    heard = Wire().send(site.wiki, head)
    assert heard.status in TO_SIGN_IN
    assert heard.header("Location").endswith(quote(site.wiki + path, safe=""))
    assert len(site.backend.seen) == before


def test_what_stands_before_the_host_says_nothing_of_where_a_visitor_is(site, address):
    """X24."""
    wire = Wire()
    assert site.sign_in(wire, address).status == 200
    held = "; ".join(f"{name}={value}" for name, value in wire.cookies(site.wiki).items())
    forged = "".join(f"{one}: 6.6.6.6\r\n" for one in look_alikes("X-Forwarded-For"))
    head = f"GET /x HTTP/1.1\r\n{forged}Host: {site.wiki[7:]}\r\nCookie: {held}\r\n"
    assert "6.6.6.6" not in str(wire.send(site.wiki, head).seen)
    proof = examining.prove(site.wiki, make_settings(secret_key=site.server.environ[SECRET]))
    head = f"GET {examining.AS_PAGE} HTTP/1.1\r\n{forged}Host: {site.wiki[7:]}\r\n"
    page = wire.send(site.wiki, f"{head}{examining.HEADER}: {proof}\r\n")
    assert json.loads(page.body)["address"] == "127.0.0.1"


def test_flask_doctor_finds_nothing_wrong_with_it(site):
    assert ask(site) == (0, "")


@pytest.mark.parametrize("path", ["/x", "/public/x"])
def test_what_stands_before_the_host_tells_nobody_who_somebody_is(site, address, path):
    wire = Wire()
    assert site.sign_in(wire, address).status == 200
    held = "; ".join(f"{name}={value}" for name, value in wire.cookies(site.wiki).items())
    forged = "".join(f"{name}: root\r\n" for name in SPOOFS)
    head = f"GET {path} HTTP/1.1\r\n{forged}Host: {site.wiki[7:]}\r\nCookie: {held}\r\n"
    heard = wire.send(site.wiki, head)
    assert heard.status == 200
    assert heard.seen["remote-user"] == [address]
    assert "root" not in str(heard.seen)
