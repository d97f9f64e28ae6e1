"""People on pages: found, shown whole, and added, each with what they are here."""

from datetime import timedelta
from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.models import Identifier
from otpapp.rules import identifiers, users
from otpapp.rules.people import directory, standing
from otpapp.transaction import transaction
from tests.web.admin.people_forms import MIA, PEOPLE, add_mia
from tests.web.helpers import ALICE, notice, problem, title, will_leave, words

NEW = f"{PEOPLE}/new"


@pytest.fixture
def mia(app) -> UUID:
    """Somebody in the group office, with a second proof."""
    return add_mia(app)


def add(app, clock, *typed: str) -> None:
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        for one in typed:
            assert users.create(identifiers.parse(one, settings), settings, clock.now)


def listed(page) -> list[str]:
    """Return the addresses that a list shows."""
    found = [one["href"] for one in page.all("a") if (one["href"] or "").startswith(PEOPLE + "/")]
    return [one for one in found if not one.endswith(("/new", "/import"))]


class TestFinding:
    """Whom the form asks for, a page at a time."""

    def test_everybody_stands_there_with_role_groups_and_standing(self, admin, mia):
        page = words(admin.get(PEOPLE).text)
        assert f"{ALICE} Admin Can sign in since 3 March 2026" in page
        assert f"{MIA} Member office Can sign in since 3 March 2026" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("part=MIA", 1),
            ("part=example", 2),
            ("role=admin", 1),
            ("group=office", 1),
            ("group=nobodys", 0),
            ("standing=active", 2),
            ("standing=disabled", 0),
            ("role=boss&standing=odd", 2),
            ("part=%00&group=%00", 2),
            ("part=mia&role=admin", 0),
        ],
    )
    def test_only_those_who_are_asked_for(self, admin, mia, query, found):
        text = admin.get(f"{PEOPLE}?{query}").text
        assert len(listed(admin.page)) == found
        assert ("Nobody is like that." in text) is (found == 0)

    def test_what_was_asked_for_stays_in_the_form(self, admin, mia):
        text = admin.get(f"{PEOPLE}?part=mia&role=member&standing=active&group=office").text
        assert 'value="mia"' in text
        assert 'value="office"' in text
        for value in ("member", "active"):
            assert f'<option value="{value}" selected>' in text
        assert ">Show all</a>" in text

    def test_more_goes_on_where_the_page_ends_and_asks_for_the_same(
        self, admin, app, clock, monkeypatch
    ):
        add(app, clock, *(f"a{number}@office.example" for number in range(directory.PAGE + 1)))
        admin.get(f"{PEOPLE}?part=office")
        first = listed(admin.page)
        (more,) = [one["href"] for one in admin.page.all("a") if "after=" in (one["href"] or "")]
        admin.get(more)
        second = listed(admin.page)
        assert (len(first), len(second)) == (directory.PAGE, 1)
        assert not set(first) & set(second)
        assert "after=" not in admin.html

    def test_beyond_the_last_there_is_nobody(self, admin):
        assert "There is nobody after that." in admin.get(f"{PEOPLE}?after=zzz").text


class TestOne:
    """One person whole."""

    def test_all_that_is_known_stands_there(self, admin, mia):
        page = words(admin.get(f"{PEOPLE}/{mia}").text)
        for said in (
            f"Address {MIA} Not verified yet",
            "Standing Can sign in",
            "Role Member",
            "Last signed in Never",
            f"Id in the log {mia}",
            "office Take out of office",
            "My phone An authenticator app Added 3 March 2026",
            "They are signed in nowhere.",
            "user.created",
        ):
            assert said in page, said

    def test_a_deletion_that_comes_is_told_with_its_day(self, admin, app, clock, mia):
        assert "Going to be deleted" not in admin.get(f"{PEOPLE}/{mia}").text
        will_leave(app, mia, clock.now + timedelta(days=7))
        page = words(admin.get(f"{PEOPLE}/{mia}").text)
        assert "Going to be deleted 10 March 2026, 12:00 UTC, as they asked" in page

    def test_an_admin_finds_themself_with_their_session(self, admin, alice):
        page = words(admin.get(f"{PEOPLE}/{alice.user_id}").text)
        assert "Role Admin, and this is you" in page
        assert "IP 127.0.0.1, signed in 3 March 2026" in page
        assert "They have none." in page
        assert "They are in none." in page

    def test_it_leads_to_all_that_happened_to_them(self, admin, mia):
        admin.get(f"{PEOPLE}/{mia}")
        assert f'href="/admin/events?person={mia}"' in admin.html

    def test_who_is_gone_is_said_to_be(self, admin):
        answer = admin.get(f"{PEOPLE}/{UUID(int=9)}")
        assert answer.status_code == 404
        assert "This person is not there any more." in answer.text

    def test_what_is_offered_is_what_can_be_done(self, admin, app, clock, mia):
        page = words(admin.get(f"{PEOPLE}/{mia}").text)
        assert "Shut them out Make them an admin" in page
        assert "Let them in again" not in page
        assert "Open their sign-in again" not in page
        with app.app_context(), transaction():
            standing.disable(mia, clock.now)
        page = words(admin.get(f"{PEOPLE}/{mia}").text)
        assert "Shut out by an admin or operator" in page
        assert "Let them in again Make them an admin" in page


class TestAdding:
    """One person more, at once with groups and a role."""

    def test_they_can_sign_in_and_are_what_was_typed(self, admin, app, alice):
        admin.get(NEW)
        page = admin.submit(NEW, who=" New@Example.org", groups="office  board", role="admin")
        page = admin.follow(page)
        assert notice(page) == "They can sign in from now on."
        assert title(page.text) == "New@example.org – Example"
        with app.app_context():
            found = directory.page(
                directory.Wanted("new@"), app.extensions["otpapp.settings"]
            ).people[0]
            assert (found.role, found.groups) == ("admin", ("board", "office"))
        assert f"user.created by {ALICE}" in words(page.text)
        assert "new@example.org became known here" in words(page.text)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"who": "nobody"}, "Enter an email address"),
            ({"who": ALICE}, "Somebody has this address already"),
            ({"groups": "Office!"}, "A group has 1 to 40"),
            ({"role": "boss"}, "They are a member or an admin"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_typed_is_lost(self, admin, app, typed, said):
        admin.get(NEW)
        filled = {"who": "new@example.org", "groups": "office", "role": "member", **typed}
        page = admin.submit(NEW, **filled)
        assert page.status_code == 422
        assert problem(page).startswith(said)
        fields = admin.page.form(NEW)
        assert (fields["who"], fields["groups"]) == (filled["who"], filled["groups"])
        with app.app_context():
            assert db.session.query(Identifier).count() == 1
