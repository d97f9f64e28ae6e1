"""What an admin does to a person: after one question, once, and with their name in the trail."""

from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.models import Event, Tally, User
from otpapp.rules import freezing, groups
from otpapp.rules.factors import credentials
from otpapp.rules.people import picture, standing
from otpapp.rules.people.directory import Standing
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from otpapp.web.admin import deed_routes
from otpapp.web.admin.deeds import DEEDS
from tests.web.admin.people_forms import MIA, PEOPLE, add_mia
from tests.web.helpers import ALICE, is_in, notice, problem, words


@pytest.fixture
def mia(app) -> UUID:
    """Somebody in the group office, with a second proof."""
    return add_mia(app)


@pytest.fixture
def stands(app, clock):
    """Return how somebody stands now, and what they are."""

    def stands(user_id: UUID) -> tuple[Standing, str]:
        with app.app_context():
            found = picture.of(user_id, app.extensions["otpapp.settings"], clock.now)
            return found.standing, found.user.role

    return stands


def told(app, kind: str) -> list[tuple[UUID, str]]:
    with app.app_context():
        found = db.session.query(Event).filter_by(kind=kind).order_by(Event.id)
        return [(one.user_id, one.detail) for one in found]


def do(admin, user_id: UUID, deed: str, **typed: str):
    """Open the page that asks, and answer yes."""
    path = f"{PEOPLE}/{user_id}/{deed}"
    assert admin.get(path).status_code == 200
    return admin.submit(path, **typed)


def freeze(app, clock, user_id: UUID) -> None:
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        assert freezing.freeze(user_id, Visitor(), settings, clock.now)


KINDS = {
    "disable": "user.disabled",
    "end-sessions": "session.ended_everywhere",
    "forget-browsers": "browsers.forgotten",
    "make-admin": "role.given",
}


@pytest.mark.parametrize("deed", KINDS)
def test_it_is_asked_then_done_and_the_trail_names_who_did_it(admin, app, mia, alice, deed):
    page = words(admin.get(f"{PEOPLE}/{mia}/{deed}").text)
    assert DEEDS[deed].title.format(who=MIA) in page
    assert told(app, KINDS[deed]) == []
    page = admin.follow(do(admin, mia, deed))
    assert notice(page) == DEEDS[deed].done
    ((user_id, detail),) = told(app, KINDS[deed])
    assert user_id == mia
    assert detail.endswith(f"by {alice.user_id}")
    assert f"by {ALICE}" in words(page.text)


def test_who_is_shut_out_is_let_in_again(admin, app, mia, stands):
    do(admin, mia, "disable")
    assert stands(mia)[0] is Standing.DISABLED
    assert notice(admin.follow(do(admin, mia, "enable"))) == "They can sign in again."
    assert stands(mia)[0] is Standing.ACTIVE


def test_who_is_made_an_admin_is_made_a_member_again(admin, mia, stands):
    do(admin, mia, "make-admin")
    assert stands(mia)[1] == "admin"
    do(admin, mia, "make-member")
    assert stands(mia)[1] == "member"


def test_to_do_it_twice_changes_nothing_and_says_so(admin, app, mia):
    for deed in ("disable", "enable", "make-admin", "make-member"):
        do(admin, mia, deed)
        before = len(told(app, "user.disabled") + told(app, "role.given"))
        page = admin.follow(do(admin, mia, deed))
        assert notice(page) == "It was so already. Nothing was changed.", deed
        assert len(told(app, "user.disabled") + told(app, "role.given")) == before


@pytest.mark.parametrize("deed", ["disable", "make-member"])
def test_the_last_admin_stays_and_is_told_why(admin, alice, stands, deed):
    page = do(admin, alice.user_id, deed)
    assert page.status_code == 422
    assert problem(page).startswith("They are the last admin who can sign in.")
    assert stands(alice.user_id) == (Standing.ACTIVE, "admin")


def test_the_last_admin_is_not_deleted_either(admin, alice):
    page = do(admin, alice.user_id, "delete", who=ALICE)
    assert problem(page).startswith("They are the last admin who can sign in.")
    assert is_in(admin)


