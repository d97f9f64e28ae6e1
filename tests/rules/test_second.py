"""The second proof: what it takes to come in with two, and what wrong answers cost."""

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Challenge, PendingSignIn, Tally, User, UserSession
from otpapp.rules import pending, second, sessions, sign_in, stopping
from otpapp.rules.factors import recovery_codes, totp
from otpapp.rules.sign_in import Step
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from tests.rules.desk import count, trail
from tests.rules.factors_desk import (
    App,
    answer,
    arrival,
    enrol_app,
    half_way,
    is_in,
    make_recovery_codes,
    verdict,
)


@pytest.fixture
def app_of_alice(desk, alice) -> App:
    """Alice's authenticator app."""
    return enrol_app(desk, alice.user_id)


def factors(session_token: str, desk) -> list[str]:
    """Return what a session rests on."""
    signed_in = sessions.resume(session_token, "page", desk.clock.now)
    return [proof.factor for proof in signed_in.proofs]


def test_one_proof_is_enough_for_who_has_no_other_and_is_asked_for_none(desk, alice):
    token = desk.sign_in()
    assert factors(token, desk) == ["email"]
    assert count(PendingSignIn) == 0


def test_who_has_an_app_comes_in_with_both(desk, alice, app_of_alice):
    token = half_way(desk)
    assert count(UserSession) == 0
    landed = arrival(answer(desk, token, "totp", app_of_alice.code()))
    assert factors(landed.token, desk) == ["email", "totp"]
    signed_in = sessions.resume(landed.token, "page", desk.clock.now)
    assert signed_in.proofs[1].credential == str(app_of_alice.number)
    assert signed_in.proofs[1].at == desk.clock.now


def test_a_sign_in_under_way_opens_nothing_and_ends_with_the_session(desk, alice, app_of_alice):
    token = half_way(desk)
    assert not is_in(token, desk.clock.now)
    arrival(answer(desk, token, "totp", app_of_alice.code()))
    assert pending.resume(token, desk.clock.now) is None
    assert answer(desk, token, "totp", app_of_alice.code(1)) is None


def test_what_was_chosen_at_the_start_holds_at_the_end(desk, alice, app_of_alice):
    token = half_way(desk, keep=True, next_path="/wiki")
    landed = arrival(answer(desk, token, "totp", app_of_alice.code()))
    assert (landed.keep, landed.next_path) == (True, "/wiki")
    assert sessions.resume(landed.token, "page", desk.clock.now).keep


def test_a_program_with_one_proof_where_two_are_demanded_gets_no_token(desk, alice, app_of_alice):
    """ASVS 6.3.4: no door is weaker than another."""
    handle = desk.ask_later(door="api")
    outcome = desk.prove(handle, desk.code(handle))
    assert outcome.verdict is Verdict.ACCEPTED
    assert (outcome.token, outcome.arrival.pending) == ("", "")
    assert outcome.arrival.step == Step("prove", ("totp",))
    assert count(UserSession) == count(PendingSignIn) == 0


def test_where_the_site_demands_two_who_has_none_is_led_to_enrol(desk, alice):
    desk.use(proofs="two")
    token = half_way(desk)
    held = pending.resume(token, desk.clock.now)
    assert sign_in.missing(held, desk.settings).verb == "enrol"


def test_where_admins_need_two_members_need_one(desk, alice):
    assert desk.sign_in()
    with transaction():
        db.session.get(User, alice.user_id).role = "admin"
    assert half_way(desk)


def test_a_role_cannot_need_less_than_the_site(desk, alice):
    desk.use(proofs="two", proofs_of_admins="one")
    with transaction():
        db.session.get(User, alice.user_id).role = "admin"
    assert half_way(desk)


def test_the_sixth_answer_is_refused_even_if_it_is_right(desk, alice, app_of_alice):
    """D4."""
    token = half_way(desk)
    for left in (4, 3, 2, 1):
        answered = answer(desk, token, "totp", app_of_alice.wrong())
        assert (answered.verdict, answered.tries_left) == (Verdict.WRONG, left)
    assert verdict(answer(desk, token, "totp", app_of_alice.wrong())) is Verdict.LOCKED
    assert answer(desk, token, "totp", app_of_alice.code()) is None
    assert count(UserSession) == 0


