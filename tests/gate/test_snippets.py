"""What is written for proxies, where no other test walks through it."""

import shutil
import subprocess

import pytest
import yaml

from tests.helpers.gated import GatedByCaddy, gated
from tests.helpers.wire import Wire

IDENTITY = {f"Remote-{name}" for name in ("User", "Email", "Name", "Groups", "Method", "Token")}
STATIC = ("--public", "/public/", "--public", "/logo")


@pytest.fixture(scope="module")
def caddied(tmp_path_factory):
    """The wiki behind Caddy, with paths that are served without asking."""
    with gated(tmp_path_factory.mktemp("caddied"), kind=GatedByCaddy) as site:
        site.write("wiki", *STATIC)
        site.reload()
        yield site


def test_caddy_asks_about_all_but_public_paths(caddied):
    wire = Wire(jar={"wiki.localhost": {"otpapp-gate": "x"}})
    lines = ("Remote-User: admin", "Remote_User: admin")
    for path in ("/public/x", "/logo", "/public/"):
        heard = wire.get(caddied.wiki + path, *lines, "Authorization: Bearer otpk_x")
        assert heard.status == 200
        assert not {"remote-user", "remote_user", "authorization", "cookie"} & set(heard.seen)
    for path in ("/publicity", "/PUBLIC/x", "/logos", "/logo/x", "/x?/public/", "/Logo"):
        assert wire.get(caddied.wiki + path, *lines).status == 302, path
    for path in ("/public/../x", "/public/%2e%2e/x", "/public/..;/x", "//public/x", "/public//x"):
        assert wire.get(caddied.wiki + path, *lines).status == 400, path


def test_caddy_serves_a_folder_and_an_app_below_a_path(caddied, address, tmp_path):
    (tmp_path / "page.html").write_text("a page")
    text = caddied.flask("apps", "snippet", "wiki", "--for", "caddy", "--root", str(tmp_path))
    (caddied.folder / "wiki.site").write_text(text)
    below = f"{caddied.to}/base"
    text = caddied.flask("apps", "snippet", "books", "--for", "caddy", "--to", below)
    (caddied.folder / "books.site").write_text(text)
    caddied.reload()
    wire = Wire()
    assert wire.get(f"{caddied.wiki}/page.html").status == 302
    assert caddied.sign_in(wire, address, f"{caddied.wiki}/page.html").body == "a page"
    page = wire.open(f"{caddied.books}/x?y=1")
    assert (page.status, '"path": "/base/x?y=1"' in page.body) == (200, True)


def test_caddy_and_traefik_are_told_of_tls(caddied, tmp_path):
    caddied.flask("apps", "add", "safe", "https://safe.example.org")
    for more in ((), ("--certificate", "/etc/ssl/safe"), ("--at", "unix:/run/otpapp.sock")):
        text = caddied.flask(
            "apps", "snippet", "safe", "--for", "caddy", "--to", "http://[::1]:3", *more
        )
        assert "header_up X-Forwarded-Proto https" in text
        assert ("tls /etc/ssl/safe/fullchain.pem" in text) == ("--certificate" in more)
        (tmp_path / "Caddyfile").write_text(text)
        command = [
            shutil.which("caddy") or "caddy",
            "adapt",
            "--config",
            str(tmp_path / "Caddyfile"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def traefik(caddied):
    """What Traefik is told; it is not in Debian, so nothing is tried with it."""
    caddied.flask("apps", "add", "far", "https://far.example.org:8443")
    more = ("--certificate", "/etc/ssl/far", "--at", "127.0.0.1:8000")
    text = caddied.flask(
        "apps", "snippet", "far", "--for", "traefik", "--to", "http://127.0.0.1:3000/base", *more
    )
    return yaml.safe_load(text)


def test_traefik_checks_all_but_the_gate_s_own_pages(traefik):
    routers = traefik["http"]["routers"]
    pages, app = routers["otpapp_far_pages"], routers["otpapp_far"]
    assert pages["priority"] > app["priority"]
    assert app["rule"] == "Host(`far.example.org`)"
    assert pages["rule"] == f"{app['rule']} && PathPrefix(`/.otpapp/`) && !Path(`/.otpapp/echo`)"
    assert app["middlewares"] == ["otpapp_far_look_alikes", "otpapp_far_check", "otpapp_far_below"]
    assert app["entryPoints"] == ["websecure"]
    services = traefik["http"]["services"]
    for router, url in ((pages, "http://127.0.0.1:8000"), (app, "http://127.0.0.1:3000")):
        assert services[router["service"]]["loadBalancer"]["servers"] == [{"url": url}]
    assert traefik["tls"]["certificates"][0]["certFile"] == "/etc/ssl/far/fullchain.pem"


def test_traefik_hands_on_what_the_gate_says_and_nothing_that_looks_like_it(traefik):
    found = traefik["http"]["middlewares"]
    check = found["otpapp_far_check"]["forwardAuth"]
    assert check["address"] == "http://127.0.0.1:8000/gate/forward"
    assert check["trustForwardHeader"] is False
    assert set(check["authResponseHeaders"]) == IDENTITY | {"Cookie", "Authorization"}
    assert not any(name.lower().startswith("x-forwarded") for name in check["authRequestHeaders"])
    emptied = found["otpapp_far_look_alikes"]["headers"]["customRequestHeaders"]
    assert emptied == {name.replace("-", by): "" for name in IDENTITY for by in "_."}
    assert found["otpapp_far_below"]["addPrefix"]["prefix"] == "/base"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--root", "/srv/x"), "Traefik serves no folder"),
        (("--to", "http://x", "--at", "unix:/run/x"), "asks no socket"),
        (("--to", "http://x", "--public", "/x"), "flask apps rule"),
    ],
)
def test_what_traefik_cannot_do_is_said(caddied, more, words):
    done = caddied.server.flask("apps", "snippet", "wiki", "--for", "traefik", *more)
    assert done.returncode == 1
    assert words in done.stderr
