"""Taking away all that is stored about me, as a file."""

import json

from tests.helpers.browser import Page
from tests.web.helpers import ALICE, sign_in, words

PAGE = "/account/export"


def test_the_page_says_what_is_in_the_file_and_the_button_saves_it(client, alice):
    sign_in(client)
    assert PAGE in [one["href"] for one in Page(client.get("/account").text).all("a")]
    page = words(client.get(PAGE).text)
    assert "the browsers that we know you by" in page
    assert "the newest 10 000 at most" in page
    answer = client.submit(PAGE)
    assert answer.status_code == 200
    assert answer.content_type == "application/json; charset=utf-8"
    saved = 'attachment; filename="all-about-me-2026-03-03.json"'
    assert answer.headers["Content-Disposition"] == saved
    assert answer.headers["Cache-Control"] == "no-store"
    found = json.loads(answer.data)
    assert found["identifiers"][0]["address"] == ALICE
    assert found["events"][0]["kind"] == "user.exported"
    assert "You saved a file of all" in words(client.get("/account/activity").text)


def test_it_needs_a_fresh_proof_and_leads_back(client, alice, clock):
    sign_in(client)
    clock.advance(minutes=11)
    client.get(PAGE)
    answer = client.submit(PAGE)
    assert (answer.status_code, answer.location) == (303, f"/prove?next={PAGE}")


def test_nobody_else_gets_it(client):
    assert client.get(PAGE).location == f"/sign-in?next={PAGE}"
