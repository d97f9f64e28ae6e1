"""The entry page: one field that tells email and phone apart, and says what is wrong."""

import pytest

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, field, problem, rows, title, words

EITHER = "Enter an email address or a phone number"
FAULTS = [
    ("", EITHER),
    ("  \t ", EITHER),
    ("alice", f"{EITHER}, like name@example.org or +1 202 555 0143"),
    ("a" * 300 + "@example.org", f"{EITHER}, like name@example.org or +1 202 555 0143"),
    ("alice@", "Enter an email address in full, like name@example.org"),
    ("alice.example.org", "Enter an email address in full, like name@example.org"),
    ("alice@localhost", "Enter an email address in full, like name@example.org"),
    ("+1 202 555", "Enter a phone number in full, like +1 202 555 0143"),
    (
        "202 555 0143",
        "Start the phone number with + and the country code, like +1 202 555 0143",
    ),
    (
        "+33 1 42 68 53 00",
        "Enter a mobile number, or an email address: this number cannot get text messages",
    ),
    (
        "+33 6 12 34 56 78",
        "We cannot send text messages to that country. Enter an email address",
    ),
]
TYPED = [typed for typed, _ in FAULTS]


@pytest.mark.parametrize(("typed", "sentence"), FAULTS)
def test_a_text_that_names_nobody_is_answered_by_what_to_do_about_it(client, app, typed, sentence):
    client.get("/sign-in")
    before = rows(app)
    answer = client.submit("/sign-in", identifier=typed)
    assert answer.status_code == 422
    assert problem(answer) == sentence
    assert rows(app) == before


@pytest.mark.parametrize("typed", TYPED)
def test_a_fault_is_announced_where_everybody_notices_it(client, typed):
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier=typed)
    assert title(answer.text).startswith("Error: ")
    summary = next(one for one in client.page.all("div") if one.get("id") == "error-summary")
    assert summary["role"] == "alert"
    assert summary["tabindex"] == "-1"
    assert "autofocus" in summary
    assert {"href": "#identifier"} in client.page.all("a")
    faulty = field(client.page, "identifier")
    assert faulty["aria-invalid"] == "true"
    assert faulty["aria-describedby"] == "identifier-error identifier-hint"
    assert 'id="identifier-error"' in answer.text
    assert 'id="identifier-hint"' in answer.text
    assert "autofocus" not in faulty


@pytest.mark.parametrize("typed", ["alice", "<b>&\"'@", "+1 202 555", "ä@b"])
def test_what_was_typed_is_still_there_after_a_fault(client, typed):
    client.get("/sign-in")
    client.submit("/sign-in", identifier=typed)
    assert field(client.page, "identifier")["value"] == typed


def test_a_page_without_a_fault_puts_the_cursor_into_the_field(client):
    page = client.get("/sign-in")
    first = field(client.page, "identifier")
    assert "autofocus" in first
    assert "aria-invalid" not in first
    assert title(page.text) == "Sign in – Example"
    assert not problem(page)


@pytest.mark.parametrize("typed", [ALICE, "ALICE@Example.ORG", "  alice@example.org\u200e "])
def test_an_email_address_leads_to_the_code_page(client, alice, typed):
    assert "If this address can sign in, a code is on its way." in words(client.ask(typed).text)
    assert client.answer(RFC_CODES[1]).location == "/"


def test_a_phone_number_leads_to_the_code_page_too(client, bob):
    page = client.ask("+1 (202) 555-0143")
    assert "+1 202-555-0143" in words(page.text)
    assert "data-web-otp" in page.text


def test_use_a_different_address_leads_back_to_what_was_typed(client, alice):
    client.ask("Alice@example.org", stay="keep")
    links = [one["href"] for one in client.page.all("a") if "/sign-in?ref=" in (one["href"] or "")]
    client.get(links[0])
    assert field(client.page, "identifier")["value"] == "Alice@example.org"


def test_using_a_different_address_costs_no_try(client, alice):
    client.ask("alise@example.org")
    client.get(next(a["href"] for a in client.page.all("a") if "ref=" in (a["href"] or "")))
    client.follow(client.submit("/sign-in", identifier=ALICE))
    assert client.answer(RFC_CODES[1]).status_code == 303