def test_tries_are_counted_over_all_factors(desk, alice, app_of_alice):
    codes = make_recovery_codes(desk, alice.user_id)
    token = half_way(desk)
    for _ in range(3):
        answer(desk, token, "totp", app_of_alice.wrong())
    for _ in range(2):
        answer(desk, token, "recovery", "0000-0000-0000-0000")
    assert answer(desk, token, "recovery", codes[0]) is None


def test_a_recovery_code_stands_in_for_the_app(desk, alice, app_of_alice):
    codes = make_recovery_codes(desk, alice.user_id)
    landed = arrival(answer(desk, half_way(desk), "recovery", codes[0]))
    assert factors(landed.token, desk) == ["email", "recovery"]
    assert verdict(answer(desk, half_way(desk), "recovery", codes[0])) is Verdict.SPENT
    assert count(UserSession) == 1, "a code that was used starts nothing"


def test_a_code_that_was_used_is_no_guess(desk, alice, app_of_alice):
    arrival(answer(desk, half_way(desk), "totp", app_of_alice.code()))
    token = half_way(desk)
    code = app_of_alice.code()
    arrival(answer(desk, token, "totp", code))
    second_token = half_way(desk)
    desk.clock.advance(minutes=-2)
    spent = answer(desk, second_token, "totp", code)
    assert (spent.verdict, spent.arrival) == (Verdict.SPENT, None)
    for limit in ("failures_per_ip", "failures_per_user", "failures_in_a_row"):
        times = db.session.scalars(select(Tally.times).where(Tally.limit == limit)).all()
        assert not any(times), limit


def test_wrong_answers_to_a_factor_close_that_factor_alone(desk, alice, app_of_alice):
    """D6: the other ways in stay open."""
    desk.use(limit_failures_per_user=3, limit_failures_per_ip=1000)
    codes = make_recovery_codes(desk, alice.user_id)
    token = half_way(desk)
    for _ in range(3):
        answer(desk, token, "totp", app_of_alice.wrong())
    refused = answer(desk, half_way(desk), "totp", app_of_alice.code())
    assert isinstance(refused, Limited)
    assert refused.limit == "failures_per_user"
    token = half_way(desk)
    assert arrival(answer(desk, token, "recovery", codes[0])).token


def test_wrong_answers_count_for_the_network_too(desk, alice, app_of_alice):
    """X03."""
    desk.use(limit_failures_per_ip=4)
    token = half_way(desk)
    for _ in range(4):
        answer(desk, token, "totp", app_of_alice.wrong())
    refused = answer(desk, token, "totp", app_of_alice.code())
    assert isinstance(refused, Limited)
    assert refused.limit == "failures_per_ip"
    assert arrival(answer(desk, token, "totp", app_of_alice.code(), ip="192.0.2.200")).token


def test_a_row_of_wrong_answers_is_ended_by_a_right_one(desk, alice, app_of_alice):
    for _ in range(2):
        token = half_way(desk)
        for _ in range(3):
            answer(desk, token, "totp", app_of_alice.wrong())
        assert arrival(answer(desk, token, "totp", app_of_alice.code())).token
    rows = db.session.scalars(select(Tally.times).where(Tally.limit == "failures_in_a_row"))
    assert not any(rows.all())


def test_a_limit_costs_none_of_the_tries(desk, alice, app_of_alice):
    desk.use(limit_failures_per_ip=1)
    token = half_way(desk)
    answer(desk, token, "totp", app_of_alice.wrong())
    for _ in range(9):
        assert isinstance(answer(desk, token, "totp", app_of_alice.code()), Limited)
    assert db.session.scalars(select(PendingSignIn.tries)).one() == 1


def test_a_sign_in_under_way_ends_after_half_an_hour(desk, alice, app_of_alice):
    token = half_way(desk)
    desk.clock.advance(minutes=29, seconds=59)
    assert pending.resume(token, desk.clock.now)
    desk.clock.advance(seconds=1)
    assert pending.resume(token, desk.clock.now) is None


