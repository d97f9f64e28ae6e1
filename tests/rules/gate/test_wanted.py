"""Addresses at the gate are read in one way, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.rules.gate.wanted import Wanted, canonical_origin, covers, folded, read

HOST = "https://wiki.example.org"
# X26: what one server takes for /admin and another for something below /public.
SPELLINGS = [
    "//admin",
    "/./admin",
    "/x/../admin",
    "/public/../admin",
    "/public/%2e%2e/admin",
    "/public/.%2E/admin",
    "/public/..%2fadmin",
    "/public%2fadmin",
    "/public/..%5cadmin",
    "/public/..\\admin",
    "/public/;/../admin",
    "/public/..;/admin",
    "/public;x=1/admin",
    "/public%3b/admin",
    "/public/%252e%252e/admin",
    "/public/%00/admin",
    "/public/..",
    "/public/...",
    "/public/..%20/admin",
    "/public/%20",
    "/public/.",
    "/public/%",
    "/public/%zz",
    "/public/%ff",
    "/public/%0a",
    "/public,https://wiki.example.org/admin",
    "/public?x,https://wiki.example.org/admin",
]


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://wiki.example.org/a?b=c", HOST, "/a"),
        ("https://wiki.example.org", HOST, "/"),
        ("HTTPS://WIKI.Example.ORG:443/a", HOST, "/a"),
        ("https://wiki.example.org./a", HOST, "/a"),
        ("http://wiki.example.org:80/", "http://wiki.example.org", "/"),
        ("http://localhost:5001/a", "http://localhost:5001", "/a"),
        ("https://[2001:DB8::1]:8443/a", "https://[2001:db8::1]:8443", "/a"),
        (f"{HOST}/%61dmin", HOST, "/admin"),
        (f"{HOST}/caf%C3%A9", HOST, "/café"),
        (f"{HOST}/.well-known/x", HOST, "/.well-known/x"),
        (f"{HOST}/a..b/x...", HOST, "/a..b/x..."),
        (f"{HOST}/What%3F", HOST, "/What?"),
        (f"{HOST}/a?next=//evil/../x;y%2f", HOST, "/a"),
        (f"{HOST}/a,/b?c=d,/e,https://other.example.org/", HOST, "/a,/b"),
    ],
)
def test_every_spelling_of_one_address_is_the_same(url, origin, path):
    found = read(url)
    assert (found.origin, found.path, found.is_ambiguous) == (origin, path, False)


def test_the_way_back_is_what_was_sent():
    assert read("https://WIKI.example.org/a%20b?c=%20d").url == f"{HOST}/a%20b?c=%20d"
    assert read("https://wiki.example.org").url == f"{HOST}/"


def test_the_longest_address_is_read_whole():
    """No server passes a longer one."""
    rest = "/".ljust(8000 - len(HOST), "a")
    assert read(HOST + rest) == Wanted(HOST, rest, rest)


@pytest.mark.parametrize("path", SPELLINGS)
def test_a_path_that_servers_read_in_several_ways_is_noticed(path):
    assert read(HOST + path).is_ambiguous


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "wiki.example.org/a",
        "//wiki.example.org/a",
        "ftp://wiki.example.org/a",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://wiki.example.org#a",
        f"{HOST}/a#b",
        f"{HOST}?a",
        f"{HOST}?/a",
        f"{HOST}#/a",
        f"{HOST}/\x7f",
        "https://user@wiki.example.org/a",
        "https://user:x@wiki.example.org/a",
        "https://wiki.example.org\\@evil.example/a",
        "https://wiki.example.org:0/",
        "https://wiki.example.org:99999/",
        "https://wiki.example.org:x/",
        "https://wiki..example.org/",
        "https://-wiki.example.org/",
        "https://wiki-.example.org/",
        "https://wïki.example.org/",
        "https://[::1/",
        "https://[v1.x]/",
        f"{HOST}/a b",
        f"{HOST}/a\tb",
        f"{HOST}/a\r\nX: y",
        f"{HOST}/é",
        f"{HOST}/\x00",
        f"{HOST}/".ljust(8001, "a"),
    ],
)
def test_what_is_no_address_of_one_meaning_is_none(url):
    assert read(url) is None


@pytest.mark.parametrize("more", ["/", "/a", "?a", "#a", "/a?b", "/a#b", "?a#b"])
def test_an_origin_has_nothing_after_it(more):
    assert canonical_origin(HOST) == HOST
    assert canonical_origin(HOST + more) is None


@pytest.mark.parametrize(("length", "is_one"), [(253, True), (254, False)])
def test_a_host_is_no_longer_than_its_name_can_be(length, is_one):
    """RFC 1035 section 2.3.4, without the dot at its end."""
    assert bool(canonical_origin("https://" + ".org".rjust(length, "a"))) is is_one


@pytest.mark.parametrize("user", ["user", "user:x", ""])
def test_an_origin_has_no_user(user):
    assert canonical_origin(f"https://{user}@wiki.example.org") is None


@given(st.text())
def test_nothing_breaks_it(text):
    for url in (text, HOST + text, HOST + "/" + text, f"https://{text}/"):
        found = read(url)
        assert found is None or isinstance(found, Wanted)
        assert found is None or canonical_origin(found.origin) == found.origin


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        ("/", "/", True),
        ("/", "/a/b", True),
        ("/admin", "/admin", True),
        ("/admin", "/admin/x", True),
        ("/admin", "/administrator", False),
        ("/admin", "/", False),
        ("/admin", "/x/admin", False),
    ],
)
def test_a_path_covers_what_is_below_it(prefix, path, expected):
    assert covers(prefix, path) is expected


@pytest.mark.parametrize(
    ("path", "other"),
    [("/\u3385", "/kb"), ("/\u0390", "/\u0390".upper()), ("/stra\u00dfe", "/STRASSE")],
)
def test_letters_that_some_server_takes_for_one_are_one(path, other):
    """UAX 15, and Unicode 3.13 D146: forms before and after the case is taken away."""
    assert folded(path) == folded(other)
