"""Which paths people may be sent to: those of this site, whatever a browser makes of them (X23)."""

import pytest

from otpapp.web.redirects import safe_path

LEAVING = [
    *("//evil.example", "///evil.example", "////evil.example/..", "https://evil.example"),
    *("http:///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example"),
    *("/\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example"),
    *(" //evil.example", "\x01//evil.example", "//auth.example.org@evil.example/"),
    *("https://auth.example.org@evil.example/", "https://auth.example.org.evil.example/"),
    *("https://evil.example\\@auth.example.org/", "https://evil.example#@auth.example.org/"),
    *("javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>1</script>"),
    *("//evil。example", "//ⓔvil.example", "http://auth.example.org/"),
]
ODD = [
    *("//[::1]/", "//0x7f000001/", "//auth.example.org:8443/", "/..//evil.example"),
    *("https:evil.example", "/\r\nSet-Cookie:x=1", "https://[evil.example", "/sign-out"),
    *("/sign-out?x=1", "/" + "a" * 3000, "/a//b", "/a/./b", "/a/../b", "/.well-known/x"),
    *("/verify/bob@example.org/", "/verify/", "/api/me", "/api/openapi.json?x=1"),
    *("/a b", "/ä", "/a\x00b", "", "evil", "?x=1", "#x", "\ud800"),
]
STAYING = ["/%2f%2fevil.example", "/%5cevil.example", "/logout"]
GOOD = ["/", "/account", "/account?tab=1&x=%2F#top", "/a-b_c~d/e", "/?x=//y", "/team", "/a" * 1000]


@pytest.mark.parametrize("text", [*LEAVING, *ODD])
def test_only_a_path_on_this_site_is_safe(text):
    assert safe_path(text) == "/"


@pytest.mark.parametrize("text", [*GOOD, *STAYING])
def test_a_path_on_this_site_is_kept(text):
    assert safe_path(text) == text


def test_a_path_may_be_2000_characters_long_and_not_one_more():
    assert safe_path("/" + "a" * 1999) != "/"
    assert safe_path("/" + "a" * 2000) == "/"
    assert safe_path(None) == "/"
