"""flask doctor, before an nginx that is as it should be, and before such as are not."""

import shutil
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.helpers.certificates import Authority
from tests.helpers.doctor import PROXY, ask, served_with
from tests.helpers.gated import PROXIES, Gated, gated
from tests.helpers.mailbox import free_port

PRODUCTION = {
    "OTPAPP_MODE": "production",
    "OTPAPP_MAIL_SERVER": "127.0.0.1",
    "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
}


@pytest.fixture(scope="module", params=PROXIES, ids=lambda kind: kind.kind)
def well(request, tmp_path_factory):
    """A site with nothing wrong."""
    with gated(tmp_path_factory.mktemp("well"), kind=request.param, **PROXY) as site:
        yield site


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A site whose nginx these tests make wrong."""
    with gated(tmp_path_factory.mktemp("doctor"), **PROXY) as site:
        yield site


def test_of_a_site_that_is_well_nothing_is_said(well):
    assert ask(well) == (0, "")
    assert ask(well, name="books") == (0, "")
    well.write("wiki", "--public", "/public/")
    well.reload()
    assert ask(well) == (0, "")


def test_paths_of_rules_are_asked_for_whatever_letters_they_have(own, restored):
    paths = {"/öffentlich": "anyone", "/my docs": "anyone", "/für uns": "group:board"}
    for path, allow in paths.items():
        own.flask("apps", "rule", "wiki", path, "--allow", allow)
    try:
        assert ask(own) == (0, "")
        head, _, tail = restored.read_text().rpartition("    location / {")
        forgotten = f'    location = "/für uns" {{ proxy_pass {own.to}; }}\n'
        restored.write_text(f"{head}{forgotten}    location / {{{tail}")
        own.reload()
        assert "/f%C3%BCr%20uns is open to anybody" in ask(own)[1]
    finally:
        for path in paths:
            own.flask("apps", "rule", "wiki", path, "--remove")


def test_people_read_a_line_for_each_thing(own):
    """Without being told where the proxy is: at a name of this machine, as in the README."""
    done = own.server.flask("doctor", "wiki")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == "this site"
    assert f"wiki, {own.wiki}" in lines
    assert "  well   who somebody is, an app hears from the gate alone" in lines
    assert lines[-1] == "All is well."


SET = "proxy_set_header"
WRONG = {
    "a forged name": (
        {"proxy_set_header Remote-User $otpapp_remote_user;": ""},
        ["Remote-User reaches the app as a client sent it", "proxy_set_header Remote-User"],
    ),
    "a forged group": (
        {"proxy_set_header Remote-Groups $otpapp_remote_groups;": ""},
        ["Remote-Groups reaches the app as a client sent it", "$upstream_http_remote_groups"],
    ),
    "the signed header": (
        {"proxy_set_header Remote-Token $otpapp_remote_token;": ""},
        ["Remote-Token reaches the app", "proxy_set_header Remote-Token"],
    ),
    "nobody's name": (
        {"$upstream_http_remote_email": "$upstream_http_other"},
        ["Remote-Email reaches the app not from the gate", "auth_request_set"],
    ),
    "the cookie": (
        {"proxy_set_header Cookie $otpapp_wiki_cookie;": ""},
        ["the app sees the cookie that opens the gate", "Cookie $otpapp_wiki_cookie;"],
    ),
    "underscores": (
        {"underscores_in_headers off;": "underscores_in_headers on;"},
        ["Remote_User gets through", "underscores_in_headers off;"],
    ),
    "all that a client sends": (
        {
            "underscores_in_headers off;": "underscores_in_headers on;",
            "proxy_pass_request_headers off;": "",
        },
        ["X_Original_URL which address the gate is asked for", "proxy_pass_request_headers off;"],
    ),
    "look-alikes": (
        {
            "underscores_in_headers off;": "underscores_in_headers on;",
            'proxy_set_header Remote_Groups "";': "",
            'proxy_set_header X-Forwarded_For "";': "",
        },
        [
            "Remote-Groups reaches the app as a client sent it, under a name with an underscore",
            'proxy_set_header Remote_Groups "";',
            'proxy_set_header X-Forwarded_For "";',
        ],
    ),
    "no scheme": (
        {"proxy_set_header X-Forwarded-Proto http;": "proxy_set_header X-Forwarded-Proto ''; "},
        ["by http arrives as nothing", "proxy_set_header X-Forwarded-Proto http;"],
    ),
    "another scheme": (
        {"proxy_set_header X-Forwarded-Proto http;": "proxy_set_header X-Forwarded-Proto https;"},
        ["by http arrives as https", 'in "location /.otpapp/" write'],
    ),
    "another host": (
        {"proxy_set_header Host wiki": "proxy_set_header Host other"},
        ["Host arrives as other.localhost", "proxy_set_header Host wiki.localhost"],
    ),
    "no address": (
        {"proxy_set_header X-Original-URL http": "proxy_set_header X-Other http"},
        ["asked without X-Original-URL", "proxy_set_header X-Original-URL http://wiki.localhost"],
    ),
    "the address of another app": (
        {"X-Original-URL http://wiki": "X-Original-URL http://books"},
        ["X-Original-URL http://books.localhost", "X-Original-URL http://wiki.localhost"],
    ),
    "another path": (
        {"$request_uri;\n        proxy_set_header X-Original-M": f"/; {SET} X-Original-M"},
        ["asked with X-Original-URL", "$request_uri;"],
    ),
    "no method": (
        {"proxy_set_header X-Original-Method $request_method;": ""},
        ["without X-Original-Method", "proxy_set_header X-Original-Method $request_method;"],
    ),
    "always the same method": (
        {"X-Original-Method $request_method;": "X-Original-Method GET;"},
        ["not told that a form was sent", "X-Original-Method $request_method;"],
    ),
    "an address that visitors write": (
        {"proxy_set_header X-Forwarded-For $remote_addr;": ""},
        ["what the visitor says", "proxy_set_header X-Forwarded-For $remote_addr;"],
    ),
    "no gate": (
        {"/gate/nginx;": "/gate/other;"},
        ["no answer from the gate, and shows a 500", "proxy_pass"],
    ),
    "no check": (
        {"auth_request /.otpapp/check;": ""},
        ["/ is open to anybody", "/office is open to anybody", "auth_request /.otpapp/check;"],
    ),
    "no way in": (
        {"error_page 401 = @otpapp_wiki_sign_in;": ""},
        ["/ answers 401", "error_page 401 = @otpapp_wiki_sign_in;"],
    ),
    "no cookies": (
        {"proxy_set_header Cookie $otpapp_wiki_own;": "proxy_set_header Cookie x;"},
        ["without the cookies", "Cookie $otpapp_wiki_own;", "OTPAPP_SECRET_KEY"],
    ),
    "an older snippet": (
        {"location = /.otpapp/echo {": "location = /.otpapp/old {"},
        ["nobody asks the gate about /.otpapp/echo", "flask apps snippet wiki"],
    ),
}


@pytest.mark.parametrize(("edits", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_the_line_to_write(told, edits, words):
    said = told(edits)
    for each in words:
        assert each in said, said


def test_a_path_that_gets_around_a_rule_is_said(told):
    lines = [f"if ($otpapp_wiki_is_unclear) {{\n{' ' * deep}return 400;" for deep in (8, 12)]
    edits = {line: line.replace("return 400", "set $x 1") for line in lines}
    said = told(edits, "--public", "/public/")
    assert "/public/..;/otpapp-doctor gets through" in said
    assert "if ($otpapp_wiki_is_unclear) { return 400; }" in said


def test_an_answer_that_is_kept_for_everybody_is_said(tmp_path):
    with gated(tmp_path, OTPAPP_GATE_CACHE_SECONDS="5", **PROXY) as site:
        assert ask(site) == (0, "")
        site.write("wiki", edits={"$http_cookie|$http_authorization|": ""})
        site.reload()
        code, said = ask(site)
        assert (code, "lets all others in by it" in said) == (1, True)
        assert 'proxy_cache_key "$http_cookie|' in said


BROWSER = "$http_cookie|$http_authorization|$request_method "
KEEPS = """proxy_read_timeout 3s;
        proxy_cache kept;
        proxy_cache_valid {valid};
        {more}"""
IGNORES = "proxy_ignore_headers Cache-Control;"
REFUSALS = {
    "for everybody": ("401 1m", f'{IGNORES} proxy_cache_key "$request_method $request_uri";'),
    "for one browser": ("401 1m", f'{IGNORES} proxy_cache_key "{BROWSER}$request_uri";'),
    "for every address": ("401 1m", IGNORES),
    "with all else": ("any 1m", f'{IGNORES} proxy_cache_key "{BROWSER}$request_uri";'),
}


def keeping(valid: str, more: str) -> dict[str, str]:
    """Return the edits that have nginx keep answers of the gate."""
    first = "upstream otpapp_wiki {"
    return {
        first: f"proxy_cache_path kept keys_zone=kept:1m;\n{first}",
        "proxy_read_timeout 3s;": KEEPS.format(valid=valid, more=more),
    }


@pytest.fixture
def nothing_kept(own):
    """What nginx kept of tests before is forgotten."""
    shutil.rmtree(own.folder / "kept", ignore_errors=True)


@pytest.mark.parametrize(("valid", "more"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_that_is_kept_is_said(nothing_kept, told, valid, more):
    said = told(keeping(valid, more))
    assert said.count(" -> ") == 1, said
    assert "the proxy keeps what the gate refuses" in said
    assert "take out" in said
    assert "proxy_cache_valid and proxy_ignore_headers" in said


def test_a_refusal_that_the_gate_has_nobody_keep_is_not_said(nothing_kept, own, restored):
    """Without proxy_ignore_headers, nginx heeds the gate's no-store."""
    own.write("wiki", edits=keeping("any 1m", f'proxy_cache_key "{BROWSER}$request_uri";'))
    own.reload()
    assert ask(own) == (0, "")


