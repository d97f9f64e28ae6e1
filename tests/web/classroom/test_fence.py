"""What is of a class is nowhere else, and nothing real is in a class."""

import os
import subprocess
import sys

import pytest

from tests.helpers.browser import new_browser
from tests.web.helpers import words

PATHS = (
    *("/classroom", "/classroom/", "/classroom/join", "/classroom/join/BCDFGH", "/classroom/seat"),
    *("/classroom/derivation", "/classroom/derivation/1"),
    *("/classroom/inbox", "/classroom/inbox/1/html"),
    *("/classroom/room", "/classroom/room/clock/advance", "/classroom/teach/key"),
)
TEMPTING = (
    {},
    {"X-Mode": "classroom", "Cookie": "mode=classroom; otpapp-teacher=x; otpapp-seat=x"},
    {"X-Original-URL": "/classroom/room", "X-Forwarded-For": "127.0.0.1"},
)


@pytest.mark.parametrize("mode", ["production", "development"])
class TestElsewhere:
    """No path of a class is there, whatever is sent."""

    @pytest.fixture
    def overrides(self, mode) -> dict:
        return {"mode": mode, "public_url": "http://127.0.0.1:5000"}

    @pytest.mark.parametrize("path", PATHS)
    def test_its_paths_are_not_there(self, app, path):
        browser = new_browser(app)
        for headers in TEMPTING:
            assert browser.get(path, headers=headers).status_code == 404
            assert browser.get(f"{path}?mode=classroom", headers=headers).status_code == 404

    def test_no_route_begins_like_one_of_a_class(self, app):
        assert not [one for one in app.url_map.iter_rules() if "classroom" in one.rule]

    def test_no_page_says_that_it_is_one(self, client):
        assert "classroom" not in client.get("/sign-in").text.replace("classroom.css", "")


def test_every_path_of_a_class_is_tried_above(app):
    there = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/classroom")}
    known = {path.rstrip("/") for path in PATHS}
    shapes = {"/classroom/join/<code>", "/classroom/room/clock/<move>", "/classroom/teach/<key>"}
    shapes |= {"/classroom/derivation/<int(max=999):number>"}
    shapes |= {"/classroom/inbox/<int(max=2147483647):number>/html"}
    assert there - shapes <= known | {"/classroom/room/end"}


def test_production_does_not_even_read_the_code_of_a_class():
    asks = (
        "import sys; from otpapp import create_app; from tests.conftest import make_settings;"
        "create_app(make_settings(database_url='sqlite://'));"
        "print([one for one in sys.modules if one.startswith('otpapp.web.classroom')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, env=os.environ, timeout=60
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("path", ["/sign-in", "/classroom/join", "/nothing", "/inbox"])
def test_every_page_of_a_class_says_so(client, path):
    page = words(client.get(path).text)
    assert page.startswith("This is a classroom. Nobody real signs in here, and nothing is secret.")


def test_nobody_real_signs_in(client):
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier="alice@example.org")
    assert answer.status_code == 422
    assert "This is a classroom: enter the made-up address" in answer.text


def test_there_is_no_inbox_that_shows_everybodys(client):
    assert client.get("/inbox").status_code == 404
