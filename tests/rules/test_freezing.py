"""A user who was frozen by its owner is opened by an operator, and nobody else is."""

from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.models import Event, User
from otpapp.rules import freezing, sessions
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, Desk, count


@pytest.fixture
def freeze(desk, alice):
    """Return what freezes Alice."""

    def freeze() -> bool:
        with transaction():
            return freezing.freeze(alice.user_id, Visitor(HERE), desk.settings, desk.clock.now)

    return freeze


@pytest.fixture
def thaw(desk, alice):
    """Return what opens her again."""

    def thaw() -> bool:
        with transaction():
            return freezing.thaw(alice.user_id, desk.settings, desk.clock.now)

    return thaw


def disable(desk: Desk, user_id) -> None:
    with transaction():
        db.session.get(User, user_id).disabled_at = desk.clock.now


def test_nobody_signs_in_as_one_who_is_frozen_until_she_is_opened(desk, alice, freeze, thaw):
    token = desk.sign_in()
    assert freeze()
    desk.clock.advance(minutes=2)
    assert desk.challenge(desk.ask()).user_id is None
    assert thaw()
    db.session.rollback()
    assert sessions.resume(token, "page", desk.clock.now) is None
    assert desk.sign_in_later()


def test_freezing_is_told_once_with_where_it_was_done(freeze, alice):
    assert freeze()
    assert not freeze()
    (event,) = db.session.query(Event).filter_by(kind="user.frozen")
    assert (event.user_id, event.ip) == (alice.user_id, HERE)


def test_one_who_is_not_frozen_is_not_opened(thaw, alice):
    assert not thaw()
    assert count(Event) == 0


def test_whom_an_operator_disabled_stays_so(desk, alice, freeze, thaw):
    disable(desk, alice.user_id)
    assert not freeze()
    assert not thaw()
    assert freezing.frozen_since(alice.user_id) is None
    assert freezing.may_sign_in(alice.user_id) is False


def test_a_session_that_came_in_while_she_was_frozen_opens_nothing_later(desk, alice, freeze, thaw):
    freeze()
    with transaction():
        token, _ = sessions.start(alice.user_id, None, "page", (), False, Visitor(), desk.clock.now)
    thaw()
    db.session.rollback()
    assert sessions.resume(token, "page", desk.clock.now) is None


def test_nobody_else_is_frozen_or_opened(desk, alice, bob, freeze, thaw):
    with transaction():
        freezing.freeze(bob.user_id, Visitor(), desk.settings, desk.clock.now)
    assert freezing.may_sign_in(alice.user_id)
    freeze()
    thaw()
    assert freezing.may_sign_in(bob.user_id) is False


def test_since_when_she_is_frozen_is_known(desk, alice, bob, freeze):
    assert freezing.frozen_since(alice.user_id) is None
    freeze()
    since = desk.clock.now
    desk.clock.advance(days=1)
    assert freezing.frozen_since(alice.user_id) == since
    assert freezing.frozen_since(bob.user_id) is None


def test_nobody_may_sign_in_as_nobody(context):
    assert freezing.may_sign_in(UUID(int=5)) is None
