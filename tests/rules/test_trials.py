"""Test messages: so many an hour whoever asks, each told to the trail with who had it sent."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Event, Message
from otpapp.rules import trials
from otpapp.rules.identifiers import Address
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.rules.desk import count, in_parallel

HERE = Visitor("192.0.2.7", "Firefox on Linux")
DORA = Address("email", "dora@example.org", "dora@example.org")
PHONE = Address("sms", "+12025550143", "+12025550143")


@pytest.fixture
def ask(desk, alice, bob):
    """Return what has Alice, or who is named, ask for one; it returns the limit in the way."""

    def ask(address: Address = DORA, by=alice):
        with transaction():
            return trials.ask(address, by.user_id, HERE, desk.settings, desk.clock.now)

    return ask


def told(**where) -> list[tuple]:
    """Return what the trail has of test messages and limits, the oldest first."""
    found = db.session.scalars(db.select(Event).filter_by(**where).order_by(Event.id))
    return [(one.kind, one.user_id, one.subject, one.ip, one.detail) for one in found]


def test_the_trail_says_which_admin_has_it_sent_to_whom_and_from_where(ask, alice):
    assert ask() is None
    assert told() == [("test.asked", alice.user_id, DORA.key, HERE.ip, "")]
    assert count(Message) == 0, "it waits in no outbox"


@pytest.mark.parametrize(
    ("reason", "kind"), [("", "test.sent"), ("Nothing listens there.", "test.failed")]
)
def test_the_trail_says_what_became_of_it(desk, alice, reason, kind):
    with transaction():
        trials.end(DORA, alice.user_id, reason * 20, desk.clock.now)
    assert told() == [(kind, alice.user_id, DORA.key, "", (reason * 20)[:200])]


def test_ten_an_hour_whoever_asks_and_to_whomever(ask, desk, alice, bob):
    for number in range(10):
        to = Address("email", f"d{number}@example.org", "")
        assert ask(to, alice if number % 2 else bob) is None
    limited = ask()
    assert (limited.limit, limited.until) == ("test_messages_per_site", NOON + timedelta(hours=1))
    assert ask(PHONE, bob).limit == "test_messages_per_site"
    assert told(kind="limit.reached")[0][2:] == (DORA.key, HERE.ip, "test_messages_per_site")
    assert count(Event, Event.kind == "test.asked") == 10
    desk.clock.advance(hours=1)
    assert ask() is None


def test_two_admins_at_once_get_no_more_than_ten(context, ask):
    limited = in_parallel(context, 15, lambda _: ask())
    assert limited.count(None) == 10


def test_text_messages_count_among_those_of_notices_and_codes_go_on(ask, desk, bob):
    desk.use(limit_sms_per_day=1)
    assert ask(PHONE) is None
    assert ask(PHONE).limit == "sms_notices_per_day"
    assert ask() is None
    assert desk.ask(bob.address)
