"""Templates: each is used, none holds style or script, each page says where one is."""

import re

import pytest

from otpapp.settings.model import ROOT
from tests.web.helpers import ALICE, part, sign_in

FOLDER = ROOT / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
SOURCES = [*(ROOT / "otpapp").rglob("*.py"), *(FOLDER / name for name in NAMES)]
PAGES = [name for name in NAMES if not name.startswith("mail/")]
INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.I)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_is_used(name):
    users = [path for path in SOURCES if f'"{name}"' in path.read_text() and path.name != name]
    assert users


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_style_or_script_of_its_own(name):
    assert not INLINE.search((FOLDER / name).read_text())


@pytest.mark.parametrize("name", NAMES)
def test_every_template_that_holds_tags_is_one_that_escapes(name):
    assert name.endswith((".html", ".txt"))
    text = (FOLDER / name).read_text()
    assert name.endswith(".html") or not re.search(r"<[a-z/!]", text)
    assert "|safe" not in text
    assert "autoescape" not in text


def test_every_page_says_at_its_foot_where_one_is(client, app, alice):
    pages = [client.get("/sign-in"), client.get("/sign-in/code"), client.get("/nothing")]
    pages.append(client.ask(ALICE))
    pages.append(client.submit("/sign-in/code", code="000000"))
    client.get("/sign-in")
    pages += [client.post("/sign-in", data={}), client.get("/sign-out")]
    client.get("/sign-in/code")
    client.follow(client.submit("/sign-in/code", code="287082"))
    pages += [client.get("/"), client.get("/sign-in")]
    for page in pages:
        foot = part(page.text, 'class="footnote"')
        assert "You are at auth.example.org." in foot, page.request.path


def test_the_inbox_says_at_its_foot_where_one_is_too(make_client):
    client = make_client(mode="development", public_url="http://127.0.0.1:5000")
    foot = part(client.get("/inbox").text, 'class="footnote"')
    assert "127.0.0.1:5000" in foot


def test_signing_in_uses_nothing_from_another_host(client, alice):
    sign_in(client)
    for path in ("/", "/sign-in"):
        client.get(path)
        for tag in ("link", "script", "img", "a"):
            for found in client.page.all(tag):
                assert (found.get("href") or found.get("src") or "/").startswith(("/", "#"))
