"""Asking for access: one open request a rule, few a day, and the admins are told."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import AccessRequest, App, Message, User
from otpapp.rules import groups, limits, roles
from otpapp.rules.gate import apps, deciding, people, requests, wanted
from otpapp.transaction import transaction
from tests.rules.desk import HERE, count, in_parallel
from tests.rules.gate.asking import WIKI, Desk, add_second_address, guests, rows, said, told

DAY = timedelta(days=1)


def test_what_is_asked_for_is_kept_and_in_the_trail(asking, alice):
    assert asking.ask("/office", "for a report") is None
    (row,) = rows()
    assert (row.user_id, row.path, row.url) == (alice.user_id, "/office", f"{WIKI}/office")
    assert (row.words, row.created_at, row.verdict) == ("for a report", asking.clock.now, "")
    assert (row.answered_at, row.answered_by, row.until) == (None, None, None)
    (event,) = said("access.asked")
    assert (event.user_id, event.subject, event.detail) == (alice.user_id, "wiki", "/office")
    assert event.ip == HERE
    assert guests() == []


def test_the_longest_path_fits_the_trail(asking):
    asking.ask("/" + "a" * 399)
    assert len(said("access.asked")[0].detail) == 200


def test_to_ask_again_changes_the_words_and_tells_nobody_once_more(asking, zoe):
    for words in ("for a report", "it is urgent"):
        assert asking.ask(words=words) is None
        asking.clock.advance(minutes=1)
    assert [row.words for row in rows()] == ["it is urgent"]
    assert told() == [("access.announced", zoe.address)]
    assert len(said("access.asked")) == 1


def test_each_rule_and_each_app_is_asked_for_apart(asking):
    asking.keep(name="books")
    asking.ask()
    asking.ask("/office")
    asking.ask(name="books")
    assert [(row.path, row.url) for row in rows()] == [
        ("/", f"{WIKI}/"),
        ("/office", f"{WIKI}/office"),
        ("/", "https://books.example.org/"),
    ]


@pytest.fixture
def neighbours(asking, bob, zoe) -> list[Desk]:
    """Bob, whose number comes before Alice's, and Zoe, whose number comes after it."""
    for name in ("books", "cars"):
        asking.keep(name=name)
    asking.verify()
    return [Desk(asking.settings, asking.clock, one, zoe) for one in (bob, zoe)]


def test_no_request_of_another_user_app_or_path_is_taken_for_it(asking, neighbours, alice):
    for one in neighbours:
        one.ask("/m", name="books")
    for name, path in (("wiki", "/m"), ("cars", "/m"), ("books", "/"), ("books", "/z")):
        asking.ask(path, name=name)
    asking.ask("/m", name="books")
    asking.ask("/m", "other words", name="books")
    assert [row.words for row in rows()] == ["for a report"] * 6 + ["other words"]
    assert requests.open_at(apps.find("books"), "/m", alice.user_id).id == 7
    assert requests.find(0) is None
    assert [requests.find(number).id for number in range(1, 8)] == list(range(1, 8))


def test_the_last_answer_is_one_to_this_user_at_this_app(asking, neighbours, alice):
    asking.ask(name="books")
    for name in ("wiki", "cars"):
        asking.ask(name=name)
    for one in neighbours:
        one.ask(name="books")
    for number in range(1, 6):
        asking.refuse(number)
        asking.clock.advance(minutes=1)
    assert requests.last_answered(apps.find("books"), alice.user_id).id == 1


def test_one_user_asks_for_five_a_day_and_for_more_the_day_after(asking, alice):
    for number in range(5):
        assert asking.ask(f"/{number}") is None
    refused = asking.ask("/more")
    assert (refused.limit, refused.most) == ("access_requests_per_user", 5)
    assert refused.until == asking.clock.now + DAY
    assert asking.ask("/4", "other words") is None
    assert len(rows()) == 5
    (event,) = said("limit.reached")
    assert (event.subject, event.detail) == (str(alice.user_id), "access_requests_per_user")
    asking.clock.advance(days=1)
    assert asking.ask("/more") is None


def test_two_at_once_are_one(asking, app, zoe):
    in_parallel(app, 4, lambda number: asking.ask(words=f"words {number}"))
    assert len(rows()) == 1
    assert told() == [("access.announced", zoe.address)]


def test_every_admin_with_a_mail_address_is_told_and_nobody_else(asking, alice, bob, zoe):
    with transaction():
        roles.give(bob.user_id, "admin", asking.clock.now)
    asking.verify()
    asking.ask()
    assert told() == [("access.announced", zoe.address)]
    (of_zoe,) = [one for one in said("access.announced") if one.user_id == zoe.user_id]
    assert (of_zoe.subject, of_zoe.detail) == (alice.address, "1 wiki")
    assert db.session.query(Message.channel).distinct().all() == [("email",)]


def test_admins_are_told_the_first_of_the_identifiers_of_who_asks(asking, alice):
    add_second_address(alice, asking.clock.now)
    asking.ask()
    assert {one.subject for one in said("access.announced")} == {alice.address}


