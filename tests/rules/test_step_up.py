"""Stepping up: a risky page wants to see once more that it is you, by the best that you have."""

import pytest

from otpapp.models import UserSession
from otpapp.rules import second, sessions
from otpapp.rules.factors import totp
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from tests.rules.desk import count, trail
from tests.rules.factors_desk import (
    answer,
    arrival,
    enrol_app,
    half_way,
    is_in,
    make_recovery_codes,
    verdict,
)


def resume(desk, token: str):
    return sessions.resume(token, "page", desk.clock.now)


def stepped_up(desk, token: str) -> bool:
    return second.is_stepped_up(resume(desk, token), desk.settings, desk.clock.now)


@pytest.fixture
def token(desk, alice) -> str:
    """A session of Alice that rests on a code alone, begun before she had anything else."""
    return desk.sign_in()


def test_who_has_codes_alone_is_fresh_for_ten_minutes_after_one(desk, token):
    assert second.may_step_up(resume(desk, token), desk.settings) == ()
    desk.clock.advance(minutes=9)
    assert stepped_up(desk, token)
    desk.clock.advance(minutes=1)
    assert not stepped_up(desk, token)


def test_a_code_is_not_enough_for_who_has_an_app(desk, alice, token):
    """X52."""
    enrol_app(desk, alice.user_id)
    assert second.may_step_up(resume(desk, token), desk.settings) == ("totp",)
    assert not stepped_up(desk, token)


def test_a_recovery_code_is_enough_in_place_of_the_app(desk, alice, token):
    enrol_app(desk, alice.user_id)
    codes = make_recovery_codes(desk, alice.user_id)
    assert second.may_step_up(resume(desk, token), desk.settings) == ("totp", "recovery")
    landed = arrival(answer(desk, token, "recovery", codes[0]))
    assert stepped_up(desk, landed.token)


def test_stepping_up_gives_a_new_token_to_the_same_session(desk, alice, token):
    """ASVS 7.2.4."""
    app = enrol_app(desk, alice.user_id)
    landed = arrival(answer(desk, token, "totp", app.code()))
    assert not is_in(token, desk.clock.now)
    assert stepped_up(desk, landed.token)
    assert count(UserSession) == 1
    assert landed.keep is resume(desk, landed.token).keep is False


def test_it_lasts_for_ten_minutes(desk, alice, token):
    app = enrol_app(desk, alice.user_id)
    landed = arrival(answer(desk, token, "totp", app.code()))
    desk.clock.advance(minutes=9, seconds=59)
    assert stepped_up(desk, landed.token)
    desk.clock.advance(seconds=1)
    assert not stepped_up(desk, landed.token)


def test_a_sign_in_with_the_app_counts_as_fresh(desk, alice):
    app = enrol_app(desk, alice.user_id)
    landed = arrival(answer(desk, half_way(desk), "totp", app.code()))
    assert stepped_up(desk, landed.token)


def test_a_session_keeps_the_newest_proof_of_each_factor(desk, alice, token):
    app = enrol_app(desk, alice.user_id)
    for _ in range(3):
        desk.clock.advance(minutes=1)
        token = arrival(answer(desk, token, "totp", app.code())).token
    proofs = resume(desk, token).proofs
    assert [proof.factor for proof in proofs] == ["email", "totp"]
    assert proofs[1].at == desk.clock.now


def test_a_wrong_answer_ends_no_session_and_is_limited(desk, alice, token):
    desk.use(limit_failures_per_user=7, limit_failures_per_ip=1000)
    app = enrol_app(desk, alice.user_id)
    for _ in range(7):
        assert verdict(answer(desk, token, "totp", app.wrong())) is Verdict.WRONG
    assert isinstance(answer(desk, token, "totp", app.code()), Limited)
    assert is_in(token, desk.clock.now)


def test_a_session_that_ended_meanwhile_is_not_revived(desk, alice, token):
    app = enrol_app(desk, alice.user_id)
    who, visitor, now = resume(desk, token), desk.visitor(), desk.clock.now
    with transaction():
        charged = second.charge(who, "totp", visitor, desk.settings, now)
    match = totp.verify(alice.user_id, app.code(), desk.settings, now)
    with transaction():
        sessions.end_all(alice.user_id, now)
    with transaction():
        answered = second.settle(who, charged, match, visitor, desk.settings, now)
    assert (answered.verdict, answered.arrival) == (Verdict.EXPIRED, None)


def test_it_is_in_the_trail(desk, alice, token):
    app = enrol_app(desk, alice.user_id)
    answer(desk, token, "totp", app.code())
    assert trail()[-2:] == [("factor.answered", "ACCEPTED"), ("session.stepped_up", "")]


def test_recovery_codes_alone_demand_no_recovery_code(desk, alice, token):
    """Else whoever made some before there was a factor could keep its user from ever having one."""
    make_recovery_codes(desk, alice.user_id)
    assert second.may_step_up(resume(desk, token), desk.settings) == ()
    assert stepped_up(desk, token)


def test_the_last_recovery_code_is_as_good_as_the_others(desk, alice, token):
    app = enrol_app(desk, alice.user_id)
    codes = make_recovery_codes(desk, alice.user_id)
    for code in codes:
        desk.clock.advance(minutes=1)
        token = arrival(answer(desk, token, "recovery", code)).token
    assert stepped_up(desk, token)
    assert app


def test_a_factor_that_was_removed_since_is_no_fresh_proof(desk, alice, token):
    app = enrol_app(desk, alice.user_id)
    landed = arrival(answer(desk, token, "totp", app.code()))
    enrol_app(desk, alice.user_id)
    with transaction():
        totp.remove(alice.user_id, app.number, desk.clock.now)
    assert not stepped_up(desk, landed.token)
