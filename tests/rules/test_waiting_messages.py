"""How the site's messages fare is said for all of a channel, from what waits in the outbox."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Message
from otpapp.rules import messages
from otpapp.rules.messages import Flow
from otpapp.transaction import transaction

BLINK = timedelta(microseconds=1)
LATE = timedelta(seconds=40)


@pytest.mark.parametrize(
    ("changes", "waited", "flow"),
    [
        ({}, LATE - BLINK, Flow.GOING),
        ({}, LATE, Flow.WAITING),
        ({"attempts": 1}, 2 * LATE, Flow.GOING),
        ({"stuck": True}, LATE - BLINK, Flow.FAILING),
        ({"stuck": True}, 2 * LATE, Flow.FAILING),
        ({"ended": True}, 2 * LATE, Flow.GOING),
        ({"ended": True, "stuck": True}, 2 * LATE, Flow.GOING),
    ],
)
def test_one_message_is_enough_to_tell(desk, alice, changes, waited, flow):
    desk.ask()
    values = {name: value for name, value in changes.items() if name != "ended"}
    with transaction():
        ended_at = desk.clock.now if changes.get("ended") else None
        db.session.execute(update(Message).values(ended_at=ended_at, **values))
    now = desk.clock.now + waited
    assert messages.flow("email", now) is flow
    assert messages.flow("sms", now) is Flow.GOING


def test_where_nothing_waits_all_is_well(desk):
    assert messages.flow("email", desk.clock.now) is Flow.GOING