def test_a_sign_in_of_a_clock_that_was_ahead_is_none(desk, alice, app_of_alice):
    """X43."""
    token = half_way(desk)
    desk.clock.advance(minutes=-3)
    assert pending.resume(token, desk.clock.now) is None


def test_who_was_disabled_meanwhile_gets_no_further(desk, alice, app_of_alice):
    token = half_way(desk)
    with transaction():
        db.session.get(User, alice.user_id).disabled_at = desk.clock.now
    assert pending.resume(token, desk.clock.now) is None


def test_a_sign_in_that_ended_between_charge_and_answer_leads_nowhere(desk, alice, app_of_alice):
    token = half_way(desk)
    visitor, now = desk.visitor(), desk.clock.now
    held = pending.resume(token, now)
    with transaction():
        charged = second.charge(held, "totp", visitor, desk.settings, now)
    match = totp.verify(alice.user_id, app_of_alice.code(), desk.settings, now)
    with transaction():
        pending.end(held, now)
    with transaction():
        answered = second.settle(held, charged, match, visitor, desk.settings, now)
    assert (answered.verdict, answered.arrival) == (Verdict.EXPIRED, None)
    assert count(UserSession) == 0
    assert not count(Tally, Tally.limit.like("failures%"), Tally.times > 0), "no try was lost"
    token = half_way(desk)
    assert verdict(answer(desk, token, "totp", app_of_alice.code())) is Verdict.ACCEPTED


def test_a_recovery_code_is_not_used_up_for_a_sign_in_that_ended(desk, alice, app_of_alice):
    code = make_recovery_codes(desk, alice.user_id)[0]
    token = half_way(desk)
    held = pending.resume(token, desk.clock.now)
    with transaction():
        charged = second.charge(held, "recovery", desk.visitor(), desk.settings, desk.clock.now)
    match = recovery_codes.verify(alice.user_id, code, desk.settings, desk.clock.now)
    with transaction():
        pending.end(held, desk.clock.now)
    with transaction():
        second.settle(held, charged, match, desk.visitor(), desk.settings, desk.clock.now)
    assert recovery_codes.left(alice.user_id) == 10


def test_stopping_the_code_ends_the_sign_in_that_it_began(desk, alice, app_of_alice):
    token = half_way(desk)
    number = db.session.scalars(select(PendingSignIn.challenge_id)).one()
    with transaction():
        stopping.stop(db.session.get(Challenge, number), desk.visitor(), desk.clock.now)
    assert pending.resume(token, desk.clock.now) is None


def test_every_answer_is_one_event_and_says_which_factor(desk, alice, app_of_alice):
    """I7."""
    token = half_way(desk)
    before = len(trail())
    answer(desk, token, "totp", app_of_alice.wrong())
    answer(desk, token, "totp", app_of_alice.code())
    assert trail()[before:] == [
        ("factor.answered", "WRONG"),
        ("factor.answered", "ACCEPTED"),
        ("session.started", ""),
    ]


def test_a_burst_of_wrong_answers_is_told(desk, alice, app_of_alice):
    desk.use(limit_failures_per_ip=1000, limit_failures_per_site=2)
    token = half_way(desk)
    answer(desk, token, "totp", app_of_alice.wrong())
    answer(desk, token, "totp", app_of_alice.wrong())
    assert ("burst.began", "") in trail()


def test_a_lost_passkey_leads_over_a_recovery_code_to_another_one(desk, alice):
    desk.use(proofs="passkey")
    enrol_app(desk, alice.user_id)
    codes = make_recovery_codes(desk, alice.user_id)
    token = half_way(desk)
    landed = arrival(answer(desk, token, "recovery", codes[0]))
    assert landed.step == Step("enrol", ("passkey",))
    assert (landed.token, landed.pending) == ("", "")
    held = pending.resume(token, desk.clock.now)
    assert [proof.factor for proof in held.proofs] == ["email", "recovery"]
