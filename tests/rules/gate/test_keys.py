"""Access keys: one program, one app, one path and below, until a date."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import AccessKey, Event
from otpapp.rules.gate import apps, keys, wanted
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.deciding import Answer
from otpapp.rules.gate.keys import Program
from otpapp.rules.handles import digest
from otpapp.transaction import transaction

WIKI, BOOKS = "https://wiki.example.org", "https://books.example.org"


@pytest.fixture
def make(context, clock):
    """Return what makes a key that lasts a day, at the wiki unless said otherwise."""
    with transaction():
        for name, origin in (("wiki", WIKI), ("books", BOOKS)):
            apps.keep(Plan(name, name, origin, ()), clock.now)

    def make(name: str = "backup", path: str = "/api", app: str = "wiki") -> str | None:
        with transaction():
            until = clock.now + timedelta(days=1)
            return keys.make(apps.find(app), name, path, until, clock.now)

    return make


@pytest.fixture
def look(clock):
    def look(token: str, origin: str = WIKI) -> Program | None:
        return keys.look(keys.prepare(db.engine), origin, token, clock.now)

    return look


def test_a_key_says_what_it_is_and_is_kept_as_a_hash(make, look):
    token = make()
    assert token.startswith("otpk_")
    assert len(token) > 40
    assert db.session.scalar(select(AccessKey.token_hash)) == digest(token)
    found = look(token)
    assert (found.name, found.path, found.due) == ("backup", "/api", True)


def test_a_key_is_of_one_app(make, look):
    token = make()
    assert look(token, BOOKS) is None
    assert look(token, "https://other.example.org") is None
    assert look(make(app="books"), WIKI) is None


@pytest.mark.parametrize("kept", [bytes(32), b"\xff" * 32])
def test_a_key_is_known_by_its_whole_hash(make, look, kept):
    token = make()
    assert look(token[:-1]) is None
    with transaction():
        db.session.query(AccessKey).update({"token_hash": kept})
    assert look(token) is None


def test_a_key_lasts_until_its_date(make, look, clock):
    token = make()
    clock.advance(hours=24, seconds=-1)
    assert look(token)
    for _ in range(2):
        clock.advance(seconds=1)
        assert look(token) is None
        assert keys.of_app(apps.find("wiki"), clock.now) == []


def test_a_name_is_taken_while_its_key_lives(make, clock, look):
    first = make()
    assert make() is None
    assert make(app="books")
    with transaction():
        assert keys.end(apps.find("wiki"), "backup", clock.now)
        assert not keys.end(apps.find("wiki"), "backup", clock.now)
    assert look(first) is None
    assert make()


def test_one_key_ends_and_all_others_go_on(make, clock):
    for app in ("wiki", "books"):
        for name in ("a", "b", "c"):
            make(name, app=app)

    def living(app: str) -> list[str]:
        return [one.name for one in keys.of_app(apps.find(app), clock.now)]

    with transaction():
        keys.end(apps.find("wiki"), "b", clock.now)
    assert (living("wiki"), living("books")) == (["a", "c"], ["a", "b", "c"])
    with transaction():
        keys.end(apps.find("books"), "a", clock.now)
    assert (living("wiki"), living("books")) == (["a", "c"], ["b", "c"])


@pytest.mark.parametrize("name", ["\x00", "\ud800", "Backup", ""])
def test_what_is_no_name_ends_nothing(make, clock, name):
    make()
    with transaction():
        assert not keys.end(apps.find("wiki"), name, clock.now)
    assert apps.find(name) is None


def test_keys_come_in_the_order_of_their_names(make, clock):
    for name in ("c", "a", "b"):
        make(name)
    assert [one.name for one in keys.of_app(apps.find("wiki"), clock.now)] == ["a", "b", "c"]


def test_only_the_key_that_was_used_is_noted(make, look, clock):
    tokens = [make(name) for name in ("a", "b", "c")]
    with transaction():
        keys.use(look(tokens[1]), clock.now)
    assert [look(token).due for token in tokens] == [True, False, True]


def test_the_longest_path_fits_the_trail(make):
    make(path="/" + "a" * 399)
    (detail,) = db.session.scalars(select(Event.detail).where(Event.kind == "access_key.made"))
    assert len(detail) == 200


def test_the_last_use_is_noted_once_a_minute(make, look, clock):
    token = make()
    with transaction():
        keys.use(look(token), clock.now)
    assert db.session.scalar(select(AccessKey.used_at)) == clock.now
    clock.advance(seconds=59)
    assert not look(token).due
    clock.advance(seconds=1)
    assert look(token).due


def test_events_tell_who_was_made_and_ended_and_no_secret(make, clock):
    token = make()
    with transaction():
        keys.end(apps.find("wiki"), "backup", clock.now)
    found = db.session.execute(
        select(Event.kind, Event.subject, Event.detail).where(Event.kind.like("access_key%"))
    ).all()
    assert [tuple(row) for row in found] == [
        ("access_key.made", "backup", "wiki/api until 2026-03-04 12:00 UTC"),
        ("access_key.ended", "backup", "wiki"),
    ]
    assert token not in str(found)


def test_a_key_goes_with_its_app(make, look, clock):
    token = make()
    with transaction():
        apps.remove("wiki", clock.now)
    assert look(token) is None


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/api", Answer.ENTER),
        ("/api/x?y=/../z", Answer.ENTER),
        ("/apix", Answer.REFUSED),
        ("/", Answer.REFUSED),
        ("/API", Answer.REFUSED),
        ("/api/../admin", Answer.REFUSED),
        ("/api/..%2fadmin", Answer.REFUSED),
        ("/api//x", Answer.REFUSED),
        ("/api;/x", Answer.REFUSED),
    ],
)
def test_a_key_opens_its_path_and_below_it(path, answer):
    program = Program(1, "backup", "/api", due=False)
    assert keys.decide(program, wanted.read(WIKI + path)) is answer


def test_what_no_key_can_be_is_said():
    assert keys.faults("backup", "/api/") == []
    assert [one.split()[1] for one in keys.faults("Back up", "api")] == ["name", "path"]
