"""What a user can be reached by."""

from sqlalchemy import insert

from otpapp.extensions import db
from otpapp.models import Identifier
from otpapp.rules import users
from otpapp.transaction import transaction


def test_a_users_addresses_come_with_the_oldest_first_and_nobody_elses(desk, alice, bob):
    number = "+12025550144"
    with transaction():
        row = {"user_id": alice.user_id, "channel": "sms", "key": number, "address": number}
        db.session.execute(insert(Identifier).values(created_at=desk.clock.now, **row))
    found = [one.address for one in users.addresses_of(alice.user_id)]
    assert found == [alice.address, number]
    assert [one.address for one in users.addresses_of(bob.user_id)] == [bob.address]
