"""flask doctor before a Caddy that is wrong: no line for nginx is told to anybody there."""

import pytest

from tests.helpers.doctor import PROXY, served_with
from tests.helpers.gated import GatedByCaddy, gated

ANEW = "write the configuration anew: flask apps snippet wiki --for {}, and have the proxy read it"
OF_NGINX = ("proxy_", "auth_request", "location", "server block", "$")
GONE = "{http.reverse_proxy.header.%s}"
WRONG = {
    "a forged name": (
        {"request_header -Remote*": "", f"request_header Remote-User {GONE % 'Remote-User'}": ""},
        "Remote-User reaches the app as a client sent it",
    ),
    "nobody's groups": (
        {GONE % "Remote-Groups": '""'},
        "Remote-Groups reaches the app not from the gate",
    ),
    "the cookie": (
        {'request_header Cookie "(^|;) *(?:__Host-)?otpapp[^;]*" "$1"': ""},
        "the app sees the cookie that opens the gate",
    ),
    "underscores": ({"request_header -*_*": ""}, "Remote_User gets through"),
    "another scheme": (
        {"\t\t\t\theader_up X-Forwarded-Proto http": "\t\t\t\theader_up X-Forwarded-Proto https"},
        "that people come by http arrives as https",
    ),
    "another host": (
        {"\t\t\t\theader_up Host wiki": "\t\t\t\theader_up Host other"},
        "Host arrives as other.localhost",
    ),
    "an address that visitors write": (
        {"{remote_host}": "{http.request.header.X-Forwarded-For}"},
        "a visitor's address is what the visitor says",
    ),
    "another path": (
        {"X-Forwarded-Uri {http.request.uri}": "X-Forwarded-Uri /"},
        "the gate is told that http://wiki.localhost",
    ),
    "always the same method": (
        {"X-Forwarded-Method {http.request.method}": "X-Forwarded-Method GET"},
        "the gate is not told that a form was sent",
    ),
    "another habit": (
        {"rewrite /gate/forward": "rewrite /gate/nginx"},
        "/ answers 403 in place of leading to the sign-in",
    ),
    "no cookies": (
        {"\t\t\theader_up Cookie": "\t\t\theader_up -Cookie\n\t\t\theader_up X-Cookie"},
        "the gate is asked without the cookies of whoever asks",
    ),
    "spellings": ({"respond @unclear 400": "rewrite @unclear /public/x"}, "/..;/otpapp-doctor"),
    "no check": ({"@passed status 200": "@passed status 200 302"}, "/ is open to anybody"),
}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A site whose Caddy these tests make wrong."""
    with gated(tmp_path_factory.mktemp("caddy"), kind=GatedByCaddy, **PROXY) as site:
        yield site


@pytest.mark.parametrize(("edits", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_caddy_is_put_right_for_caddy(told, edits, words):
    said = told(edits)
    assert words in said, said
    for fix in fixes(said):
        assert ANEW.format("caddy") in fix
        assert not any(each in fix for each in OF_NGINX), fix


def test_a_gate_that_does_not_answer_is_looked_after_first(told, own):
    (fix,) = fixes(told({f"127.0.0.1:{own.server.port}": "127.0.0.1:1"}))
    assert fix == f"see that otpapp runs; where it does, {ANEW.format('caddy')}"


def test_of_a_proxy_that_does_not_say_what_it_is_no_kind_is_said(told):
    """As Traefik is silent, and an nginx whose Server header was taken out."""
    quiet = "bind 127.0.0.1\n\theader {\n\t\tdefer\n\t\t-Server\n\t}"
    edits = WRONG["underscores"][0] | {"bind 127.0.0.1": quiet}
    assert set(fixes(told(edits))) == {ANEW.format("nginx|traefik|caddy")}


def test_a_setting_of_otpapp_is_said_before_caddy_too(told, own):
    served_with(own, OTPAPP_TRUSTED_PROXIES="0")
    try:
        found = fixes(told({}))
    finally:
        served_with(own, **PROXY)
    assert found == ["set OTPAPP_TRUSTED_PROXIES=1"]


def fixes(said: str) -> list[str]:
    """Return what is to be done about each thing that is wrong."""
    return [line.partition(" -> ")[2] for line in said.splitlines()]
