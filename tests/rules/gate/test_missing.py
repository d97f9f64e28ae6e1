"""What somebody has to prove, or to set up, before an app that asks for more opens."""

from datetime import timedelta

import pytest

from otpapp.rules import sessions
from otpapp.rules.gate import missing
from otpapp.rules.gate.rules import Rule
from otpapp.rules.sign_in import Step
from tests.rules.factors_desk import answer, arrival, enrol_app, make_recovery_codes

ONE, TWO, PASSKEY = (Rule("/", ("everyone",), proofs) for proofs in ("one", "two", "passkey"))
FRESH = Rule("/", ("everyone",), "one", timedelta(minutes=5))


@pytest.fixture
def step(desk, alice):
    """Return what is missing for a rule in the session of a token."""

    def step(rule: Rule, token: str) -> Step:
        who = sessions.resume(token, "page", desk.clock.now)
        return missing.step_to(rule, who, desk.settings, desk.clock.now)

    return step


@pytest.fixture
def token(desk, alice) -> str:
    """A session of Alice that rests on a code alone."""
    return desk.sign_in()


def test_who_has_codes_alone_gives_another_one_where_the_first_is_too_old(step, token):
    assert step(FRESH, token) == Step("prove", ("code",))


def test_who_has_an_app_gives_its_code_where_the_last_proof_is_too_old(desk, step, alice, token):
    enrol_app(desk, alice.user_id)
    assert step(FRESH, token) == Step("prove", ("totp",))


def test_no_second_code_by_mail_is_a_second_proof(step, token):
    assert step(TWO, token) == Step("enrol", ("totp", "hotp", "passkey", "password"))


def test_an_app_is_one_and_a_recovery_code_stands_in_for_it(desk, step, alice, token):
    enrol_app(desk, alice.user_id)
    assert step(TWO, token) == Step("prove", ("totp",))
    make_recovery_codes(desk, alice.user_id)
    assert step(TWO, token) == Step("prove", ("totp", "recovery"))


def test_a_passkey_is_set_up_by_who_has_none_whatever_else_they_have(desk, step, alice, token):
    app = enrol_app(desk, alice.user_id)
    assert step(PASSKEY, token) == Step("enrol", ("passkey",))
    desk.clock.advance(minutes=1)
    token = arrival(answer(desk, token, "totp", app.code())).token
    assert step(PASSKEY, token) == Step("enrol", ("passkey",))


def test_the_site_s_own_demand_counts_where_it_is_stricter(desk, step, token):
    desk.use(proofs="two")
    assert step(ONE, token).verb == "enrol"
