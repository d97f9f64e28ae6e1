"""`flask apps snippet` writes what a proxy must be told, and nothing that it could misread."""

import re

import pytest

TO = ("--to", "http://127.0.0.1:3000")
IDENTITY = ("Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups", "Remote-Method")


@pytest.fixture
def snippet(run, wiki):
    def snippet(*options: str) -> str:
        return run("apps", "snippet", "wiki", *(options or TO))

    return snippet


def test_each_location_with_an_app_sets_every_header(snippet):
    """X25, X28."""
    text = snippet(*TO, "--public", "/public/")
    locations = re.findall(r"location [^{]+ \{\n(.*?)\n    \}", text, re.DOTALL)
    of_app = [one for one in locations if "proxy_pass http://127.0.0.1:3000;" in one]
    assert len(of_app) == 2
    for one in of_app:
        for name in (*IDENTITY, "Remote-Token", "Cookie", "Authorization"):
            assert one.count(f"proxy_set_header {name} ") == 1
        for name in IDENTITY:
            assert one.count(f'proxy_set_header {name.replace("-", "_")} "";') == 1


def test_a_public_path_is_a_folder_or_one_address_and_nothing_that_begins_alike(snippet):
    """nginx would take /logo-of-the-board for something below /logo."""
    text = snippet(*TO, "--public", "/public/", "--public", "/logo")
    assert "    location /public/ {" in text
    assert "    location = /logo {" in text


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_in_public_no_spelling_gets_around_the_gate_whatever_is_taken_out(snippet, kind):
    text = snippet(*TO, "--public", "/public/", "--for", kind)
    refusal = "respond @unclear 400" if kind == "caddy" else "if ($otpapp_wiki_is_unclear)"
    assert text.count(refusal) == 2


def test_a_slash_at_the_end_of_where_the_app_is_changes_no_path(snippet):
    """nginx would write /x for /public/x, past the rule of /x."""
    text = snippet("--to", "http://127.0.0.1:3000/", "--public", "/public/")
    assert text.count("proxy_pass http://127.0.0.1:3000;") == 2


def test_a_title_is_no_template_to_traefik(run, wiki):
    """Its file provider runs Go's templates, in comments too."""
    run("apps", "add", "docs", "https://docs.example.org", "--title", "Docs {{draft}}")
    text = run("apps", "snippet", "docs", *TO, "--for", "traefik")
    assert text.startswith("# Docs { {draft}} behind")
    assert "{{" not in text


def test_a_static_site_needs_no_headers(snippet):
    text = snippet("--root", "/srv/wiki")
    assert "root /srv/wiki;" in text
    assert (
        "Remote-User "
        not in text.partition("    location / {\n")[2].partition("    location / {\n")[2]
    )
    assert "auth_request /.otpapp/check;" in text


def test_it_is_served_over_tls_with_its_certificate(snippet):
    text = snippet()
    assert "listen 443 ssl;" in text
    assert "/etc/letsencrypt/live/wiki.example.org/fullchain.pem" in text
    assert "return 301 https://$server_name$request_uri;" in text
    assert "/srv/tls/privkey.pem" in snippet(*TO, "--certificate", "/srv/tls")


def test_a_local_one_is_served_on_loopback(run):
    run("apps", "add", "site", "http://site.localhost:8080")
    text = run("apps", "snippet", "site", "--root", "/srv/site")
    assert "listen 127.0.0.1:8080;" in text
    assert "ssl" not in text


def test_where_otpapp_is_served_can_be_said(snippet):
    assert "server 127.0.0.1:8000;" in snippet()
    assert "server 10.0.0.2:9000;" in snippet(*TO, "--at", "10.0.0.2:9000")
    assert "server unix:/run/otpapp.sock;" in snippet(*TO, "--at", "unix:/run/otpapp.sock")


def test_names_of_many_apps_do_not_meet(run, snippet):
    run("apps", "add", "wiki-two", "https://two.example.org")
    names = [
        set(
            re.findall(
                r"(?:map \S+|upstream|location) ([$@]?otpapp_\w+)",
                run("apps", "snippet", name, *TO),
            )
        )
        for name in ("wiki", "wiki-two")
    ]
    assert all(names)
    assert not names[0] & names[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say --to an address, or --root with a folder"),
        ((*TO, "--root", "/srv"), "say --to an address, or --root"),
        (("--to", "127.0.0.1:3000"), "is no address like http://127.0.0.1:3000"),
        (("--to", "http://x; return 200"), "is no address"),
        (("--to", "http://x$y"), "is no address"),
        (("--root", "srv"), "srv is no folder"),
        (("--root", "/srv/{}"), "is no folder"),
        (("--root", "/srv;\n"), "is no folder"),
        (("--to", "http://127.0.0.1:3000/base"), "say --to without a path"),
        ((*TO, "--at", "here"), "here is no address like 127.0.0.1:8000"),
        ((*TO, "--public", "public"), "public is no path like /public/"),
        ((*TO, "--public", "/x { } location /"), "is no path"),
        ((*TO, "--certificate", "/a b"), "/a b is no folder"),
    ],
)
def test_what_nginx_could_misread_is_refused(fail, wiki, options, said):
    assert said in fail("apps", "snippet", "wiki", *options)


def test_an_app_must_be_there(fail):
    assert "There is no app wiki" in fail("apps", "snippet", "wiki", *TO)
