"""Factors are taken from a person at once, and they are told."""

from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.rules import holdings, pending, sessions
from otpapp.rules.factors import credentials
from otpapp.rules.people import resetting
from otpapp.rules.people.outcomes import Change, Outcome
from otpapp.transaction import transaction
from tests.rules.desk import in_parallel
from tests.rules.factors_desk import enrol_app, half_way, make_recovery_codes
from tests.rules.people.crowd import ADMIN, add, trail

KINDS = ("factor.withdrawn", "factors.reset")


def reset(desk, user_id, number=None, **how) -> Change:
    with transaction():
        return resetting.reset(user_id, number, desk.settings, desk.clock.now, **how)


def left(desk, user_id) -> set[str]:
    db.session.rollback()
    return set(holdings.of(user_id, desk.settings).factors)


def test_one_goes_and_the_others_stay(desk, alice):
    phone, _ = enrol_app(desk, alice.user_id), enrol_app(desk, alice.user_id, "Old phone")
    make_recovery_codes(desk, alice.user_id)
    assert reset(desk, alice.user_id, phone.number, by=ADMIN) == Change(Outcome.DONE)
    assert [one.name for one in credentials.of(alice.user_id)] == ["Old phone"]
    assert left(desk, alice.user_id) == {"totp", "recovery"}
    assert trail(*KINDS) == [
        ("factor.withdrawn", alice.user_id, "", "totp My phone"),
        ("factors.reset", alice.user_id, alice.address, f"1 by {ADMIN}"),
    ]


def test_all_go_and_recovery_codes_with_them(desk, alice):
    enrol_app(desk, alice.user_id)
    make_recovery_codes(desk, alice.user_id)
    assert reset(desk, alice.user_id).outcome is Outcome.DONE
    assert left(desk, alice.user_id) == set()
    kinds = [(kind, detail) for kind, _, _, detail in trail(*KINDS)]
    assert kinds == [
        ("factor.withdrawn", "totp My phone"),
        ("factor.withdrawn", "recovery"),
        ("factors.reset", "2"),
    ]


def test_what_rests_on_them_ends_and_what_is_under_way_too(desk, alice):
    """X52: whoever holds a factor of somebody else's is in already, or half way."""
    token = desk.sign_in()
    enrol_app(desk, alice.user_id)
    waiting = half_way(desk)
    assert reset(desk, alice.user_id) == Change(Outcome.DONE, ended=1)
    assert sessions.resume(token, "page", desk.clock.now) is None
    assert pending.resume(waiting, desk.clock.now) is None


def test_where_there_is_none_nothing_happens(desk, alice):
    token = desk.sign_in()
    assert reset(desk, alice.user_id) == Change(Outcome.SAME)
    assert sessions.resume(token, "page", desk.clock.now)
    assert trail(*KINDS) == []


def test_nobody_loses_what_is_another_s(desk, alice):
    mia = add(desk, "mia@example.org")
    phone = enrol_app(desk, alice.user_id)
    assert reset(desk, mia, phone.number) == Change(Outcome.SAME)
    assert left(desk, alice.user_id) == {"totp"}


@pytest.mark.parametrize("number", [None, UUID(int=8)])
def test_who_is_gone_is_said_to_be(desk, number):
    assert reset(desk, UUID(int=9), number) == Change(Outcome.GONE)


def test_of_two_admins_at_once_one_does_it(context, desk, alice):
    enrol_app(desk, alice.user_id)
    done = in_parallel(context, 2, lambda _: reset(desk, alice.user_id).outcome)
    assert sorted(done) == [Outcome.DONE, Outcome.SAME]
    assert len(trail("factors.reset")) == 1
