"""Apps: added, changed and removed, and refused where they could not be told apart."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import App, Event, Guest, User
from otpapp.rules import groups
from otpapp.rules.gate import apps, guests, people, rules
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.rules.proofs import Proof
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.rules.desk import count

DAY = timedelta(days=1)
ALL = Rule("/", ("everyone",))
WIKI = Plan("wiki", "Our wiki", "https://wiki.example.org", (ALL,))
BOOKS = Plan(
    "books",
    "Books",
    "https://books.example.org",
    (ALL, Rule("/cash", ("group:office", "bob@example.org"), "two", timedelta(minutes=15))),
)


def times(kind: str) -> int:
    return count(Event, Event.kind == kind)


def keep(desk, *plans: Plan) -> list[str | None]:
    with transaction():
        return [apps.keep(plan, desk.clock.now) for plan in plans]


def test_what_is_kept_is_found_by_name_and_by_address(desk):
    assert keep(desk, WIKI, BOOKS) == ["added", "added"]
    assert [apps.plan_of(one) for one in apps.every()] == [BOOKS, WIKI]
    assert apps.plan_of(apps.find("books")) == BOOKS
    assert apps.at("https://wiki.example.org").name == "wiki"
    assert apps.find("other") is None
    for origin in ("https://a.example.org", "https://wiki.example.org:8443"):
        assert apps.at(origin) is None


def test_to_keep_it_twice_changes_nothing_and_a_change_is_in_the_trail(desk):
    keep(desk, WIKI)
    assert keep(desk, WIKI) == ["same"]
    assert keep(desk, Plan("wiki", "Wiki", "https://w.example.org", ())) == ["changed"]
    assert apps.find("wiki").origin == "https://w.example.org"
    assert times("app.added") == times("app.changed") == 1


def test_who_adds_a_name_that_somebody_else_just_added_is_told(desk):
    keep(desk, WIKI)
    with transaction():
        new = App(created_at=desk.clock.now)
        assert not apps.put(new, replace(BOOKS, name="wiki"), "added", desk.clock.now)
    assert [apps.plan_of(one) for one in apps.every()] == [WIKI]


def test_one_address_is_one_app(desk):
    keep(desk, WIKI, BOOKS)
    assert keep(desk, Plan("other", "Other", WIKI.origin, (ALL,))) == [None]
    assert keep(desk, Plan("books", "Books", WIKI.origin, (ALL,))) == [None]
    assert keep(desk, Plan("other", "Other", f"{WIKI.origin}:8443", (ALL,))) == [None]
    assert keep(desk, Plan("wiki", "Wiki", f"{WIKI.origin}:8443", (ALL,))) == ["changed"]
    assert [one.name for one in apps.every()] == ["books", "wiki"]
    assert apps.plan_of(apps.find("books")) == BOOKS


def test_a_name_that_somebody_else_took_meanwhile_is_taken(desk):
    keep(desk, WIKI)
    with transaction():
        new, now = App(created_at=desk.clock.now), desk.clock.now
        assert not apps.put(new, replace(BOOKS, name="wiki"), "added", now)
    assert [apps.plan_of(one) for one in apps.every()] == [WIKI]
    assert times("app.added") == 1


def test_what_is_locked_is_read_anew(desk):
    keep(desk, WIKI)
    with transaction():
        assert apps.find("wiki").title == "Our wiki"
        db.session.execute(update(App.__table__).values(title="Theirs"))  # as somebody else would
        assert apps.lock("wiki").title == "Theirs"


def test_what_is_removed_is_gone_with_its_guests(desk):
    keep(desk, WIKI)
    let_in(desk, "bob@example.org")
    with transaction():
        assert apps.remove("wiki", desk.clock.now)
        assert not apps.remove("wiki", desk.clock.now)
    assert (apps.every(), count(Guest), times("app.removed")) == ([], 0, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Wiki"}, "a name has 1 to 40"),
        ({"name": ""}, "a name has 1 to 40"),
        ({"name": "a" * 41}, "a name has 1 to 40"),
        ({"title": ""}, "a title has 1 to 80"),
        ({"title": "x" * 81}, "a title has 1 to 80"),
        ({"title": "a\nb"}, "a title has 1 to 80"),
        ({"origin": "wiki.example.org"}, "an address is scheme and host"),
        ({"origin": "https://WIKI.example.org"}, "an address is scheme and host"),
        ({"origin": "https://wiki.example.org/a"}, "an address is scheme and host"),
        ({"origin": "https://auth.example.org"}, "is the host of this site itself"),
        ({"origin": "https://auth.example.org:8443"}, "is the host of this site itself"),
        ({"origin": "http://wiki.example.org"}, "an address must be https"),
        ({"rules": (ALL, ALL)}, "two rules are for the same path"),
        (
            {"rules": tuple(Rule(f"/{one}", ("everyone",)) for one in range(51))},
            "an app has at most 50 rules",
        ),
        ({"rules": (Rule("admin", ("everyone",)),)}, "admin: a path begins with /"),
        ({"rules": (Rule("/a/../b", ("everyone",)),)}, "a path begins with /"),
        ({"rules": (Rule("/a/", ("everyone",)),)}, "a path begins with /"),
        ({"rules": (Rule("/cafe\u0301", ("everyone",)),)}, "a path begins with /"),
        ({"rules": (Rule("/", ()),)}, "a rule says whom it allows"),
        ({"rules": (Rule("/", ("everyone",), "three"),)}, "proofs are one, two or passkey"),
        (
            {"rules": (Rule("/", ("everyone",), "one", timedelta(days=30, seconds=1)),)},
            "fresh is 1 minute to 30 days",
        ),
        (
            {"rules": (Rule("/", ("everyone",), "one", timedelta(seconds=59)),)},
            "fresh is 1 minute to 30 days",
        ),
        ({"rules": (Rule("/", ("anyone",), "two"),)}, "what is open to anyone asks for no proofs"),
        (
            {"rules": (Rule("/", ("anyone",), "one", DAY),)},
            "what is open to anyone asks for no proofs",
        ),
    ],
)
def test_what_cannot_be_kept_is_said(changes, said):
    plan = Plan(**{"name": "w", "title": "W", "origin": WIKI.origin, "rules": (ALL,)} | changes)
    (fault,) = apps.faults(plan, make_settings())
    assert said in fault


def test_what_is_right_has_no_faults():
    first = Plan("a", "A", "https://a.example.org", ())
    for plan in (WIKI, BOOKS, first, Plan("w", "W", "http://localhost:5001", ())):
        assert apps.faults(plan, make_settings()) == []
    longest = tuple(
        Rule(f"/{number:0399}", ("everyone",), "one", (timedelta(minutes=1), 30 * DAY)[number % 2])
        for number in range(50)
    )
    most = Plan("w" * 40, "W" * 80, WIKI.origin, longest)
    assert apps.faults(most, make_settings()) == []
    plain = Plan("w", "W", "http://wiki.example.org", ())
    assert apps.faults(plain, make_settings(mode="development")) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/", "/"),
        ("/admin/", "/admin"),
        ("/Über uns", "/Über uns"),
        ("admin", None),
        ("", None),
        ("/a//b", None),
        ("/a/ /b", None),
        ("/a/..", None),
        ("/a;b", None),
        ("/a\\b", None),
        ("/a?b", None),
        ("/a#b", None),
        ("/a%20b", None),
        ("/a\nb", None),
        ("/" + "a" * 399, "/" + "a" * 399),
        ("/" + "a" * 400, None),
    ],
)
def test_paths_of_rules(text, kept):
    assert rules.canonical_path(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("anyone", "anyone"),
        (" everyone ", "everyone"),
        ("group:office", "group:office"),
        ("group:", None),
        ("group:Office", None),
        ("Alice@Example.org", "alice@example.org"),
        ("+1 202 555 0143", "+12025550143"),
        ("somebody", None),
        ("", None),
    ],
)
def test_whom_rules_name(text, kept):
    assert rules.canonical_who(text, make_settings()) == kept


def let_in(desk, key: str, path: str = "/", days: int = 1, name: str = "wiki") -> None:
    with transaction():
        guests.let_in(apps.find(name), path, key, desk.clock.now + days * DAY, desk.clock.now)


def test_a_guest_passes_one_rule_until_a_date(desk):
    keep(desk, WIKI, BOOKS)
    let_in(desk, "bob@example.org")
    let_in(desk, "zoe@example.org", "/cash", name="books")
    wiki, now = apps.find("wiki"), desk.clock.now
    assert guests.paths_of(("bob@example.org", "+1"), now) == {wiki.id: ("/",)}
    assert guests.paths_of((), now) == {}
    let_in(desk, "bob@example.org", "/cash", name="books")
    let_in(desk, "bob@example.org", "/", name="books")
    books = apps.find("books")
    assert guests.paths_of(("zoe@example.org",), now) == {books.id: ("/cash",)}
    of_bob = {wiki.id: ("/",), books.id: ("/cash", "/")}
    assert guests.paths_of(("bob@example.org",), now + DAY - timedelta(seconds=1)) == of_bob
    assert guests.paths_of(("bob@example.org",), now + DAY) == {}


def test_what_is_open_to_somebody_is_found_at_its_first_path(desk, alice):
    keep(
        desk,
        Plan("a", "A", "https://a.example.org", (Rule("/", ("group:board",)),)),
        Plan("b", "B", "https://b.example.org", (Rule("/café", ("everyone",)), Rule("/z", ()))),
        Plan("c", "C", "https://c.example.org", (Rule("/", ("everyone",), "two"),)),
        Plan("d", "D", "https://d.example.org", ()),
    )
    desk.sign_in()
    given = (Proof("email", desk.clock.now),)
    found = people.openings(alice.user_id, given, desk.settings, desk.clock.now)
    assert found == [
        people.Opening("B", "https://b.example.org/caf%C3%A9", asks_more=False),
        people.Opening("C", "https://c.example.org/", asks_more=True),
    ]


def test_where_there_is_nothing_nothing_is_open(desk, alice):
    assert people.openings(alice.user_id, (), desk.settings, desk.clock.now) == []


def test_a_new_date_takes_the_place_of_the_one_before_and_an_end_is_at_once(desk):
    keep(desk, WIKI, BOOKS)
    for days in (1, 5):
        let_in(desk, "bob@example.org", days=days)
    let_in(desk, "bob@example.org", "/cash", name="books")
    let_in(desk, "zoe@example.org")
    wiki = apps.find("wiki")
    found = guests.of_app(wiki, desk.clock.now)
    assert [(one.key, one.until - desk.clock.now) for one in found] == [
        ("bob@example.org", 5 * DAY),
        ("zoe@example.org", DAY),
    ]
    with transaction():
        assert guests.end(wiki, "bob@example.org", desk.clock.now) == 1
        assert guests.end(wiki, "bob@example.org", desk.clock.now) == 0
    assert [one.key for one in guests.of_app(wiki, desk.clock.now)] == ["zoe@example.org"]
    assert len(guests.of_app(apps.find("books"), desk.clock.now)) == 1
    assert times("guest.ended") == 1


def test_somebody_is_their_verified_identifiers_groups_and_rights_as_a_guest(desk, alice, bob):
    keep(desk, WIKI)
    let_in(desk, alice.address)
    wiki, given = apps.find("wiki"), (Proof("email", desk.clock.now),)
    who = people.somebody(alice.user_id, wiki, given, desk.clock.now)
    assert (who.addresses, who.groups, who.guest_of, who.proofs) == ((), (), (), given)
    desk.sign_in()
    with transaction():
        for name in ("staff", "office"):
            assert groups.add(alice.user_id, name, desk.clock.now)
        assert not groups.add(alice.user_id, "office", desk.clock.now)
        groups.add(bob.user_id, "office", desk.clock.now)
    who = people.somebody(alice.user_id, wiki, (), desk.clock.now)
    assert (who.role, who.addresses, who.guest_of) == ("member", (alice.address,), ("/",))
    assert who.groups == ("office", "staff")
    assert groups.sizes() == [("office", 2), ("staff", 1)]
    with transaction():
        assert groups.remove(alice.user_id, "office", desk.clock.now)
        assert not groups.remove(alice.user_id, "office", desk.clock.now)
    assert groups.of(alice.user_id) == ("staff",)
    assert groups.of(bob.user_id) == ("office",)
    assert (times("group.joined"), times("group.left")) == (3, 1)


def test_who_is_disabled_or_nobody_is_nobody(desk, alice):
    keep(desk, WIKI)
    wiki = apps.find("wiki")
    assert people.somebody(uuid4(), wiki, (), desk.clock.now) is None
    with transaction():
        db.session.get(User, alice.user_id).disabled_at = desk.clock.now
    assert people.somebody(alice.user_id, apps.find("wiki"), (), desk.clock.now) is None


@pytest.mark.parametrize(
    ("host", "is_wrong"),
    [
        ("wiki.other.net", True),
        ("wiki.example.org", False),
        ("example.org", False),
        ("evilexample.org", True),
    ],
)
def test_an_app_outside_the_domain_of_the_one_cookie_is_refused(host, is_wrong):
    plan = Plan("wiki", "Wiki", f"https://{host}", (Rule("/", ("everyone",)),))
    found = apps.faults(plan, make_settings(gate_cookie_domain="example.org"))
    assert found == ([f"{host} gets no cookie of OTPAPP_GATE_COOKIE_DOMAIN"] if is_wrong else [])


def test_guests_go_with_their_rule_and_are_none_of_a_later_one(desk):
    """A later rule of the same path may be for others."""
    rules = (Rule("/", ("everyone",)), Rule("/board", ("group:board",)))
    plan = Plan("wiki", "Wiki", "https://wiki.example.org", rules)
    keep(desk, plan)
    let_in(desk, "bob@example.org", "/board")
    let_in(desk, "bob@example.org")
    keep(desk, replace(plan, rules=rules[:1]))
    wiki, now = apps.find("wiki"), desk.clock.now
    assert guests.paths_of(("bob@example.org",), now) == {wiki.id: ("/",)}
    keep(desk, plan)
    assert guests.paths_of(("bob@example.org",), now) == {wiki.id: ("/",)}
    assert times("guest.ended") == 1
