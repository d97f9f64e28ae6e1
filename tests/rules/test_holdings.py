"""Which factors a user has: their own, and of these what the site takes."""

import pytest

from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules import holdings
from otpapp.rules.factors import credentials
from otpapp.rules.holdings import Holdings
from otpapp.transaction import transaction
from tests.rules.factors_desk import enrol_app, make_recovery_codes


def test_what_others_hold_is_nobody_else_s(desk, alice, bob, zoe):
    for who in (bob, zoe):
        enrol_app(desk, who.user_id)
        make_recovery_codes(desk, who.user_id)
        with transaction():
            db.session.get(User, who.user_id).role = "admin"
    assert holdings.of(alice.user_id, desk.settings) == Holdings("member", frozenset())


@pytest.mark.parametrize(
    ("site", "held"),
    [
        ({}, {"passkey"}),
        ({"passwords": True}, {"passkey", "password"}),
        ({"public_url": "https://192.0.2.1"}, set()),
    ],
)
def test_only_what_the_site_takes_counts(desk, alice, site, held):
    desk.use(**site)
    details = {"rp_id": desk.settings.public.hostname}
    with transaction():
        for kind in ("passkey", "password"):
            credentials.add(
                alice.user_id, kind, "", b"k", desk.clock.now, desk.settings, details=details
            )
    assert holdings.of(alice.user_id, desk.settings).factors == held


@pytest.mark.parametrize("elsewhere", ["auth.example.com", "login.example.org"])
def test_a_passkey_of_another_name_is_none_and_counters_have_no_name(desk, alice, elsewhere):
    """W9."""
    with transaction():
        for kind, details in (("passkey", {"rp_id": elsewhere}), ("hotp", {}), ("totp", {})):
            credentials.add(
                alice.user_id, kind, "", b"k", desk.clock.now, desk.settings, details=details
            )
    assert holdings.of(alice.user_id, desk.settings).factors == {"hotp", "totp"}
