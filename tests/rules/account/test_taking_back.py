"""By the link of a notice, identifiers are for 72 hours what they were before it."""

from datetime import timedelta

import pytest

from otpapp.models import Identifier
from otpapp.rules import budgets, events, freezing
from otpapp.rules.account import adding, leaving, owning, taking_back
from otpapp.rules.factors import objections
from otpapp.rules.people import unlocking
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.verdicts import Standing
from otpapp.transaction import transaction
from tests.rules.account.owner import NEW
from tests.rules.desk import ALICE, count, in_parallel

EVIL = "evil@evil.example"


@pytest.fixture
def added(owner):
    """The event of an address that was added."""
    owner.add()
    return owner.last(adding.KIND)


@pytest.fixture
def removed(owner, added):
    """The event of Alice's old address that was removed."""
    owner.remove(ALICE)
    return owner.last(owning.REMOVED)


def test_what_was_added_goes_for_good(owner, added):
    assert owner.standing(added) is Standing.OPEN
    assert owner.object(added)
    assert owner.keys() == [ALICE]
    assert count(Identifier, Identifier.key == NEW) == 0
    assert owner.standing(added) is Standing.DONE


def test_what_was_removed_comes_back(owner, removed):
    assert owner.object(removed)
    assert owner.keys() == [ALICE, NEW]
    assert owner.standing(removed) is Standing.DONE
    assert owner.desk.sign_in_later(ALICE)


def test_everybody_is_let_out(owner, removed):
    owner.object(removed)
    assert owner.signed_in is None


def test_one_click_undoes_all_that_a_thief_changed(owner):
    owner.add(EVIL)
    first = owner.last(adding.KIND)
    owner.remove(ALICE)
    assert owner.object(first)
    assert owner.keys() == [ALICE]


def test_the_link_of_the_last_change_undoes_that_one_alone(owner, added):
    owner.add(EVIL)
    last = owner.last(adding.KIND)
    owner.object(last)
    assert owner.keys() == [ALICE, NEW]
    assert owner.standing(added) is Standing.OPEN, "it came before"
    assert owner.object(added)
    assert owner.keys() == [ALICE]


def test_a_later_change_is_done_with_an_earlier_one(owner, added):
    owner.add(EVIL)
    last = owner.last(adding.KIND)
    owner.object(added)
    assert owner.standing(last) is Standing.DONE
    assert not owner.object(last)


def test_all_who_are_left_are_told(owner, added):
    owner.object(added)
    event = owner.last(taking_back.TAKEN_BACK)
    assert owner.told(event) == [ALICE]
    assert event.detail == str(added.id)
    assert not objections.can_be_made(event)


def test_whoever_added_one_and_removed_it_again_cannot_have_it_back(owner):
    """X52: it would seem to be gone, and come back by a link of their own."""
    owner.add(EVIL)
    owner.remove(EVIL)
    hidden = owner.last(owning.REMOVED)
    assert owner.standing(hidden) is Standing.PASSED
    assert not owner.object(hidden)
    assert owner.keys() == [ALICE]


def test_one_that_was_there_for_three_days_before_can_come_back(owner, added):
    owner.desk.clock.advance(hours=72)
    owner.token = owner.desk.sign_in(ALICE)
    owner.remove(NEW)
    assert owner.object(owner.last(owning.REMOVED))
    assert owner.keys() == [ALICE, NEW]


def test_one_that_a_new_user_came_with_can_come_back(owner):
    owner.desk.use(sign_up="open")
    owner.token = owner.desk.sign_in_later("carol@example.org")
    owner.user_id = owner.signed_in.user_id
    owner.add()
    owner.remove("carol@example.org")
    assert owner.object(owner.last(owning.REMOVED))
    assert owner.keys() == ["carol@example.org", NEW]


def test_one_that_is_there_again_anyway_is_past(owner, removed):
    owner.add(ALICE)
    assert owner.standing(removed) is Standing.PASSED
    assert not owner.object(removed)
    assert owner.keys() == [ALICE, NEW]


def test_the_link_works_for_72_hours(owner, removed):
    assert not objections.is_over(removed, removed.at + timedelta(hours=72, seconds=-1))
    assert objections.is_over(removed, removed.at + timedelta(hours=72))


def test_what_an_operator_decided_since_stands(owner, removed):
    with transaction():
        budgets.reopen(str(owner.user_id), owner.desk.settings)
        events.record(objections.REOPENED, owner.desk.clock.now, user_id=owner.user_id)
    assert owner.standing(removed) is Standing.PASSED
    assert not owner.object(removed)