def test_programs_that_are_taken_for_browsers_are_no_kept_refusal(own, restored):
    own.write("wiki", edits={"$http_accept;": "text/html;"})
    own.reload()
    assert ask(own) == (0, "")


@pytest.mark.parametrize(
    ("number", "edits", "words"),
    [
        ("0", {}, ["no proxy is trusted", "set OTPAPP_TRUSTED_PROXIES=1"]),
        ("2", {}, ["names 1", "set OTPAPP_TRUSTED_PROXIES=1"]),
        (
            "2",
            {"X-Forwarded-For $remote_addr": "X-Forwarded-For $proxy_add_x_forwarded_for"},
            ["one too many", "set OTPAPP_TRUSTED_PROXIES=1"],
        ),
    ],
)
def test_a_wrong_number_of_proxies_is_said(own, told, number, edits, words):
    served_with(own, OTPAPP_TRUSTED_PROXIES=number)
    try:
        said = told(edits)
    finally:
        served_with(own, **PROXY)
    for each in words:
        assert each in said, said


def test_a_proxy_that_may_not_ask_is_said(own, told):
    served_with(own, OTPAPP_GATE_PEERS="10.9.9.9")
    try:
        said = told({})
    finally:
        served_with(own, OTPAPP_GATE_PEERS="127.0.0.1")
    assert "set OTPAPP_GATE_PEERS=127.0.0.1" in said


