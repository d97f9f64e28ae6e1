"""A user removes identifiers but the last one, and says which stands first."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Identifier, UserSession
from otpapp.rules.account import owning
from otpapp.rules.account.owning import Outcome
from otpapp.rules.account.refusals import Refused
from otpapp.rules.sign_in import Begun
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.rules.account.owner import NEW
from tests.rules.desk import ALICE, count, in_parallel, trail


@pytest.fixture
def both(owner):
    """Alice with two addresses."""
    owner.add()
    return owner


def test_one_that_is_removed_opens_nothing_any_more(both):
    assert both.remove(ALICE) is Outcome.DONE
    assert both.keys() == [NEW]
    both.desk.clock.advance(minutes=2)
    assert both.desk.challenge(both.desk.ask(ALICE)).user_id is None
    assert both.desk.sign_in_later(NEW)


def test_it_is_told_so_itself(both):
    both.remove(ALICE)
    event = both.last(owning.REMOVED)
    assert (event.user_id, event.subject) == (both.user_id, ALICE)
    assert both.told(event) == [ALICE, NEW]


def test_codes_on_their_way_die_with_it(both):
    both.desk.clock.advance(minutes=2)
    handle = both.desk.ask(ALICE)
    code = both.desk.code(handle)
    both.remove(ALICE)
    assert both.desk.prove(handle, code).verdict is not Verdict.ACCEPTED


def test_the_session_that_removes_it_goes_on(both):
    both.remove(ALICE)
    assert both.signed_in


def test_the_last_one_that_was_proved_stays(both):
    with transaction():
        db.session.query(Identifier).filter_by(key=NEW).update({"verified_at": None})
    assert both.remove(ALICE) is Outcome.LAST
    assert both.remove(NEW) is Outcome.DONE
    assert both.remove(ALICE) is Outcome.LAST
    assert both.keys() == [ALICE]


def test_of_two_that_are_removed_at_once_one_stays(both, app):
    done = in_parallel(app, 2, lambda number: both.remove((ALICE, NEW)[number]))
    assert sorted(done) == [Outcome.DONE, Outcome.LAST]
    assert len(both.keys()) == 1


def test_one_of_somebody_else_is_not_there(both, bob):
    assert both.remove("+12025550143") is Outcome.GONE
    assert both.choose("+12025550143") is Outcome.GONE
    assert both.keys(bob.user_id) == ["+12025550143"]


def test_nobody_else_can_have_it_for_72_hours_then_anybody(both):
    both.desk.use(sign_up="open")
    both.remove(ALICE)
    both.desk.clock.advance(hours=71)
    assert both.desk.challenge(both.desk.ask(ALICE)).user_id is None
    both.desk.clock.advance(hours=1)
    with transaction():
        assert owning.forget_removed(both.desk.clock.now - timedelta(seconds=1)) == 0
    with transaction():
        assert owning.forget_removed(both.desk.clock.now) == 1
    both.desk.clock.advance(minutes=2)
    fresh = both.desk.challenge(both.desk.ask(ALICE)).user_id
    assert fresh not in (None, both.user_id)


def test_its_user_can_add_it_again_at_any_time(both):
    both.remove(ALICE)
    assert both.add(ALICE).refused is None
    assert both.keys() == [ALICE, NEW]
    assert both.try_adding(ALICE) is Refused.YOURS


def test_another_user_is_told_that_it_is_taken(both, bob):
    both.remove(ALICE)
    handle = both.ask(ALICE, user_id=bob.user_id)
    assert both.prove(handle, both.code(handle), bob.user_id).refused is Refused.TAKEN


def test_the_chosen_one_stands_first(both):
    assert both.choose(NEW) is Outcome.DONE
    assert both.keys() == [NEW, ALICE]
    assert trail()[-1][0] == "identifier.first"
    assert both.choose(ALICE) is Outcome.DONE
    assert both.keys() == [ALICE, NEW]


def test_to_choose_the_first_once_more_is_no_event(both):
    both.choose(NEW)
    before = len(trail())
    assert both.choose(NEW) is Outcome.DONE
    assert len(trail()) == before


def test_one_that_nobody_proved_cannot_stand_first(both):
    with transaction():
        db.session.query(Identifier).filter_by(key=NEW).update({"verified_at": None})
    assert both.choose(NEW) is Outcome.UNPROVED


def test_where_the_first_is_removed_the_oldest_stands_first(both):
    both.add("third@new.example")
    both.choose("third@new.example")
    both.remove("third@new.example")
    assert both.keys() == [ALICE, NEW]


def test_a_sign_in_that_removed_where_it_came_by_is_not_ended(both):
    both.remove(ALICE)
    assert count(UserSession, UserSession.ended_at.is_(None)) == 1
    assert isinstance(both.try_adding("x@new.example"), Begun)
