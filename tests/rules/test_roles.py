"""Roles: who gets another one signs in anew."""

from otpapp.rules import holdings, roles
from otpapp.transaction import transaction
from tests.rules.desk import trail
from tests.rules.factors_desk import is_in


def give(desk, alice, role: str) -> int:
    with transaction():
        return roles.give(alice.user_id, role, desk.clock.now)


def test_another_role_ends_the_sessions(desk, alice):
    token = desk.sign_in()
    assert give(desk, alice, "member") == 0, "that is what she is"
    assert is_in(token, desk.clock.now)
    assert give(desk, alice, "admin") == 1
    assert holdings.of(alice.user_id, desk.settings).role == "admin"
    assert not is_in(token, desk.clock.now)
    assert trail()[-1] == ("role.given", "")
