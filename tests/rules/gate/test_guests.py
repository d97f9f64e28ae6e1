"""Guests: one person, one rule of one app, until a date; nobody else comes or goes with them."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import App, Event, Guest
from otpapp.rules.gate import apps, guests
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.rules.gate.test_apps import DAY, keep, let_in

ALICE, BOB, ZOE = "alice@example.org", "bob@example.org", "zoe@example.org"
NAMES = ("art", "books", "cars")
PATHS = ("/a", "/b", "/c")


@pytest.fixture
def everywhere(desk) -> set[tuple[str, str, str]]:
    """Three people are guests of three rules of three apps; what is returned are all of these."""
    rules = tuple(Rule(path, ("group:staff",)) for path in PATHS)
    keep(desk, *(Plan(name, name, f"https://{name}.example.org", rules) for name in NAMES))
    for name in NAMES:
        for path in PATHS:
            for key in (ALICE, BOB, ZOE):
                let_in(desk, key, path, name=name)
    return {(name, path, key) for name in NAMES for path in PATHS for key in (ALICE, BOB, ZOE)}


def living(desk) -> set[tuple[str, str, str]]:
    db.session.rollback()
    return {
        (app.name, one.path, one.key)
        for app in apps.every()
        for one in guests.of_app(app, desk.clock.now)
    }


def test_a_guest_is_one_of_one_rule_of_one_app(desk, everywhere):
    assert living(desk) == everywhere
    books, later = apps.find("books"), desk.clock.now + timedelta(days=5)
    with transaction():
        assert guests.let_in(books, "/b", BOB, later, desk.clock.now)
    assert living(desk) == everywhere
    desk.clock.advance(days=1)
    assert living(desk) == {("books", "/b", BOB)}
    desk.clock.advance(days=5)
    assert living(desk) == set()


def test_whom_one_app_lets_in_no_more_comes_in_at_the_others(desk, everywhere):
    with transaction():
        assert guests.end(apps.find("books"), BOB, desk.clock.now) == 3
    assert everywhere - living(desk) == {("books", path, BOB) for path in PATHS}


def test_with_a_rule_its_guests_go_and_no_others(desk, everywhere):
    with transaction():
        guests.end_at(apps.find("books"), ["/b"], desk.clock.now)
    assert everywhere - living(desk) == {("books", "/b", key) for key in (ALICE, BOB, ZOE)}


def test_who_is_no_guest_any_more_does_not_end_once_more(desk, everywhere):
    with transaction():
        guests.end(apps.find("books"), BOB, desk.clock.now)
        guests.end_at(apps.find("books"), ["/b"], desk.clock.now)
    ended = db.session.query(Event.subject).filter_by(kind="guest.ended")
    assert sorted(one.subject for one in ended) == [ALICE, BOB, ZOE]


def test_what_is_open_to_guests_is_told_by_app_until_their_date(desk, everywhere):
    by_app = {apps.find(name).id: PATHS for name in NAMES}
    assert guests.paths_of((BOB,), desk.clock.now) == by_app
    for _ in range(2):
        desk.clock.advance(days=1)
        assert guests.paths_of((BOB,), desk.clock.now) == {}


def test_no_guest_passes_a_rule_that_their_app_has_not(desk):
    for name, path in zip(NAMES, PATHS, strict=True):
        rules = (Rule(path, ("group:staff",)),)
        keep(desk, Plan(name, name, f"https://{name}.example.org", rules))
    books, now = apps.find("books"), desk.clock.now
    with transaction():
        for path in PATHS:
            assert guests.let_in(books, path, BOB, now + DAY, now) is (path == "/b")
    assert living(desk) == {("books", "/b", BOB)}


def test_the_rules_that_guests_pass_are_those_of_now(desk, everywhere):
    with transaction():
        books, now = apps.find("books"), desk.clock.now
        db.session.execute(update(App.__table__).values(rules=[]))  # as somebody else would
        assert not guests.let_in(books, "/b", BOB, now + DAY, now)


def test_an_app_that_was_removed_meanwhile_lets_nobody_in(desk, everywhere):
    books, now = apps.find("books"), desk.clock.now
    db.session.expunge(books)
    with transaction():
        apps.remove("books", now)
    with transaction():
        assert not guests.let_in(books, "/b", BOB, now + DAY, now)


def test_the_longest_path_fits_the_trail(desk):
    path = "/" + "a" * 399
    keep(desk, Plan("books", "b", "https://books.example.org", (Rule(path, ("group:staff",)),)))
    let_in(desk, BOB, path, name="books")
    (event,) = db.session.query(Event).filter_by(kind="guest.let_in")
    assert len(event.detail) == 200
    assert db.session.query(Guest.path).scalar() == path
