"""Which step of a sign-in is missing."""

from dataclasses import FrozenInstanceError

import pytest

from otpapp.models import Proof
from otpapp.rules.holdings import Holdings
from otpapp.rules.proofs import Demand
from otpapp.rules.sign_in import DONE, Step, next_step
from tests.conftest import NOON

ONE, TWO, PASSKEY = Demand


def step(shown: str, held: str, demand: Demand, *, trusted: bool = False) -> Step:
    proofs = tuple(Proof(name, NOON) for name in shown.split())
    return next_step(proofs, Holdings("member", frozenset(held.split())), demand, trusted=trusted)


@pytest.mark.parametrize(
    ("shown", "held", "demand"),
    [
        ("email", "", ONE),
        ("email", "passkey", ONE),
        ("email totp", "totp", TWO),
        ("email recovery", "totp recovery", TWO),
        ("passkey", "passkey totp", TWO),
        ("passkey", "passkey", PASSKEY),
        ("email passkey", "passkey", PASSKEY),
    ],
)
def test_who_showed_what_is_demanded_is_done(shown, held, demand):
    assert step(shown, held, demand) == DONE


@pytest.mark.parametrize(
    ("shown", "held", "demand", "factors"),
    [
        ("email", "totp", TWO, "totp"),
        ("email", "totp recovery", TWO, "totp recovery"),
        ("sms", "hotp totp passkey recovery", TWO, "passkey totp hotp recovery"),
        ("password", "password totp", TWO, "totp code"),
        ("password", "password", TWO, "code"),
        ("email", "password", TWO, "password"),
        ("password", "password passkey recovery", PASSKEY, "passkey recovery"),
        ("password", "password", PASSKEY, "code"),
        ("email", "passkey", PASSKEY, "passkey"),
        ("email", "passkey totp recovery", PASSKEY, "passkey recovery"),
        ("email totp", "passkey totp", PASSKEY, "passkey"),
        ("email", "totp", PASSKEY, "totp"),
        ("email", "totp recovery", PASSKEY, "totp recovery"),
        ("recovery", "passkey recovery", PASSKEY, "passkey"),
        ("", "totp", PASSKEY, "totp code"),
    ],
)
def test_who_has_another_factor_proves_it(shown, held, demand, factors):
    assert step(shown, held, demand) == Step("prove", tuple(factors.split()))


@pytest.mark.parametrize(
    ("shown", "held", "demand", "factors"),
    [
        ("email", "", TWO, "totp hotp passkey password"),
        ("email sms", "", TWO, "totp hotp passkey password"),
        ("email", "recovery", TWO, "totp hotp passkey password"),
        ("email", "", PASSKEY, "passkey"),
        ("email totp", "totp", PASSKEY, "passkey"),
        ("email recovery", "passkey recovery", PASSKEY, "passkey"),
        ("email recovery", "totp recovery", PASSKEY, "passkey"),
    ],
)
def test_who_has_no_other_factor_is_led_to_enrol_one(shown, held, demand, factors):
    assert step(shown, held, demand) == Step("enrol", tuple(factors.split()))


def test_a_browser_that_is_trusted_asks_for_no_second_proof():
    assert step("email", "totp", TWO, trusted=True) == DONE


def test_trust_is_no_first_proof_and_no_passkey():
    assert step("", "totp", TWO, trusted=True).verb == "prove"
    assert step("email", "passkey", PASSKEY, trusted=True).verb == "prove"
    assert step("browser", "totp", ONE, trusted=True).verb == "prove"


def test_nobody_changes_what_done_means():
    with pytest.raises(FrozenInstanceError):
        DONE.verb = "prove"
