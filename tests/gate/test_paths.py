"""X26: no spelling of a path gets around the rule that is meant for it."""

import pytest

from tests.helpers.gated import TO_SIGN_IN

SPELLINGS = (
    "//admin",
    "/x/../admin",
    "/./admin",
    "/public/../admin",
    "/public/%2e%2e/admin",
    "/public/..%2fadmin",
    "/public/.%2e/admin",
    "/public/;/../admin",
    "/public/..;/admin",
    "/public/%252e%252e/admin",
    "/public/..%5cadmin",
    "/public\\..\\admin",
    "/public/..\\admin",
    "/public%2f..%2fadmin",
    "/public//../admin",
    "/public/x/../../admin",
    "/public/%00/../admin",
    "/admin%00",
    "/admin;x",
    "/%2fadmin",
    "/public/#/../admin",
    "/public/%",
    "/public/%zz",
    "/public/..",
    "/public/.",
    "/public/..%20/admin",
    "/public/.../admin",
)
SAME = ("/%61dmin", "/admin%2dx/..%2f", "/admin/", "/admin?public", "/admin/?/public/../x")
FOLDED = (
    "/Admin",
    "/ADMIN/x",
    "/aDMIN?x",
    "/%41dmin",
    "/admin%3fx",
    "/admin%23x",
    "/admin.",
    "/admin%20",
    "/admin%20./x",
    "/%EF%BD%81dmin",
)


def get(site, wire, path: str):
    """Send a path exactly as it stands."""
    held = "; ".join(f"{name}={value}" for name, value in wire.cookies(site.wiki).items())
    head = f"GET {path} HTTP/1.1\r\nHost: {site.wiki[7:]}\r\nAccept: text/html\r\n"
    return wire.send(site.wiki, head + (f"Cookie: {held}\r\n" if held else ""))


@pytest.mark.parametrize("path", SPELLINGS)
def test_what_servers_could_differ_about_is_refused_by_the_proxy(site, alice, stranger, path):
    for wire in (alice, stranger):
        assert get(site, wire, path).status == 400, path


@pytest.mark.parametrize("path", [*SAME, *FOLDED])
def test_what_is_one_path_has_one_rule(site, alice, stranger, path):
    assert get(site, alice, path).status in (400, 403), "not for whoever is in no group"
    assert get(site, stranger, path).status in (*TO_SIGN_IN, 400)


@pytest.mark.parametrize("path", ["/public", "/public/x", "/public/x?..%2f=//;", "/public/%C3%A9"])
def test_what_is_meant_to_be_open_is_open(site, stranger, path):
    assert get(site, stranger, path).status == 200


@pytest.mark.parametrize("path", ["/publicity", "/x/public", "/x?/public", "/x?next=/public/"])
def test_what_only_looks_like_it_is_closed(site, stranger, path):
    """CVE-2025-54576 of oauth2-proxy: only the path counts, from its beginning."""
    assert get(site, stranger, path).status in TO_SIGN_IN


@pytest.mark.parametrize(
    "line",
    [
        "GET http://books.localhost/public/x HTTP/1.1",
        "GET http://wiki.localhost/public/../admin HTTP/1.1",
        "GET http://evil.example/public HTTP/1.1",
        "GET admin HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET /admin",
        "CONNECT wiki.localhost:80 HTTP/1.1",
        "GET /admin HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4",
        "GET /\xff\xfe/admin HTTP/1.1",
    ],
)
def test_no_request_line_gets_through_to_what_is_closed(site, stranger, line):
    before = len(site.backend.seen)
    head = f"{line}\r\nHost: {site.wiki[7:]}\r\nAccept: text/html\r\n"
    heard = stranger.raw(site.wiki, head, "0\r\n\r\n")
    assert not [path for _, path in site.backend.seen[before:] if "public" not in path], heard


def test_another_host_reaches_no_other_app(site, alice):
    """GHSA-j748-h363-wqj8 of Authelia: the address that counts is the proxy's own."""
    before = len(site.backend.seen)
    for host in ("WIKI.localhost", "books.localhost", "evil.example", "wiki.localhost."):
        head = f"GET /admin/x HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n"
        held = "; ".join(f"{name}={value}" for name, value in alice.cookies(site.wiki).items())
        heard = alice.send(site.wiki, f"{head}Cookie: {held}\r\n")
        assert heard.status == 403 or not heard.body
    assert len(site.backend.seen) == before