def test_many_clicks_at_once_undo_it_once(owner, added, app):
    done = in_parallel(app, 4, lambda number: owner.object(added))
    assert sorted(done) == [False, False, False, True]
    assert owner.keys() == [ALICE]


def test_nobody_is_left_without_an_address(owner):
    """A chain of changes, of which the last alone is undone when the first can be no more."""
    owner.add("b@new.example")
    owner.desk.clock.advance(minutes=30)
    owner.remove(ALICE)
    owner.desk.clock.advance(hours=69)
    owner.token = owner.desk.sign_in("b@new.example")
    owner.add("c@new.example")
    event = owner.last(adding.KIND)
    owner.desk.clock.advance(minutes=30)
    owner.remove("b@new.example")
    owner.desk.clock.advance(hours=4)
    with transaction():
        owning.forget_removed(owner.desk.clock.now)
    assert owner.object(event)
    assert owner.keys() == ["b@new.example"]


def test_one_that_is_added_once_more_goes_again_by_the_link_of_that(owner):
    owner.add(EVIL)
    owner.remove(EVIL)
    owner.desk.clock.advance(hours=71)
    owner.token = owner.desk.sign_in(ALICE)
    owner.add(EVIL)
    event = owner.last(adding.KIND)
    assert owner.standing(event) is Standing.OPEN
    assert owner.object(event)
    assert owner.keys() == [ALICE]
    assert owner.standing(event) is Standing.DONE


def test_whoever_reads_an_address_comes_back_by_its_link_once(owner):
    """From then on it freezes, and whoever runs the site decides."""
    owner.add(EVIL)
    owner.desk.clock.advance(hours=73)
    owner.token = owner.desk.sign_in(ALICE)
    owner.remove(EVIL)
    assert owner.object(owner.last(owning.REMOVED))
    assert owner.keys() == [ALICE, EVIL]
    owner.token = owner.desk.sign_in_later(ALICE)
    owner.remove(EVIL)
    again = owner.last(owning.REMOVED)
    assert not objections.undoes(again)
    assert owner.object(again)
    assert owner.keys() == [ALICE]
    assert owner.standing(again) is Standing.DONE
    assert freezing.may_sign_in(owner.user_id) is False


def test_the_first_one_is_the_first_again(owner, added):
    owner.choose(NEW)
    owner.desk.clock.advance(hours=72)
    owner.token = owner.desk.sign_in(ALICE)
    owner.remove(NEW)
    assert owner.keys() == [ALICE]
    owner.object(owner.last(owning.REMOVED))
    assert owner.keys() == [NEW, ALICE]


def test_whoever_undoes_is_not_deleted_either(owner, added):
    with transaction():
        desk = owner.desk
        leaving.ask(owner.signed_in, desk.visitor(), desk.settings, desk.clock.now)
    owner.object(added)
    assert leaving.when(owner.user_id) is None


def test_an_operator_who_opens_it_takes_away_what_was_added(owner):
    """What the owner froze it for, and brings back what was removed."""
    owner.add(EVIL)
    owner.remove(ALICE)
    now = owner.desk.clock.advance(minutes=2)
    with transaction():
        freezing.freeze(owner.user_id, owner.desk.visitor(), owner.desk.settings, now)
    with transaction():
        outcome, taken = unlocking.unlock(owner.user_id, owner.desk.settings, now, undo=True)
    assert (outcome, taken) == (Outcome.DONE, 1)
    assert owner.keys() == [ALICE]
    assert owner.last(taking_back.TAKEN_BACK).detail == "0"


def test_an_operator_who_opens_what_nobody_changed_takes_nothing(owner):
    now = owner.desk.clock.advance(minutes=2)
    with transaction():
        done = unlocking.unlock(owner.user_id, owner.desk.settings, now, undo=True)
    assert done == (Outcome.DONE, 0)
    assert owner.keys() == [ALICE]


def test_one_that_was_added_and_removed_since_goes_for_good(owner):
    owner.add(EVIL)
    first = owner.last(adding.KIND)
    owner.remove(EVIL)
    assert owner.object(first)
    assert count(Identifier, Identifier.key == EVIL) == 0
    assert owner.keys() == [ALICE]


def test_what_was_removed_before_stays_away(owner, removed):
    owner.add(EVIL)
    assert owner.object(owner.last(adding.KIND))
    assert owner.keys() == [NEW]


def test_where_nothing_was_changed_nothing_is_taken_back(owner, removed):
    """As for who comes second of two that click at once."""
    owner.add(ALICE)
    with transaction():
        desk = owner.desk
        assert not taking_back.make(removed, desk.visitor(), desk.settings, desk.clock.now)
    assert owner.keys() == [ALICE, NEW]