def test_an_admin_who_is_disabled_is_not_told(asking, zoe):
    with transaction():
        db.session.get(User, zoe.user_id).disabled_at = asking.clock.now
    asking.ask()
    assert (told(), said("access.announced")) == ([], [])


def test_an_admin_is_told_so_often_a_day_and_the_list_has_the_rest(asking, monkeypatch):
    few = limits.Limit("access_notices_per_admin", 2, limits.DAY)
    monkeypatch.setattr(limits, "access_notices_per_admin", lambda _: few)
    for number in range(3):
        assert asking.ask(f"/{number}") is None
    assert (len(told()), len(rows())) == (2, 3)
    asking.clock.advance(days=1)
    asking.ask("/more")
    assert len(told()) == 3


def test_the_limit_of_notices_is_twenty_a_day(settings):
    found = limits.access_notices_per_admin(settings)
    assert (found.name, found.most, found.window) == ("access_notices_per_admin", 20, DAY)


def test_the_open_request_and_the_last_answer_are_found(asking, alice, bob):
    asking.keep(name="books")
    for name in ("wiki", "books"):
        asking.ask(name=name)
    wiki = apps.find("wiki")
    assert requests.open_at(wiki, "/", alice.user_id).id == 1
    assert requests.open_at(wiki, "/office", alice.user_id) is None
    assert requests.open_at(wiki, "/", bob.user_id) is None
    assert requests.last_answered(wiki, alice.user_id) is None
    asking.refuse(1)
    asking.ask("/office")
    wiki = apps.find("wiki")
    assert requests.open_at(wiki, "/", alice.user_id) is None
    assert requests.last_answered(wiki, alice.user_id).id == 1
    assert requests.last_answered(apps.find("books"), alice.user_id) is None
    assert requests.last_answered(wiki, bob.user_id) is None
    asking.clock.advance(minutes=1)
    asking.refuse(3)
    assert requests.last_answered(apps.find("wiki"), alice.user_id).id == 3
    assert requests.find(9) is None


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("for a report", True),
        ("für Żółw 📄", True),
        ("x", True),
        ("x" * 300, True),
        ("x" * 301, False),
        ("", False),
        ("two\nlines", False),
        ("\u202egro.live", False),
        ("\x00", False),
    ],
)
def test_which_words_can_be_said(words, fits):
    assert requests.can_be_said(words) is fits


def test_only_who_is_refused_by_a_rule_can_ask(asking, alice):
    wiki = apps.find("wiki")

    def can(path: str, given=None) -> bool:
        given = apps.plan_of(wiki).rules if given is None else given
        who = people.somebody(alice.user_id, wiki, (), asking.clock.now)
        found = wanted.read(WIKI + path)
        decision = deciding.decide(given, found, who, asking.settings, asking.clock.now)
        return requests.can_be_made(decision, who)

    assert can("/office/x")
    assert not can("/x", ())
    with transaction():
        groups.add(alice.user_id, "office", asking.clock.now)
    wiki = apps.find("wiki")
    assert not can("/office/x")
    assert can("/x")


def test_nobody_and_who_has_no_verified_identifier_cannot_ask(asking, bob):
    wiki = apps.find("wiki")
    who = people.somebody(bob.user_id, wiki, (), asking.clock.now)
    decision = deciding.Decision(deciding.Answer.REFUSED, apps.plan_of(wiki).rules[0])
    assert not requests.can_be_made(decision, who)
    assert not requests.can_be_made(decision, None)


def test_an_event_finds_the_request_that_it_is_about(asking):
    asking.ask()
    (announced,) = said("access.announced")
    assert requests.of_event(announced).id == 1
    assert not requests.is_settled(announced)
    asking.clock.advance(minutes=5)
    asking.refuse(1)
    (answered,) = said("access.answered")
    assert requests.of_event(answered).id == 1
    assert not requests.is_settled(answered)
    assert requests.of_event(said("access.announced")[0]).id == 1
    assert requests.is_settled(said("access.announced")[0])


@pytest.mark.parametrize("span", [DAY, -DAY])
def test_a_number_that_came_a_second_time_is_not_taken_for_the_first(asking, span):
    """X49."""
    asking.ask()
    asking.clock.advance(minutes=5)
    asking.refuse(1)
    with transaction():
        db.session.query(AccessRequest).update(
            {"created_at": asking.clock.now + span, "answered_at": asking.clock.now + span}
        )
    for kind in ("access.announced", "access.answered"):
        (event,) = said(kind)
        assert requests.of_event(event) is None
        assert requests.is_settled(event)
    (asked,) = said("access.asked")
    assert requests.of_event(asked) is None  # it names none


def test_an_app_that_is_removed_takes_its_requests_along(asking):
    asking.ask()
    with transaction():
        apps.remove("wiki", asking.clock.now)
    assert count(App) == count(AccessRequest) == 0
    assert requests.is_settled(said("access.announced")[0])
