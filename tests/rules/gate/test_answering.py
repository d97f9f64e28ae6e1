"""Answering who asks for access: one answer counts, and lets in exactly where it says."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import AccessRequest, Identifier, User
from otpapp.rules import groups
from otpapp.rules.gate import answering, apps
from otpapp.rules.gate.answering import Chance, Outcome
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.rules.desk import count, in_parallel
from tests.rules.gate.asking import WIKI, add_second_address, guests, rows, said, told

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def until(asking, days: float = 30):
    return asking.clock.now + days * DAY


def test_who_is_granted_access_passes_the_rule_that_refused_them(asking, alice, zoe):
    asking.ask("/office")
    asking.clock.advance(minutes=5)
    assert asking.case().chance is Chance.GRANTABLE
    assert asking.grant(1, until(asking)) is Outcome.DONE
    assert guests() == [(alice.address, "/office")]
    (row,) = rows()
    assert (row.verdict, row.until) == ("granted", until(asking))
    assert (row.answered_at, row.answered_by) == (asking.clock.now, zoe.user_id)
    (event,) = said("access.granted")
    assert (event.user_id, event.subject) == (zoe.user_id, alice.address)
    assert event.detail == "wiki/office"
    assert said("guest.let_in")[0].user_id == zoe.user_id
    assert told()[1:] == [("access.answered", alice.address)]
    (answered,) = said("access.answered")
    assert (answered.user_id, answered.subject) == (alice.user_id, "wiki")
    assert answered.detail == "1 wiki"
    assert asking.case().chance is Chance.OPEN_ALREADY


def test_who_is_refused_stays_out_and_may_ask_again(asking, alice, zoe):
    asking.ask()
    assert asking.refuse(1) is Outcome.DONE
    assert guests() == []
    (event,) = said("access.refused")
    assert (event.user_id, event.subject, event.detail) == (zoe.user_id, alice.address, "wiki/")
    assert (rows()[0].verdict, rows()[0].until) == ("refused", None)
    assert told()[1:] == [("access.answered", alice.address)]
    assert asking.ask() is None
    assert [row.verdict for row in rows()] == ["refused", ""]


def test_an_answer_is_one_to_one_request(asking):
    for path in ("/", "/office", "/a"):
        asking.ask(path)
    assert asking.refuse(2) is Outcome.DONE
    assert [row.verdict for row in rows()] == ["", "refused", ""]
    found = answering.open_ones(asking.settings, asking.clock.now)
    assert [one.request.id for one in found] == [1, 3]


def test_where_nobody_asks_nothing_is_open(asking):
    assert answering.how_many_open() == 0


@pytest.mark.parametrize("shown", ["/", "/office/x", "/z"])
def test_who_saw_another_rule_than_the_one_that_refuses_them_now_is_told_so(asking, shown):
    asking.ask("/office")
    assert asking.grant(1, until(asking), shown) is Outcome.STALE
    assert (guests(), rows()[0].verdict) == ([], "")


def test_the_second_answer_is_told_that_it_came_late(asking):
    asking.ask()
    assert asking.refuse(1) is Outcome.DONE
    assert asking.grant(1, until(asking)) is Outcome.LATE
    assert asking.refuse(1) is Outcome.LATE
    assert (guests(), rows()[0].verdict) == ([], "refused")
    assert len(said("access.answered")) == 1


def test_of_two_admins_who_answer_at_once_one_does(asking, app):
    asking.ask()
    last = until(asking)
    done = in_parallel(app, 4, lambda number: asking.grant(1, last))
    assert sorted(done) == [Outcome.DONE, *[Outcome.LATE] * 3]
    assert len(guests()) == len(said("access.granted")) == 1


@pytest.mark.parametrize(
    ("span", "outcome"),
    [
        (DAY - SECOND, Outcome.BAD_DATE),
        (DAY, Outcome.DONE),
        (366 * DAY, Outcome.DONE),
        (366 * DAY + SECOND, Outcome.BAD_DATE),
    ],
)
def test_access_is_granted_for_a_day_to_a_year(asking, span, outcome):
    asking.ask()
    assert asking.grant(1, asking.clock.now + span) is outcome
    assert bool(guests()) is (outcome is Outcome.DONE)


def test_without_a_date_nobody_is_let_in(asking):
    asking.ask()
    assert asking.grant(1, None) is Outcome.BAD_DATE
    assert (guests(), rows()[0].answered_at) == ([], None)


def test_what_is_open_to_them_meanwhile_is_granted_without_a_guest(asking, alice):
    asking.ask()
    with transaction():
        groups.add(alice.user_id, "staff", asking.clock.now)
    assert asking.case().chance is Chance.OPEN_ALREADY
    assert asking.grant(1, None) is Outcome.DONE
    assert (guests(), rows()[0].verdict, rows()[0].until) == ([], "granted", None)
    assert len(said("access.answered")) == 1


def test_where_no_rule_is_any_more_it_cannot_be_granted(asking):
    asking.ask("/office")
    asking.keep(Rule("/other", ("everyone",)))
    assert (asking.case().chance, asking.case().rule) == (Chance.NO_RULE, None)
    assert asking.grant(1, until(asking)) is Outcome.IMPOSSIBLE
    assert rows()[0].answered_at is None
    assert asking.refuse(1) is Outcome.DONE
    assert said("access.refused")[0].detail == "wiki/office"


def test_another_rule_than_the_one_that_was_shown_is_granted_by_nobody(asking):
    asking.ask("/office")
    asking.keep(Rule("/office", ("group:staff",)), Rule("/office/pay", ("group:pay",)))
    assert asking.grant(1, until(asking), shown="/office/pay") is Outcome.STALE
    assert (guests(), rows()[0].answered_at) == ([], None)


def test_a_rule_that_refuses_them_now_is_the_one_they_pass(asking, alice):
    asking.ask("/office")
    asking.keep(Rule("/", ("group:staff",)))
    assert asking.grant(1, until(asking)) is Outcome.DONE
    assert guests() == [(alice.address, "/")]


def test_who_is_disabled_or_has_no_identifier_any_more_is_not_let_in(asking, alice):
    asking.ask()
    with transaction():
        db.session.query(Identifier).filter_by(user_id=alice.user_id).delete()
    assert asking.case().chance is Chance.NOBODY
    with transaction():
        db.session.get(User, alice.user_id).disabled_at = asking.clock.now
    assert (asking.case().chance, asking.case().who) == (Chance.NOBODY, None)
    assert asking.grant(1, until(asking)) is Outcome.IMPOSSIBLE
    assert asking.refuse(1) is Outcome.DONE
    assert said("access.refused")[0].subject == str(alice.user_id)


def test_the_first_of_their_identifiers_is_let_in(asking, alice):
    add_second_address(alice, asking.clock.now)
    asking.ask()
    asking.grant(1, until(asking))
    assert guests() == [(alice.address, "/")]
    assert said("access.granted")[0].subject == alice.address


def test_the_lists_have_the_oldest_open_and_the_newest_answered_first(asking):
    for path in ("/", "/office", "/a", "/b"):
        asking.ask(path)
    for number in (3, 1):
        asking.clock.advance(minutes=1)
        asking.refuse(number)
    args = (asking.settings, asking.clock.now)
    assert [one.request.id for one in answering.open_ones(*args)] == [2, 4]
    assert answering.how_many_open() == 2
    assert [one.request.id for one in answering.answered_lately(*args)] == [1, 3]
    assert {one.app.name for one in answering.open_ones(*args)} == {"wiki"}


def test_the_lists_go_on_after_a_number_and_end_somewhere(asking, alice):
    with transaction():
        wiki = apps.find("wiki")
        for number in range(122):
            db.session.add(
                AccessRequest(
                    app_id=wiki.id,
                    user_id=alice.user_id,
                    path=f"/{number}",
                    url=f"{WIKI}/{number}",
                    words="for a report",
                    created_at=asking.clock.now,
                    answered_at=asking.clock.now if number < 21 else None,
                    verdict="refused" if number < 21 else "",
                )
            )
            db.session.flush()
    args = (asking.settings, asking.clock.now)
    assert [one.request.id for one in answering.answered_lately(*args)] == [*range(21, 1, -1)]
    assert [one.request.id for one in answering.open_ones(*args)] == [*range(22, 122)]
    assert [one.request.id for one in answering.open_ones(*args, after=120)] == [121, 122]
    assert answering.how_many_open() == 101


def test_the_longest_names_fit_the_trail(asking):
    path = "/" + "a" * 399
    asking.keep(Rule(path, ("group:x",)))
    asking.ask(path)
    asking.grant(1, until(asking))
    assert len(said("access.granted")[0].detail) == 200


def test_a_user_who_goes_takes_their_requests_along_and_leaves_their_answers(asking, alice, zoe):
    asking.ask()
    asking.refuse(1)
    with transaction():
        db.session.query(User).filter_by(id=zoe.user_id).delete()
    assert rows()[0].answered_by is None
    with transaction():
        db.session.query(User).filter_by(id=alice.user_id).delete()
    assert count(AccessRequest) == 0
