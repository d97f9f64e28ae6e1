"""`flask teach` prints the link that opens a room, and where there is no class says so."""

import pytest

from tests.helpers.browser import new_browser


def test_where_real_people_sign_in_there_is_no_link(fail):
    assert fail("teach") == "Error: This server is for no class: see OTPAPP_MODE=classroom.\n"


class TestClassroom:
    """A server for a class."""

    @pytest.fixture
    def overrides(self) -> dict:
        here = "http://127.0.0.1:5000"
        return {"mode": "classroom", "public_url": here, "mail_server": "", "sms_url": ""}

    def test_the_link_asks_to_open_a_room(self, app, run):
        here = "http://127.0.0.1:5000"
        said = run("teach")
        assert said.startswith(f"{here}/classroom/teach/")
        page = new_browser(app).get(said.strip().removeprefix(here))
        assert "Open a room" in page.text