def test_a_proxy_that_is_not_there_is_said(own):
    port = free_port()
    done = own.server.flask("doctor", "wiki", "--connect", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert f"nothing takes connections at 127.0.0.1:{port}" in done.stdout


def test_a_name_that_is_not_known_is_said(own):
    own.flask("apps", "add", "far", "https://far.invalid")
    try:
        done = own.server.flask("doctor", "far")
    finally:
        own.flask("apps", "remove", "far", "--yes")
    assert done.returncode == 1
    assert "the name far.invalid is not known here" in done.stdout


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("duckdns.org", ["strangers can have hosts below duckdns.org", "yours alone"]),
        ("example.org", ["wiki is at wiki.localhost", "OTPAPP_GATE_COOKIE_DOMAIN"]),
    ],
)
def test_a_cookie_that_reaches_no_app_is_said(own, domain, words):
    environ = {"OTPAPP_PUBLIC_URL": f"https://auth.{domain}", "OTPAPP_GATE_COOKIE_DOMAIN": domain}
    code, said = ask(own, **PRODUCTION, **environ)
    assert code == 1
    for each in words:
        assert each in said, said


def test_a_gate_that_anybody_can_ask_is_said(own):
    code, said = ask(own, **PRODUCTION)
    assert (code, "anybody can ask the gate at" in said) == (1, True)
    assert "in front of this site answer 404 at /gate/nginx and /gate/forward" in said


