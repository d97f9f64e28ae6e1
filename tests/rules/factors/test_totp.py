"""Authenticator apps: enrolled by one code, and no code good twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from otpapp.extensions import db
from otpapp.models import Credential
from otpapp.otp.keys import base32, new_key
from otpapp.rules.factors import credentials, totp
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.helpers.authenticator import app_code
from tests.rules.desk import count
from tests.rules.factors_desk import App, enrol_app


@pytest.fixture
def app_of_alice(desk, alice) -> App:
    """Alice's authenticator app, a minute after it was enrolled."""
    return enrol_app(desk, alice.user_id)


def verify(desk, alice, code: str):
    db.session.rollback()
    return totp.verify(alice.user_id, code, desk.settings, desk.clock.now)


def take(desk, match) -> bool:
    with transaction():
        return match.take(desk.clock.now)


def test_an_app_is_kept_only_if_its_code_fits(desk, alice):
    with transaction():
        key, now = new_key(), desk.clock.now
        wrong = totp.enrol(alice.user_id, key, "12345", "Phone", desk.settings, now)
    assert wrong is None
    assert count(Credential) == 0


def test_the_code_that_confirmed_an_app_proves_nothing_more(desk, alice):
    """X54."""
    app = enrol_app(desk, alice.user_id)
    desk.clock.advance(minutes=-1)
    match = verify(desk, alice, app.code())
    assert match is not None
    assert not take(desk, match)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_this_step_or_its_neighbours_is_taken(desk, alice, app_of_alice, steps):
    match = verify(desk, alice, app_of_alice.code(steps))
    assert match.credential == str(app_of_alice.number)
    assert take(desk, match)


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_no_other_code_fits(desk, alice, app_of_alice, steps):
    assert verify(desk, alice, app_of_alice.code(steps)) is None


def test_codes_of_two_steps_are_taken_once_each_and_never_backwards(desk, alice, app_of_alice):
    """T2: a guard that remembers the last code only takes A, B, A, B four times."""
    first, second = app_of_alice.code(0), app_of_alice.code(1)
    taken = [take(desk, verify(desk, alice, code)) for code in (first, second, first, second)]
    assert taken == [True, True, False, False]


def test_a_later_code_ends_those_before_it(desk, alice, app_of_alice):
    assert take(desk, verify(desk, alice, app_of_alice.code(1)))
    assert not take(desk, verify(desk, alice, app_of_alice.code(0)))
    assert not take(desk, verify(desk, alice, app_of_alice.code(-1)))


def test_several_apps_of_one_user_go_each_by_itself(desk, alice, app_of_alice):
    other = enrol_app(desk, alice.user_id, "My tablet")
    assert verify(desk, alice, other.code()).credential == str(other.number)
    assert verify(desk, alice, app_of_alice.code()).credential == str(app_of_alice.number)


def test_an_app_of_somebody_else_proves_nothing(desk, alice, bob):
    app = enrol_app(desk, bob.user_id)
    assert verify(desk, alice, app.code()) is None


def test_an_app_that_was_removed_proves_nothing(desk, alice, app_of_alice):
    match = verify(desk, alice, app_of_alice.code())
    with transaction():
        assert totp.remove(alice.user_id, app_of_alice.number, desk.clock.now)
        assert not totp.remove(alice.user_id, app_of_alice.number, desk.clock.now)
    assert not take(desk, match), "not even one that was compared already"
    assert verify(desk, alice, app_of_alice.code()) is None


def test_nobody_removes_the_app_of_somebody_else(desk, alice, bob, app_of_alice):
    with transaction():
        assert not totp.remove(bob.user_id, app_of_alice.number, desk.clock.now)
    assert verify(desk, alice, app_of_alice.code())


def test_the_key_is_sealed_and_bound_to_its_row(desk, alice, app_of_alice):
    """D12."""
    other = enrol_app(desk, alice.user_id)
    rows = {row.id: row.secret for row in db.session.scalars(select(Credential))}
    assert app_of_alice.key not in rows[app_of_alice.number]
    with transaction():
        db.session.execute(
            update(Credential)
            .where(Credential.id == app_of_alice.number)
            .values(secret=rows[other.number])
        )
    assert verify(desk, alice, other.code()).credential == str(other.number)
    db.session.expire_all()
    (moved, _) = credentials.of(alice.user_id, "totp")
    assert credentials.secret_of(moved, desk.settings) is None


def test_a_key_under_a_lost_secret_proves_nothing_and_breaks_nothing(desk, alice, app_of_alice):
    desk.settings = make_settings(secret_key="another secret, long enough to pass 0123456789 abc")
    assert verify(desk, alice, app_of_alice.code()) is None


def test_codes_of_an_independent_tool_fit(desk, alice):
    key = new_key()
    now = desk.clock.now
    with transaction():
        code = app_code(base32(key), now)
        assert totp.enrol(alice.user_id, key, code, "Phone", desk.settings, now)
    later = desk.clock.advance(seconds=90)
    assert verify(desk, alice, app_code(base32(key), later + timedelta(seconds=30)))


def test_the_same_app_is_not_taken_twice(desk, alice, app_of_alice):
    with transaction():
        again = totp.enrol(
            alice.user_id,
            app_of_alice.key,
            app_of_alice.code(),
            "Once more",
            desk.settings,
            desk.clock.now,
        )
    assert again is None


def test_there_is_room_for_ten_and_somebody_else_has_ten_of_their_own(desk, alice, bob):
    for _ in range(10):
        assert not credentials.is_full(alice.user_id, "totp", desk.settings)
        enrol_app(desk, alice.user_id)
    assert credentials.is_full(alice.user_id, "totp", desk.settings)
    assert not credentials.is_full(alice.user_id, "webauthn", desk.settings), (
        "each kind is counted apart"
    )
    desk.use(public_url="https://new.example.org")
    with transaction():
        for number in range(10):
            args = (bob.user_id, "passkey", "Laptop", b"k", desk.clock.now, desk.settings)
            credentials.add(*args, handle=bytes([number]), details={"rp_id": "old.example.org"})
    assert not credentials.is_full(bob.user_id, "passkey", desk.settings), "they open nothing"
    assert not credentials.is_full(bob.user_id, "totp", desk.settings)
