"""Roles: who gets another one signs in anew."""

import pytest

from otpapp.models import Proof
from otpapp.rules import holdings, roles
from otpapp.transaction import transaction
from tests.conftest import NOON, make_settings
from tests.rules.desk import trail
from tests.rules.factors_desk import is_in


def give(desk, alice, role: str) -> int:
    with transaction():
        return roles.give(alice.user_id, role, desk.clock.now).ended


def test_another_role_ends_the_sessions(desk, alice):
    token = desk.sign_in()
    assert give(desk, alice, "member") == 0, "that is what she is"
    assert is_in(token, desk.clock.now)
    assert give(desk, alice, "admin") == 1
    assert holdings.of(alice.user_id, desk.settings).role == "admin"
    assert not is_in(token, desk.clock.now)
    assert trail()[-1] == ("role.given", "")


@pytest.mark.parametrize(
    ("shown", "role", "site", "admins", "is_enough"),
    [
        ("email", "member", "one", "two", True),
        ("email", "admin", "one", "two", False),
        ("email", "admin", "one", "one", True),
        ("email", "member", "two", "two", False),
        ("email totp", "admin", "two", "two", True),
        ("email browser", "member", "two", "two", True),
        ("email browser", "admin", "one", "passkey", False),
        ("email totp", "admin", "one", "passkey", False),
        ("passkey", "admin", "passkey", "passkey", True),
        ("email totp", "member", "one", "passkey", True),
    ],
)
def test_a_session_must_meet_what_is_demanded_today(shown, role, site, admins, is_enough):
    settings = make_settings(proofs=site, proofs_of_admins=admins)
    proofs = tuple(Proof(name, NOON) for name in shown.split())
    assert holdings.is_still_enough(proofs, role, settings) is is_enough