def test_a_database_that_is_behind_is_said(own, tmp_path):
    code, said = ask(own, OTPAPP_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert (code, "flask db upgrade" in said) == (1, True)


class _Late(BaseHTTPRequestHandler):
    def date_time_string(self, timestamp=None) -> str:
        return "Tue, 03 Mar 2026 12:00:00 GMT"

    def do_GET(self) -> None:  # noqa: N802
        self.send_response(404)
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_clock_that_is_wrong_is_said(own):
    server = HTTPServer(("127.0.0.1", 0), _Late)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        done = own.server.flask("doctor", "wiki", "--connect", f"127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
    assert "the clock of the proxy and the one here are" in done.stdout
    assert "timedatectl set-ntp true" in done.stdout


@pytest.fixture(scope="module")
def safe(tmp_path_factory):
    """A site with an app behind TLS, and the authority of its certificate."""
    folder = tmp_path_factory.mktemp("safe")
    authority = Authority(folder)
    pem = authority.server_file("safe.example.org").read_text()
    for name in ("fullchain.pem", "privkey.pem"):
        (folder / name).write_text(pem)
    with gated(folder, **PROXY) as site:
        site.apps["safe"] = f"https://safe.example.org:{free_port()}"
        site.flask("apps", "add", "safe", site.apps["safe"])
        yield site, authority


def serve_safely(site: Gated, edits: dict[str, str]) -> None:
    port = site.apps["safe"].rpartition(":")[2]
    clear = {"listen 80;": f"listen 127.0.0.1:{free_port()};", "    listen [::]:80;\n": ""}
    tls = {f"listen {port}": f"listen 127.0.0.1:{port}", f"    listen [::]:{port} ssl;\n": ""}
    folder = str(site.folder.parent)
    site.write("safe", "--certificate", folder, edits={**clear, **tls, **edits})
    site.reload()


def test_a_certificate_is_verified(safe):
    site, authority = safe
    serve_safely(site, {})
    assert ask(site, "--ca", str(authority.file), name="safe") == (0, "")
    code, said = ask(site, name="safe")
    assert (code, "the certificate is not valid" in said) == (1, True)
    assert "ssl_certificate" in said


@pytest.mark.parametrize(
    ("number", "edits", "words"),
    [
        (
            "1",
            {"proxy_set_header X-Forwarded-Proto https;": "proxy_set_header X-Forwarded-Proto '';"},
            ["by https arrives as nothing", "proxy_set_header X-Forwarded-Proto https;"],
        ),
        ("0", {}, ["https counts as http", "set OTPAPP_TRUSTED_PROXIES=1"]),
    ],
)
def test_https_that_arrives_as_http_is_said(safe, number, edits, words):
    """The loop that people know best of all: a way in that leads to itself."""
    site, authority = safe
    serve_safely(site, edits)
    served_with(site, OTPAPP_TRUSTED_PROXIES=number)
    try:
        code, said = ask(site, "--ca", str(authority.file), name="safe")
    finally:
        served_with(site, **PROXY)
    assert code == 1
    for each in words:
        assert each in said, said
