"""A person joins a group once, also while somebody else deletes them."""

from uuid import UUID

from otpapp.extensions import db
from otpapp.rules import groups
from otpapp.rules.people import belonging
from otpapp.rules.people.outcomes import Outcome
from otpapp.transaction import transaction
from tests.rules.people.crowd import ADMIN, trail


def join(desk, user_id, name="office", **how) -> Outcome:
    with transaction():
        return belonging.join(user_id, name, desk.clock.now, **how)


def test_one_joins_once_and_the_trail_names_who_did_it(desk, alice):
    assert join(desk, alice.user_id, by=ADMIN) is Outcome.DONE
    assert join(desk, alice.user_id) is Outcome.SAME
    db.session.rollback()
    assert groups.of(alice.user_id) == ("office",)
    assert trail() == [("group.joined", alice.user_id, "", f"office by {ADMIN}")]


def test_who_is_gone_joins_nothing(desk):
    assert join(desk, UUID(int=9)) is Outcome.GONE
    assert trail() == []
