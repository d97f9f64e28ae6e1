"""People land where they wanted to go after signing in, and never on another site (X23)."""

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.transaction import transaction
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE
from tests.web.test_redirects import GOOD, LEAVING, ODD, STAYING


@pytest.mark.parametrize("text", [one for one in (*LEAVING, *ODD) if one.isprintable()])
def test_whoever_came_with_a_wrong_next_in_the_address_lands_at_home(client, alice, text):
    assert client.get("/sign-in", query_string={"next": text}).status_code == 200
    client.follow(client.submit("/sign-in", identifier=ALICE))
    assert client.answer(RFC_CODES[1]).location == "/"


@pytest.mark.parametrize("text", [one for one in (*LEAVING, *ODD) if one != "\ud800"])
def test_whoever_sends_a_wrong_next_with_the_form_lands_at_home(client, alice, text):
    client.ask(ALICE, next=text)
    assert client.answer(RFC_CODES[1]).location == "/"


@pytest.mark.parametrize("text", [*GOOD[:5], *STAYING])
def test_people_land_where_they_wanted_to_go(client, alice, text):
    client.get("/sign-in", query_string={"next": text})
    client.follow(client.submit("/sign-in", identifier=ALICE))
    assert client.answer(RFC_CODES[1]).location == text


def test_a_closed_page_leads_there_again_after_signing_in(client, alice):
    client.follow(client.get("/?tab=1"))
    client.follow(client.submit("/sign-in", identifier=ALICE))
    assert client.answer(RFC_CODES[1]).location == "/?tab=1"


def test_next_stands_neither_in_the_address_nor_on_the_code_page(client, alice):
    client.get("/sign-in?next=/secret-place")
    to_code_page = client.submit("/sign-in", identifier=ALICE)
    assert "next" not in to_code_page.location
    assert "secret-place" not in to_code_page.location
    assert "secret-place" not in client.follow(to_code_page).text


def test_next_survives_a_fault_and_a_change_of_address(client, alice):
    client.get("/sign-in?next=/account")
    client.submit("/sign-in", identifier="alice")
    client.follow(client.submit("/sign-in", identifier="alise@example.org"))
    client.get(next(a["href"] for a in client.page.all("a") if "ref=" in (a["href"] or "")))
    client.follow(client.submit("/sign-in", identifier=ALICE))
    assert client.answer(RFC_CODES[1]).location == "/account"


def test_what_a_row_holds_is_looked_at_once_more(client, app, alice):
    client.ask(ALICE)
    with app.app_context(), transaction():
        db.session.execute(update(Challenge).values(next_path="//evil.example"))
    assert client.answer(RFC_CODES[1]).location == "/"


def test_next_given_twice_is_refused(client):
    assert client.get("/sign-in?next=/a&next=//evil.example").status_code == 400
    client.get("/sign-in")
    fields = {**client.page.form("/sign-in"), "identifier": ALICE, "next": ["/a", "/b"]}
    assert client.post("/sign-in", data=fields).status_code == 400
