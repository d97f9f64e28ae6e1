"""How pages look: times that machines can read, files that change their address with their text."""

import hashlib
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from otpapp.settings.model import ROOT
from otpapp.web.looks import breakable
from tests.web.helpers import ALICE, WRONG, sign_in


@pytest.fixture
def pages(client, alice, clock):
    """Return one page of each kind."""
    seen = [client.get("/sign-in"), client.ask(ALICE), client.submit("/sign-in/code", code=WRONG)]
    clock.advance(minutes=1)
    seen.append(client.ask(ALICE))
    sign_in(client)
    return [*seen, client.get("/"), client.get("/sign-in"), client.get("/nothing")]


def test_every_time_can_be_read_by_machines(pages):
    found = [one for page in pages for one in re.findall(r"<time ([^>]*)>([^<]*)<", page.text)]
    assert len(found) >= 6
    for attributes, shown in found:
        machine = re.search(r'datetime="([^"]+)"', attributes)[1]
        instant = datetime.fromisoformat(machine)
        assert machine.endswith("Z")
        assert instant.utcoffset() == timedelta(0)
        assert f"{instant:%H:%M}" in shown
        assert shown.endswith("UTC")


def test_every_time_that_is_shown_is_such_a_time(pages):
    for page in pages:
        bare = re.sub(r"<time.*?</time>", "", page.text, flags=re.DOTALL)
        assert not re.search(r"\d\d:\d\d UTC", bare), page.request.path


def test_every_file_s_address_names_its_content(pages):
    for page in pages:
        found = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
        assert len(found) >= 5
        for address in found:
            path, query = urlsplit(address)[2:4]
            digest = hashlib.sha256((ROOT / path.lstrip("/")).read_bytes()).hexdigest()
            assert digest.startswith(parse_qs(query)["v"][0])
            assert len(parse_qs(query)["v"][0]) >= 8


def test_every_style_and_script_is_used_by_some_page():
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    templates += "".join(path.read_text() for path in (ROOT / "static/js").rglob("*.js"))
    for folder, ending in (("css", ".css"), ("js", ".js")):
        for path in (ROOT / "static" / folder).rglob("*" + ending):
            name = str(path.relative_to(ROOT / "static" / folder)).removesuffix(ending)
            assert f'"{name}"' in templates or f"{path.name}" in templates, path


def test_an_address_may_break_after_its_at_and_dots_and_is_escaped():
    assert breakable("a.b@example.org") == "a.<wbr>b@<wbr>example.<wbr>org"
    assert breakable("<i>@x.y") == "&lt;i&gt;@<wbr>x.<wbr>y"
