"""What proofs are worth."""

from datetime import timedelta

import pytest

from otpapp.models import Proof
from otpapp.rules import proofs
from otpapp.rules.proofs import Demand
from tests.conftest import NOON


def these(names: str) -> tuple[Proof, ...]:
    return tuple(Proof(name, NOON) for name in names.split())


@pytest.mark.parametrize(
    ("names", "most"),
    [
        ("", 0),
        ("email", Demand.ONE),
        ("email sms", Demand.ONE),
        ("totp", Demand.ONE),
        ("totp hotp", Demand.ONE),
        ("email browser", Demand.ONE),
        ("email totp", Demand.TWO),
        ("sms hotp", Demand.TWO),
        ("password email", Demand.TWO),
        ("password totp", Demand.TWO),
        ("email recovery", Demand.TWO),
        ("email totp recovery", Demand.TWO),
        ("passkey", Demand.PASSKEY),
        ("email passkey", Demand.PASSKEY),
    ],
)
def test_two_proofs_count_as_two_only_if_they_differ(names, most):
    """N1: email and text messages together are one."""
    for demand in Demand:
        assert proofs.is_enough(these(names), demand) is (demand <= most), demand


def test_no_proof_is_never_enough():
    assert not any(proofs.is_enough((), demand) for demand in Demand)


@pytest.mark.parametrize(
    ("held", "strongest"),
    [
        ("", ()),
        ("recovery", ()),
        ("password", ("password",)),
        ("totp password", ("totp",)),
        ("email sms password", ("email", "sms", "password")),
        ("totp hotp recovery", ("totp", "hotp")),
        ("totp passkey hotp", ("passkey",)),
    ],
)
def test_the_strongest_factor_outranks_the_others(held, strongest):
    assert proofs.strongest(held.split()) == strongest


def test_a_proof_is_fresh_for_ten_minutes():
    proof = Proof("totp", NOON)
    assert proofs.is_fresh(proof, NOON)
    assert proofs.is_fresh(proof, NOON + timedelta(minutes=9, seconds=59))
    for minutes in (10, 11, 60):
        assert not proofs.is_fresh(proof, NOON + timedelta(minutes=minutes))


def test_a_proof_from_a_clock_that_was_ahead_is_not_fresh():
    """X43."""
    assert proofs.is_fresh(Proof("totp", NOON + timedelta(seconds=5)), NOON)
    assert not proofs.is_fresh(Proof("totp", NOON + timedelta(seconds=6)), NOON)
