"""Who I am here: what the site knows somebody by."""

from otpapp.extensions import db
from otpapp.models import Identifier, User
from otpapp.rules import groups
from otpapp.transaction import transaction
from tests.helpers.browser import Page
from tests.web.helpers import ALICE, part, sign_in, words

PAGE = "/account"


def test_it_says_who_i_am_and_since_when(client, alice, clock):
    clock.advance(days=1)
    sign_in(client)
    page = words(client.get(PAGE).text)
    assert f"{ALICE} Email address, verified 4 March 2026, 12:00 UTC" in page
    assert "Role a member Groups none Since 3 March 2026, 12:00 UTC" in page
    assert "the first one" not in page


def test_it_names_roles_and_groups_and_which_address_is_first(make_client, app, alice, clock):
    with app.app_context(), transaction():
        db.session.get(User, alice.user_id).role = "admin"
        for name in ("staff", "board"):
            groups.add(alice.user_id, name, clock.now)
        number = {"channel": "sms", "key": "+12025550143", "address": "+12025550143"}
        db.session.add(Identifier(user_id=alice.user_id, created_at=clock.now, **number))
    client = make_client(proofs_of_admins="one")
    sign_in(client)
    page = words(client.get(PAGE).text)
    assert "an admin, who may change this site Groups board, staff" in page
    assert f"{ALICE} Email address, verified 3 March 2026, 12:00 UTC, the first one" in page
    assert "+1 202-555-0143 Phone number, not verified yet" in page
    assert page.count("the first one") == 1


def test_the_home_page_leads_there_and_each_place_says_which_it_is(client, alice):
    sign_in(client)
    links = [one["href"] for one in Page(client.get("/").text).all("a")]
    assert PAGE in links
    page = client.get(PAGE)
    assert part(page.text, "aria-current") == "You"
    places = [PAGE, *(f"{PAGE}/{name}" for name in ("security", "sessions", "activity"))]
    assert [one["href"] for one in Page(page.text).all("a")][: len(places)] == places
    for place in places:
        client.get(place)
        assert [one["href"] for one in client.page.all("a") if "aria-current" in one] == [place]


def test_nobody_else_sees_it(client):
    assert client.get(PAGE).location == "/sign-in?next=/account"