@pytest.mark.parametrize("deed", ["disable", "end-sessions", "make-member", "delete", "factors"])
def test_who_does_it_to_themself_is_warned(admin, alice, mia, deed):
    assert "This is you." in admin.get(f"{PEOPLE}/{alice.user_id}/{deed}").text
    assert "This is you." not in admin.get(f"{PEOPLE}/{mia}/{deed}").text


def test_who_signs_themself_out_is_out(admin, alice):
    assert do(admin, alice.user_id, "end-sessions").status_code == 303
    assert not is_in(admin)


PATHS = [*DEEDS, "unlock", "delete", "group", "group/office/leave", "factors"]


@pytest.mark.parametrize("path", PATHS)
def test_who_was_deleted_while_the_page_was_open_is_gone(admin, app, clock, mia, path):
    typed = {"delete": {"who": MIA}, "group": {"name": "board"}}.get(path, {})
    admin.get(f"{PEOPLE}/{mia}/{path}")
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        standing.delete(mia, settings, clock.now)
    events = len(told(app, "group.joined")), len(told(app, "session.ended_everywhere"))
    answer = admin.submit(f"{PEOPLE}/{mia}/{path}", **typed)
    assert answer.status_code == 404
    assert "This person is not there any more." in answer.text
    assert (len(told(app, "group.joined")), len(told(app, "session.ended_everywhere"))) == events
    assert admin.get(f"{PEOPLE}/{mia}/{path}").status_code == 404


class TestDeleting:
    """Nobody is deleted by one click."""

    @pytest.mark.parametrize("typed", ["", "mia", "other@example.org"])
    def test_another_address_deletes_nobody(self, admin, mia, stands, typed):
        page = do(admin, mia, "delete", who=typed)
        assert problem(page) == "Type their first address to delete them"
        assert stands(mia)

    def test_their_address_does_however_it_is_spelled(self, admin, app, mia, alice):
        page = admin.follow(do(admin, mia, "delete", who=" Mia@Example.org "))
        assert notice(page) == "They are deleted, and all that was theirs."
        assert told(app, "user.deleted") == [(mia, f"by {alice.user_id}")]
        with app.app_context():
            assert db.session.get(User, mia) is None

    def test_who_is_deleted_by_another_admin_meanwhile_is_gone_without_a_fault(
        self, admin, app, clock, mia, monkeypatch
    ):
        admin.get(f"{PEOPLE}/{mia}/delete")
        is_first = deed_routes._is_first

        def another_admin_was_faster(typed, found):
            same = is_first(typed, found)
            with transaction():
                standing.delete(mia, app.extensions["otpapp.settings"], clock.now)
            return same

        monkeypatch.setattr(deed_routes, "_is_first", another_admin_was_faster)
        page = admin.follow(admin.submit(f"{PEOPLE}/{mia}/delete", who=MIA))
        assert notice(page) == "It was so already. Nothing was changed."
        assert len(told(app, "user.deleted")) == 1


