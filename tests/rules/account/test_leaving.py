"""A user is deleted seven days after they asked for it, unless they stay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpapp.delivery import sweeping
from otpapp.extensions import db
from otpapp.models import Event, Identifier, Message, User
from otpapp.rules import freezing, roles
from otpapp.rules.account import leaving
from otpapp.rules.factors import objections
from otpapp.rules.people import standing
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.verdicts import Standing
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, count, in_parallel, trail


@pytest.fixture
def leaves(owner):
    """Alice, who asked to be deleted; when that is."""
    assert ask(owner) is Outcome.DONE
    return leaving.when(owner.user_id)


def ask(owner) -> Outcome:
    with transaction():
        visitor = owner.desk.visitor()
        return leaving.ask(owner.signed_in, visitor, owner.desk.settings, owner.desk.clock.now)


def stay(owner) -> bool:
    with transaction():
        return leaving.stay(owner.user_id, owner.desk.visitor(), owner.desk.clock.now)


def sweep(owner) -> None:
    sweeping.sweep(owner.desk.settings, owner.desk.clock.now)
    db.session.rollback()


def is_there(owner) -> bool:
    return count(User, User.id == owner.user_id) == 1


def test_in_seven_days_they_are_gone_with_all_that_is_theirs(owner, leaves):
    assert leaves == owner.desk.clock.now + timedelta(days=7)
    owner.desk.clock.advance(days=7, seconds=-1)
    sweep(owner)
    assert is_there(owner)
    owner.desk.clock.advance(seconds=1)
    sweep(owner)
    assert not is_there(owner)
    assert count(Identifier) == count(Message) == 0
    gone = owner.last("user.deleted")
    assert (gone.user_id, gone.subject, gone.detail) == (
        owner.user_id,
        ALICE,
        f"by {owner.user_id}",
    )


def test_operators_see_how_many_go_and_the_first_of_them_when(owner, leaves, bob):
    then = owner.desk.clock.now + objections.STOPS_DELETION_FOR
    assert leaving.coming() == (1, then)
    with transaction():
        db.session.get(User, bob.user_id).leaves_at = then + timedelta(days=1)
    assert leaving.coming() == (2, then)
    assert stay(owner)
    assert leaving.coming() == (1, then + timedelta(days=1))


def test_until_then_all_is_as_before(owner, leaves):
    owner.desk.clock.advance(days=6)
    assert owner.desk.sign_in(ALICE)


def test_they_are_told_wherever_they_are_reached(owner):
    owner.add()
    ask(owner)
    assert len(owner.told(owner.last("user.leaves"))) == 2


def test_whoever_stays_is_not_deleted(owner, leaves):
    assert stay(owner)
    assert trail()[-1][0] == "user.stays"
    owner.desk.clock.advance(days=8)
    sweep(owner)
    assert is_there(owner)
    assert leaving.when(owner.user_id) is None


def test_to_stay_without_having_left_is_nothing(owner):
    before = trail()
    assert not stay(owner)
    assert trail() == before


def test_to_ask_twice_puts_nothing_off(owner, leaves):
    owner.desk.clock.advance(minutes=30)
    assert ask(owner) is Outcome.SAME
    assert leaving.when(owner.user_id) == leaves
    assert count(Event, Event.kind == "user.leaves") == 1


def test_who_is_told_and_did_not_ask_freezes_it_and_is_not_deleted(owner, leaves):
    event = owner.last("user.leaves")
    assert objections.can_be_made(event)
    assert owner.object(event)
    assert owner.standing(event) is Standing.DONE
    assert freezing.may_sign_in(owner.user_id) is False
    owner.desk.clock.advance(days=8)
    sweep(owner)
    assert is_there(owner)


def test_the_link_against_it_works_for_as_long_as_it_can_be_stopped(owner, leaves):
    event = owner.last("user.leaves")
    assert not objections.is_over(event, leaves - timedelta(seconds=1))
    assert objections.is_over(event, leaves)


def test_the_last_admin_cannot_leave(owner):
    make_admin(owner)
    assert ask(owner) is Outcome.LAST_ADMIN
    assert leaving.when(owner.user_id) is None


def test_whoever_became_the_last_admin_meanwhile_stays(owner, leaves):
    make_admin(owner)
    owner.desk.clock.advance(days=8)
    sweep(owner)
    assert is_there(owner)
    assert leaving.when(owner.user_id) is None
    assert owner.last("user.stays").browser == ""


def test_who_stays_at_the_very_end_stays(owner, leaves, app):
    """Found due by a sweep, and kept before it came to them."""
    owner.desk.clock.advance(days=8)
    (due,) = leaving.due(owner.desk.clock.now)
    stay(owner)
    with transaction():
        assert not leaving.leave(due, owner.desk.settings, owner.desk.clock.now)
    assert is_there(owner)


def test_many_sweeps_at_once_delete_them_once(owner, leaves, app):
    now = owner.desk.clock.advance(days=8)

    def leave(_: int) -> bool:
        with transaction():
            return leaving.leave(owner.user_id, owner.desk.settings, now)

    assert sorted(in_parallel(app, 4, leave)) == [False, False, False, True]
    assert count(Event, Event.kind == "user.deleted") == 1


def make_admin(owner) -> None:
    owner.desk.use(proofs_of_admins="one")
    with transaction():
        roles.give(owner.user_id, "admin", owner.desk.clock.now)
    owner.token = owner.desk.sign_in_later(ALICE)


def test_whom_an_operator_shuts_out_is_not_deleted(owner, leaves):
    """Who asked for it may have been a thief; the operator decides."""
    with transaction():
        standing.disable(owner.user_id, owner.desk.clock.now)
    owner.desk.clock.advance(days=8)
    sweep(owner)
    assert is_there(owner)
    assert leaving.when(owner.user_id) is None


def test_two_admins_who_leave_at_once_wait_for_each_other_and_one_stays(owner, app, bob):
    make_admin(owner)
    with transaction():
        roles.give(bob.user_id, "admin", owner.desk.clock.now)
    one = owner.signed_in
    both = (one, replace(one, user_id=bob.user_id))
    now = owner.desk.clock.now

    def leave(number: int) -> Outcome:
        with transaction():
            visitor = owner.desk.visitor()
            return leaving.ask(both[number], visitor, owner.desk.settings, now)

    assert in_parallel(app, 2, leave) == [Outcome.DONE, Outcome.DONE]
    now = owner.desk.clock.advance(days=8)
    sweep(owner)
    assert count(User, User.role == "admin") == 1
