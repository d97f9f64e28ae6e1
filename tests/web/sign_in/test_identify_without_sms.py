"""Where no text messages can be sent, the entry page asks for an email address only."""

import pytest

from tests.web.helpers import field, problem, words


@pytest.fixture
def overrides():
    return {"sms_url": "", "sms_regions": frozenset()}


def test_the_field_is_for_an_email_address(client):
    page = client.get("/sign-in")
    assert "Email address" in words(page.text)
    assert "phone" not in words(page.text).lower().replace("by phone, chat or mail", "")
    assert field(client.page, "identifier")["type"] == "email"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an email address"),
        ("alice", "Enter an email address, like name@example.org"),
        ("+12025550143", "Enter an email address. Phone numbers cannot be used here"),
    ],
)
def test_a_phone_number_is_refused_with_the_way_on(client, typed, sentence):
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier=typed)
    assert (answer.status_code, problem(answer)) == (422, sentence)
