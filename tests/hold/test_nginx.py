"""The shipped nginx site says itself who is asking, and lets nothing ambiguous through."""

import pytest
import requests

from tests.helpers.mailbox import text_of
from tests.helpers.nginx import NAME, nginx
from tests.helpers.portal import behind_nginx
from tests.helpers.visitor import HttpVisitor, wait_for

VISITOR = "127.0.0.9"
HOST = f"Host: {NAME}\r\n"
CLOSE = "Connection: close\r\n"
FORGED = [
    ("X-Forwarded-For", "203.0.113.7"),
    ("X_Forwarded_For", "203.0.113.7"),
    ("x-forwarded-for", "203.0.113.7, 203.0.113.8"),
    ("X-Real-IP", "203.0.113.7"),
    ("Forwarded", "for=203.0.113.7;host=evil.example;proto=http"),
    ("X-Forwarded-Proto", "ftp"),  # the app would refuse it
    ("X_Forwarded_Proto", "ftp"),
    ("X-Forwarded-Host", "evil.example"),
]
LOOK_ALIKES = [
    (f"X{one}Forwarded{two}{name}", value)
    for one, two in ("-_", "_-", "__")
    for name, value in (("For", "203.0.113.7"), ("Proto", "ftp"))
]
HOSTS = {
    "another host": "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n",
    "another port": f"GET /sign-in HTTP/1.1\r\nHost: {NAME}:8443\r\n",
    "a dot": f"GET /sign-in HTTP/1.1\r\nHost: {NAME}.\r\n",
    "none": "GET /sign-in HTTP/1.1\r\n",
    "none, as long ago": "GET /sign-in HTTP/1.0\r\n",
    "one host twice": f"GET /sign-in HTTP/1.1\r\n{HOST}{HOST}",
    "two hosts": f"GET /sign-in HTTP/1.1\r\n{HOST}Host: evil.example\r\n",
    "another in the request line": f"GET https://evil.example/sign-in HTTP/1.1\r\n{HOST}",
    "another beside it": f"GET https://{NAME}/sign-in HTTP/1.1\r\nHost: evil.example\r\n",
}
POST = f"POST /sign-in HTTP/1.1\r\n{HOST}"
HIDDEN = f"GET /sign-in HTTP/1.1\r\n{HOST}{CLOSE}\r\n"  # what a second answer would answer
CHUNKS = "Transfer-Encoding: chunked\r\n"
CHUNKED = f"0\r\n\r\n{HIDDEN}"
SMUGGLED = {
    "a length and chunks": f"{POST}Content-Length: 4\r\n{CHUNKS}\r\n{CHUNKED}",
    "chunks and a length": f"{POST}{CHUNKS}Content-Length: 5\r\n\r\n{CHUNKED}",
    "two lengths": f"{POST}Content-Length: 0\r\nContent-Length: 5\r\n\r\n{HIDDEN}",
    "one length twice": f"{POST}Content-Length: 0\r\nContent-Length: 0\r\n\r\n{HIDDEN}",
    "a list of lengths": f"{POST}Content-Length: 0, 5\r\n\r\n{HIDDEN}",
    "a length with a sign": f"{POST}Content-Length: +0\r\n\r\n{HIDDEN}",
    "a blank before the colon": f"{POST}Transfer-Encoding : chunked\r\n\r\n{CHUNKED}",
    "two encodings": f"{POST}{CHUNKS}Transfer-Encoding: x\r\n\r\n{CHUNKED}",
    "chunks as long ago": f"{POST.replace('1.1', '1.0')}{CHUNKS}\r\n{CHUNKED}",
    "a chunk without a size": f"{POST}{CHUNKS}\r\nx\r\n{HIDDEN}",
    "a folded header": f"{POST}X: a\r\n Content-Length: 5\r\n\r\n{HIDDEN}",
    "a bare carriage return": f"{POST}X: a\rContent-Length: 5\r\n\r\n{HIDDEN}",
    "a NUL": f"{POST}X: \x00\r\n\r\n{HIDDEN}",
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal behind nginx."""
    with behind_nginx(tmp_path_factory.mktemp("portal")) as running:
        yield running


def test_nginx_has_nothing_against_the_shipped_file(portal):
    said = portal.nginx.test().splitlines()
    assert [line.rpartition(" ")[2] for line in said] == ["ok", "successful"], said


@pytest.mark.parametrize(("name", "value"), FORGED)
def test_what_a_client_says_of_itself_goes_no_further(portal, name, value):
    """X24: the trail and the mail name the address that nginx saw."""
    address = f"{FORGED.index((name, value))}@example.org"
    browser = portal.nginx.browser(VISITOR)
    browser.headers[name] = value
    HttpVisitor(portal.nginx, browser).ask(address)
    assert portal.events[-1] == ("code.asked", VISITOR)
    mail = portal.mail_for(address)
    assert f"IP {VISITOR}." in text_of(mail)
    assert "evil" not in str(mail)


def test_what_a_laxer_default_server_lets_in_goes_no_further(portal, tmp_path):
    """X24: which names may have an underscore, nginx asks the default server of the port."""
    lax = {"underscores_in_headers off;": "underscores_in_headers on;"}
    with nginx(tmp_path / "nginx", portal.server.port, lax) as site:
        forged = "".join(f"{name}: {value}\r\n" for name, value in LOOK_ALIKES)
        said = site.say(f"GET /stop/x HTTP/1.1\r\n{forged}{HOST}{CLOSE}\r\n")
        assert said.startswith("HTTP/1.1 404 "), "the app would not take ftp for a scheme"
        browser = site.browser(VISITOR)
        browser.headers.update(LOOK_ALIKES)
        HttpVisitor(site, browser).ask("lax@example.org")
    assert portal.events[-1] == ("code.asked", VISITOR)


@pytest.mark.parametrize("request_line_and_host", HOSTS.values(), ids=HOSTS.keys())
def test_the_site_answers_under_its_name_only(portal, request_line_and_host):
    """X22."""
    answer = portal.nginx.say(f"{request_line_and_host}{CLOSE}\r\n")
    assert answer.startswith("HTTP/1.1 400 ")
    assert "evil" not in answer


def test_the_name_may_stand_in_the_request_line(portal):
    """RFC 9112 section 3.2.2."""
    answer = portal.nginx.say(f"GET https://{NAME}/sign-in HTTP/1.1\r\n{HOST}{CLOSE}\r\n")
    assert answer.startswith("HTTP/1.1 200 ")


@pytest.mark.parametrize("text", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_no_second_request_is_smuggled_in(portal, text):
    answer = portal.nginx.say(text)
    assert answer.startswith("HTTP/1.1 400 ")
    assert answer.count("HTTP/1.1 ") == 1


@pytest.mark.parametrize(("kilobytes", "who"), [(17, "the app"), (64, "the app"), (65, "nginx")])
def test_a_large_body_is_refused(portal, kilobytes, who):
    """X38: what nginx takes is refused by the app, as a page in our look."""
    body = b"a" * kilobytes * 1024
    answer = portal.nginx.browser().post(f"{portal.nginx.url}/sign-in", data=body, timeout=20)
    assert answer.status_code == 413
    assert ("Content-Security-Policy" in answer.headers) == (who == "the app")
    assert "temporary file" not in portal.nginx.log  # bodies hold codes


def test_a_large_header_is_refused(portal):
    answer = portal.nginx.say(f"GET /sign-in HTTP/1.1\r\n{HOST}{CLOSE}X: {'a' * 9000}\r\n\r\n")
    assert answer.startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize("host", [NAME, "evil.example"])
def test_plain_http_leads_to_the_name_over_tls(portal, host):
    plain = f"http://127.0.0.1:{portal.nginx.plain_port}/sign-in?next=/account"
    answer = requests.get(plain, headers={"Host": host}, allow_redirects=False, timeout=20)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{NAME}/sign-in?next=/account"


@pytest.mark.parametrize(
    "path",
    ["/gate/nginx", "/gate/forward", "/gate/nginx?a=b", "/gate/%6eginx", "/readyz", "/metrics"],
)
def test_nobody_asks_the_gate_from_outside(portal, path):
    header = {"X-Original-URL": "https://wiki.example.net/", "X-Original-Method": "GET"}
    answer = portal.nginx.browser().get(portal.nginx.url + path, headers=header, timeout=20)
    assert answer.status_code == 404
    assert "nginx" in answer.text, "nginx itself says so"


@pytest.mark.parametrize("path", ["/api/me", "/verify/alice@example.org/"])
def test_programs_that_speak_plain_http_are_not_led_on(portal, path):
    """ASVS 4.1.2."""
    plain = f"http://127.0.0.1:{portal.nginx.plain_port}{path}"
    answer = requests.get(plain, headers={"Host": NAME}, allow_redirects=False, timeout=20)
    assert answer.status_code == 403
    assert "Location" not in answer.headers


def test_pages_are_not_compressed_and_name_no_version(portal):
    answer = portal.nginx.browser().get(f"{portal.nginx.url}/sign-in", timeout=20)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Server"] == "nginx"
    assert portal.nginx.say("nonsense\r\n\r\n").count("nginx/") == 0


def test_its_log_says_who_and_when_and_no_path(portal):
    """X32: paths hold addresses."""
    portal.nginx.browser(VISITOR).get(f"{portal.nginx.url}/verify/alice@example.org", timeout=20)
    wait_for(lambda: VISITOR in portal.nginx.log)
    assert "alice" not in portal.nginx.log