class TestUnlocking:
    """What was closed or frozen is opened, and what is in doubt goes where that is wanted."""

    def test_a_closed_way_in_is_open_again(self, admin, app, clock, mia, stands, alice):
        row = {"started_at": clock.now, "last_at": clock.now, "times": 100}
        with app.app_context(), transaction():
            db.session.add(Tally(limit="failures_in_a_row", subject=str(mia), **row))
        assert stands(mia)[0] is Standing.CLOSED
        assert "Open their sign-in again" in admin.get(f"{PEOPLE}/{mia}").text
        page = do(admin, mia, "unlock")
        assert notice(admin.follow(page)) == "They can sign in by code again."
        assert stands(mia)[0] is Standing.ACTIVE
        assert told(app, "codes.reopened") == [(mia, f"by {alice.user_id}")]

    @pytest.mark.parametrize(("typed", "left"), [({"undo": "yes"}, 0), ({}, 1)])
    def test_what_was_added_before_it_froze_goes_unless_it_shall_stay(
        self, admin, app, clock, mia, stands, typed, left
    ):
        freeze(app, clock, mia)
        page = words(admin.get(f"{PEOPLE}/{mia}/unlock").text)
        assert "Added in the 72 hours before: an authenticator app, “My phone”." in page
        assert admin.page.form(f"{PEOPLE}/{mia}/unlock")["undo"] == "yes"
        token = admin.page.form(f"{PEOPLE}/{mia}/unlock")["csrf_token"]
        answer = admin.post(f"{PEOPLE}/{mia}/unlock", data={"csrf_token": token, **typed})
        assert answer.status_code == 303
        assert stands(mia)[0] is Standing.ACTIVE
        with app.app_context():
            assert len(credentials.of(mia)) == left

    def test_of_who_is_not_frozen_nothing_is_in_doubt(self, admin, mia):
        assert 'name="undo"' not in admin.get(f"{PEOPLE}/{mia}/unlock").text

    def test_who_was_shut_out_is_let_in_elsewhere(self, admin, mia):
        do(admin, mia, "disable")
        page = do(admin, mia, "unlock")
        assert problem(page).startswith("An operator or admin shut them out.")

    def test_who_froze_it_themselves_is_not_enabled(self, admin, app, clock, mia, stands):
        freeze(app, clock, mia)
        assert problem(do(admin, mia, "enable")).startswith("They froze their sign-in themselves.")
        do(admin, mia, "disable")
        page = admin.follow(do(admin, mia, "enable"))
        assert notice(page).startswith("You let them in, but they froze their sign-in")
        assert stands(mia)[0] is Standing.FROZEN


class TestGroups:
    """Joined by name, left one at a time."""

    def test_one_joins_and_leaves(self, admin, app, mia, alice):
        page = admin.follow(do(admin, mia, "group", name=" board "))
        assert notice(page) == "They are in that group now."
        page = admin.follow(do(admin, mia, "group/office/leave"))
        assert notice(page) == "They are out of that group now."
        with app.app_context():
            assert groups.of(mia) == ("board",)
        assert told(app, "group.joined")[-1] == (mia, f"board by {alice.user_id}")
        assert told(app, "group.left") == [(mia, f"office by {alice.user_id}")]

    def test_twice_is_once(self, admin, mia):
        for path, typed in (("group", {"name": "office"}), ("group/board/leave", {})):
            page = admin.follow(do(admin, mia, path, **typed))
            assert notice(page) == "It was so already. Nothing was changed."

    @pytest.mark.parametrize("name", ["", "Office", "a b", "x" * 41])
    def test_what_is_no_name_of_a_group_stays_in_the_form(self, admin, mia, name):
        page = do(admin, mia, "group", name=name)
        assert problem(page) == "A group has 1 to 40 of the letters a-z, digits and dashes"
        assert admin.page.form(f"{PEOPLE}/{mia}/group")["name"] == name


class TestFactors:
    """One or all are taken away, and the person is told."""

    def test_one_goes(self, admin, app, mia, alice):
        admin.get(f"{PEOPLE}/{mia}")
        (link,) = [one["href"] for one in admin.page.all("a") if "factors?of=" in one["href"]]
        assert "Take My phone away?" in words(admin.get(link).text)
        page = admin.follow(admin.submit(link))
        assert notice(page).startswith("It is taken away.")
        assert "They have none." in words(page.text)
        assert told(app, "factors.reset") == [(mia, f"1 by {alice.user_id}")]
        assert told(app, "factor.withdrawn") == [(mia, "totp My phone")]

    def test_all_go_and_twice_is_once(self, admin, app, mia):
        do(admin, mia, "factors")
        page = admin.follow(do(admin, mia, "factors"))
        assert notice(page) == "It was so already. Nothing was changed."
        assert len(told(app, "factors.reset")) == 1

    @pytest.mark.parametrize("of", [UUID(int=8), "odd"])
    def test_one_that_is_not_theirs_is_gone(self, admin, mia, of):
        answer = admin.get(f"{PEOPLE}/{mia}/factors?of={of}")
        assert answer.status_code == 404
        assert "This proof is not there any more." in answer.text
