"""Two admins who change one app: what the first did is not lost, and who did it is in the trail."""

from dataclasses import replace
from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules.gate import apps, changing
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.changing import Outcome, Step
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.rules.desk import in_parallel
from tests.rules.gate.test_apps import BOOKS, WIKI, keep

ADMIN = UUID(int=7)
STAFF = Rule("/staff", ("group:staff",))


def add(desk, plan: Plan) -> Outcome:
    with transaction():
        return changing.add(plan, ADMIN, desk.clock.now)


def change(desk, plan: Plan, seen: str, name: str = "") -> Outcome:
    with transaction():
        return changing.change(name or plan.name, seen, plan, ADMIN, desk.clock.now)


def seen(name: str = "wiki") -> str:
    db.session.rollback()
    return changing.version_of(apps.find(name))


def now(name: str = "wiki") -> Plan:
    db.session.rollback()
    return apps.plan_of(apps.find(name))


def trail(kind: str) -> list[tuple[UUID | None, str, str]]:
    db.session.rollback()
    found = db.session.query(Event).filter_by(kind=kind).order_by(Event.id)
    return [(one.user_id, one.subject, one.detail) for one in found]


def test_an_app_is_added_once(desk):
    assert add(desk, WIKI) is Outcome.DONE
    assert add(desk, replace(WIKI, title="Other")) is Outcome.NAME_TAKEN
    assert add(desk, replace(BOOKS, origin=WIKI.origin)) is Outcome.ADDRESS_TAKEN
    assert [apps.plan_of(one) for one in apps.every()] == [WIKI]
    assert trail("app.added") == [(ADMIN, "wiki", "")]


def test_what_nobody_changed_since_it_was_seen_is_changed(desk):
    keep(desk, WIKI)
    new = replace(WIKI, title="A wiki", rules=(*WIKI.rules, STAFF))
    assert change(desk, new, seen()) is Outcome.DONE
    assert now() == new
    assert apps.find("wiki").changed_at == desk.clock.now
    assert trail("app.changed") == [(ADMIN, "wiki", "")]


def test_what_somebody_changed_since_is_not_written_over(desk):
    keep(desk, WIKI)
    before = seen()
    theirs = replace(WIKI, rules=(*WIKI.rules, STAFF))
    assert change(desk, theirs, before) is Outcome.DONE
    assert change(desk, replace(WIKI, title="Mine"), before) is Outcome.STALE
    assert now() == theirs
    assert change(desk, replace(theirs, title="Mine"), seen()) is Outcome.DONE


def test_of_two_at_once_one_is_told(desk, app):
    keep(desk, WIKI)
    before = seen()
    done = in_parallel(
        app, 4, lambda number: change(desk, replace(WIKI, title=f"By {number}"), before)
    )
    assert sorted(done) == [Outcome.DONE, *[Outcome.STALE] * 3]
    assert len(trail("app.changed")) == 1


def test_what_stays_the_same_is_no_change(desk):
    keep(desk, WIKI)
    assert change(desk, WIKI, seen()) is Outcome.DONE
    assert trail("app.changed") == []


@pytest.mark.parametrize("name", ["pages", "zines"])
def test_an_app_keeps_its_guests_under_a_new_name_and_the_trail_has_the_old(desk, name):
    keep(desk, WIKI, BOOKS)
    number = apps.find("wiki").id
    assert change(desk, replace(WIKI, name=name), seen(), "wiki") is Outcome.DONE
    assert apps.find("wiki") is None
    assert apps.find(name).id == number
    assert trail("app.changed") == [(ADMIN, name, "was wiki")]


def test_no_name_and_no_address_is_had_twice(desk):
    keep(desk, WIKI, BOOKS)
    assert change(desk, replace(WIKI, name="books"), seen(), "wiki") is Outcome.NAME_TAKEN
    assert change(desk, replace(WIKI, origin=BOOKS.origin), seen()) is Outcome.ADDRESS_TAKEN
    assert (now(), now("books")) == (WIKI, BOOKS)


