"""Each verified identifier of a user is told, each by a row of its own."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Event, Identifier, Message, PendingSignIn
from otpapp.rules import notices, pending, users
from otpapp.rules.proofs import Proof
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, count

DAY = timedelta(days=1)


@pytest.fixture
def own(desk):
    """Return what gives a user one more identifier."""

    def own(user_id, address: str, *, verified: bool, channel: str = "email") -> None:
        now = desk.clock.now
        one = Identifier(
            user_id=user_id,
            channel=channel,
            key=address,
            address=address,
            created_at=now,
            verified_at=now if verified else None,
        )
        with transaction():
            db.session.add(one)

    return own


@pytest.fixture
def tell(desk, alice):
    """Return what tells Alice of something."""

    def tell() -> None:
        with transaction():
            notices.record(
                "user.frozen", alice.user_id, Visitor(HERE), desk.settings, desk.clock.now
            )

    return tell


def told() -> list[tuple[str, str]]:
    db.session.rollback()
    found = (
        db.session.query(Message.channel, Identifier.key)
        .join(Identifier, Identifier.id == Message.identifier_id)
        .order_by(Message.id)
    )
    return [tuple(row) for row in found]


def put_off_by() -> list[timedelta]:
    """Return by how much each text message was put off."""
    return [
        one.due_at - one.created_at for one in db.session.query(Message) if one.channel == "sms"
    ]


def test_all_that_are_verified_now_and_nobody_elses(alice, bob, own, tell):
    own(alice.user_id, "first@example.org", verified=True)
    own(alice.user_id, "second@example.org", verified=False)
    own(alice.user_id, "+12025550144", verified=True, channel="sms")
    own(bob.user_id, "bob@example.org", verified=True)
    tell()
    assert told() == [("email", "first@example.org"), ("sms", "+12025550144")]
    own(alice.user_id, "third@example.org", verified=True)
    assert len(told()) == 2


def test_who_has_none_is_told_nothing_and_the_trail_all_the_same(alice, tell):
    tell()
    assert (told(), count(Event)) == ([], 1)


def test_text_messages_have_a_day_of_their_own(desk, alice, own, tell):
    own(alice.user_id, "+12025550144", verified=True, channel="sms")
    own(alice.user_id, "first@example.org", verified=True)
    for _ in range(7):
        tell()
    assert [channel for channel, _ in told()].count("email") == 7
    assert put_off_by() == [*[timedelta(0)] * 5, DAY]
    event = db.session.query(Event).filter_by(kind="limit.reached").first()
    assert (event.subject, event.detail, event.ip) == (
        "+12025550144",
        "sms_notices_per_number",
        HERE,
    )
    desk.clock.now += DAY
    tell()
    tell()
    assert put_off_by() == [*[timedelta(0)] * 5, DAY, *[timedelta(0)] * 2]


def test_the_site_has_a_day_too_and_a_refusal_takes_from_neither(desk, alice, own, tell):
    desk.use(limit_sms_per_day=1)
    for number in ("+12025550144", "+12025550145"):
        own(alice.user_id, number, verified=True, channel="sms")
    for _ in range(3):
        tell()
    assert told() == [("sms", "+12025550144"), ("sms", "+12025550145")]
    assert put_off_by() == [timedelta(0), DAY]
    desk.use(limit_sms_per_day=50)
    for _ in range(6):
        tell()
    assert len(told()) == 12


def test_what_waits_for_the_next_day_is_bounded_for_the_site(desk, alice, own, tell):
    """X20: else each number were one more text message, over any budget."""
    desk.use(limit_sms_per_day=2)
    for last in range(6):
        own(alice.user_id, f"+1202555014{last}", verified=True, channel="sms")
    tell()
    assert put_off_by() == [timedelta(0)] * 2 + [DAY] * 2


def test_an_identifier_is_found_by_its_number(context, alice):
    with transaction():
        number = db.session.query(Identifier.id).scalar()
    assert users.identifier(number).key == alice.address
    assert users.identifier(number + 1) is None


def test_every_sign_in_under_way_of_one_user_can_be_ended(desk, alice, bob):
    with transaction():
        for who in (alice, alice, bob):
            proofs = (Proof("email", desk.clock.now),)
            pending.start(who.user_id, None, proofs, False, "", desk.clock.now)
    with transaction():
        assert pending.end_all(alice.user_id, desk.clock.now) == 2
        assert pending.end_all(alice.user_id, desk.clock.now + DAY) == 0
    assert count(PendingSignIn, PendingSignIn.ended_at == desk.clock.now) == 2
    assert count(PendingSignIn, PendingSignIn.ended_at.is_(None)) == 1
