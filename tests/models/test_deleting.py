"""When a user goes, everything of theirs goes; the audit trail stays."""

from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, Message, User, UserSession
from otpapp.otp import hotp
from otpapp.rules import sign_in
from otpapp.rules.asks import Ask
from otpapp.rules.identifiers import Address
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction

THEIRS = (Identifier, Challenge, Message, UserSession)
HERE = Visitor("192.0.2.7")


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def sign_in_as(person, settings) -> None:
    with transaction():
        address = Address(person.channel, person.address, person.address)
        begun = sign_in.begin(Ask(address, HERE, person.address), (), settings, utc_now())
        code = hotp.code(person.key, begun.challenge.counter)
        assert sign_in.prove(begun.challenge, code, HERE, settings, utc_now()).token


def test_deleting_a_user_deletes_what_is_theirs_and_nobody_elses(context, alice, bob, settings):
    for person in (alice, bob):
        sign_in_as(person, settings)
    assert [count(model) for model in THEIRS] == [2, 2, 2, 2]
    trail = count(Event)
    with transaction():
        db.session.execute(delete(User).where(User.id == alice.user_id))
    assert [count(model) for model in THEIRS] == [1, 1, 1, 1]
    assert db.session.scalars(select(Identifier.user_id)).one() == bob.user_id
    assert count(Event) == trail


def test_a_session_outlives_the_challenge_it_began_with(context, alice, settings):
    sign_in_as(alice, settings)
    with transaction():
        db.session.execute(delete(Challenge))
    assert db.session.scalars(select(UserSession.challenge_id)).all() == [None]


def test_an_identifier_cannot_belong_to_two_users(context, alice, bob):
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Identifier(
                user_id=bob.user_id,
                channel="email",
                key=alice.address,
                address=alice.address,
                created_at=utc_now(),
            )
        )


def test_nothing_can_belong_to_a_user_who_is_not_there(context):
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Identifier(
                user_id=UUID(int=9), channel="email", key="x", address="x", created_at=utc_now()
            )
        )