def test_what_was_removed_meanwhile_is_gone(desk):
    keep(desk, WIKI)
    before = seen()
    with transaction():
        assert apps.remove("wiki", desk.clock.now, ADMIN)
    assert trail("app.removed") == [(ADMIN, "wiki", "")]
    assert change(desk, WIKI, before) is Outcome.GONE


def test_the_version_tells_every_change(desk):
    plans = [
        WIKI,
        replace(WIKI, title="x"),
        replace(WIKI, name="x"),
        replace(WIKI, origin="https://x.example.org"),
        replace(WIKI, rules=()),
        replace(WIKI, rules=(STAFF,)),
    ]
    assert len({changing.version([one]) for one in plans}) == len(plans)
    assert changing.version([WIKI]) == changing.version([replace(WIKI)])


def steps(*plans: Plan) -> list[str]:
    db.session.rollback()
    return [one.done for one in changing.steps(plans)]


def test_what_an_import_would_do_is_said_before(desk):
    keep(desk, WIKI)
    assert changing.steps([WIKI]) == [Step(WIKI, "same")]
    assert steps(replace(WIKI, title="x"), BOOKS) == ["changed", "added"]
    assert steps(replace(BOOKS, origin=WIKI.origin)) == ["taken"]
    keep(desk, BOOKS)
    assert steps(replace(WIKI, origin=BOOKS.origin)) == ["taken"]
    assert [apps.plan_of(one) for one in apps.every()] == [BOOKS, WIKI]


def import_all(desk, *plans: Plan, seen: str | None = None) -> Outcome:
    db.session.rollback()
    seen = changing.seen_by(plans) if seen is None else seen
    with transaction():
        return changing.import_all(plans, seen, ADMIN, desk.clock.now)


def test_an_import_adds_and_changes(desk):
    keep(desk, WIKI)
    new = replace(WIKI, title="A wiki")
    assert import_all(desk, new, BOOKS) is Outcome.DONE
    assert (now(), now("books")) == (new, BOOKS)
    assert trail("app.changed") == [(ADMIN, "wiki", "")]
    assert trail("app.added")[-1] == (ADMIN, "books", "")


def test_an_import_is_done_whole_or_not_at_all(desk):
    keep(desk, WIKI)
    taken = replace(BOOKS, origin=WIKI.origin)
    assert import_all(desk, replace(WIKI, title="x"), taken) is Outcome.ADDRESS_TAKEN
    assert now() == WIKI
    assert apps.find("books") is None
    assert trail("app.changed") == []


@pytest.mark.parametrize("turn", [1, -1])
def test_two_apps_swap_their_addresses(desk, turn):
    keep(desk, WIKI, BOOKS)
    swapped = (replace(WIKI, origin=BOOKS.origin), replace(BOOKS, origin=WIKI.origin))
    assert steps(*swapped[::turn]) == ["changed", "changed"]
    assert import_all(desk, *swapped[::turn]) is Outcome.DONE
    assert (now(), now("books")) == swapped
    taken = replace(WIKI, origin=WIKI.origin)
    assert import_all(desk, taken) is Outcome.ADDRESS_TAKEN
    assert now() == swapped[0], "nothing stays half moved"


def test_what_is_imported_is_what_was_shown(desk):
    shown = changing.seen_by([WIKI])
    assert import_all(desk, replace(WIKI, title="x"), seen=shown) is Outcome.STALE
    assert import_all(desk, WIKI, BOOKS, seen=shown) is Outcome.STALE
    assert apps.every() == []


def test_an_import_of_what_changed_since_it_was_shown_is_refused(desk):
    keep(desk, WIKI)
    shown = changing.seen_by([WIKI, BOOKS])
    keep(desk, BOOKS)
    assert import_all(desk, WIKI, BOOKS, seen=shown) is Outcome.STALE
    assert import_all(desk, WIKI, BOOKS) is Outcome.DONE
