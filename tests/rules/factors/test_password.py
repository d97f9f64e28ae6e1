"""Passwords: long enough, not everybody's, kept as Argon2id under a seal."""

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential
from otpapp.rules import holdings
from otpapp.rules.factors import credentials, password
from otpapp.rules.factors.password import Fault
from otpapp.rules.proofs import Demand
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.rules.factors_desk import enrol_app

GOOD = "seven purple elephants"


def choose(desk, person, typed: str = GOOD):
    with transaction():
        new = password.hashed(typed)
        return password.enrol(person.user_id, new, desk.settings, desk.clock.now).number


def fits(desk, person, typed: str) -> bool:
    db.session.rollback()
    match = password.verify(person.user_id, typed, desk.settings, desk.clock.now)
    with transaction():
        return bool(match and match.take(desk.clock.now))


@pytest.fixture
def overrides() -> dict:
    """A site that takes passwords."""
    return {"passwords": True}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (GOOD, None),
        ("x" * 14 + "y", None),
        ("x" * 14, Fault.SHORT),
        ("", Fault.SHORT),
        ("ü" * 15, None),
        ("x" * 256, None),
        ("x" * 257, Fault.LONG),
        ("alice@example.org", Fault.YOURS),
        ("auth.example.org alice", Fault.YOURS),
        ("example alice elephants", None),
    ],
)
def test_what_can_be_a_password_where_it_is_the_only_factor(desk, alice, typed, found):
    assert password.fault(alice.user_id, typed, desk.settings) is found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("elephant", Fault.COMMON),
        ("PassWord", Fault.COMMON),
        ("ｐａｓｓｗｏｒｄ", Fault.COMMON),
        ("7 purple", None),
        ("7 purpl", Fault.SHORT),
        ("alice!42", Fault.YOURS),
    ],
)
def test_beside_another_factor_it_may_be_shorter(desk, alice, typed, found):
    enrol_app(desk, alice.user_id)
    assert password.fault(alice.user_id, typed, desk.settings) is found


@pytest.mark.parametrize(
    ("typed", "others", "is_alone"),
    [
        ("7 purple", 0, True),
        ("x" * 14, 0, True),
        ("x" * 15, 0, False),
        ("7 purple", 1, False),
        (None, 0, False),
    ],
)
def test_a_short_one_is_not_left_alone(desk, alice, typed, others, is_alone):
    number = enrol_app(desk, alice.user_id).number
    for name in range(others):
        enrol_app(desk, alice.user_id, f"Phone {name}")
    if typed:
        choose(desk, alice, typed)
    app = credentials.get(number)
    assert password.would_be_alone(app, desk.settings) is is_alone
    assert not password.would_be_alone(app, make_settings()), "the site takes none"


def test_a_short_one_counts_only_while_something_stands_beside_it(desk, alice):
    """Whichever way it was left alone, by an undo, by an operator or by two at once."""
    number = enrol_app(desk, alice.user_id).number
    choose(desk, alice, "7 purple")
    assert fits(desk, alice, "7 purple")
    assert holdings.of(alice.user_id, desk.settings).factors == {"totp", "password"}
    with transaction():
        credentials.remove(alice.user_id, number, desk.clock.now)
    assert not fits(desk, alice, "7 purple")
    assert not password.is_set(alice.user_id, desk.settings)
    assert holdings.of(alice.user_id, desk.settings).factors == set()
    with transaction():
        credentials.restore(number, desk.clock.now)
    assert fits(desk, alice, "7 purple")


def test_beside_a_passkey_that_opens_nothing_a_short_one_does_not_count(desk, alice):
    with transaction():
        args = (alice.user_id, "passkey", "Laptop", b"k", desk.clock.now, desk.settings)
        credentials.add(*args, details={"rp_id": "old.example.org"})
    choose(desk, alice, "7 purple")
    assert not fits(desk, alice, "7 purple")
    assert password.shortest(alice.user_id, desk.settings) == 15
    choose(desk, alice, "7 purple elephants")
    assert fits(desk, alice, "7 purple elephants")


def test_the_password_itself_can_always_go(desk, alice):
    number = choose(desk, alice, "7 purple")
    assert not password.would_be_alone(credentials.get(number), desk.settings)


def test_the_right_one_fits_again_and_again_and_no_other_does(desk, alice):
    choose(desk, alice)
    assert fits(desk, alice, GOOD)
    assert fits(desk, alice, GOOD)
    for wrong in (GOOD + " ", GOOD.upper(), "", "\udcff", "x" * 257):
        assert not fits(desk, alice, wrong)


def test_the_same_letters_from_another_keyboard_fit(desk, alice):
    choose(desk, alice, "sieben Flöten und ein Bär")
    assert fits(desk, alice, "sieben Flöten und ein Bär")


def test_a_new_one_takes_the_place_of_the_one_before(desk, alice):
    choose(desk, alice)
    choose(desk, alice, "another seven elephants")
    assert not fits(desk, alice, GOOD)
    assert fits(desk, alice, "another seven elephants")
    assert len(credentials.of(alice.user_id, "password")) == 1


def test_one_that_is_changed_while_it_is_compared_opens_nothing(desk, alice):
    choose(desk, alice)
    match = password.verify(alice.user_id, GOOD, desk.settings, desk.clock.now)
    choose(desk, alice, "another seven elephants")
    with transaction():
        assert not match.take(desk.clock.now)


def test_it_is_of_one_user(desk, alice, bob):
    choose(desk, alice)
    assert not fits(desk, bob, GOOD)
    assert password.is_set(alice.user_id, desk.settings)
    assert not password.is_set(bob.user_id, desk.settings)
    assert not password.is_set(None, desk.settings)


def test_it_is_kept_as_a_sealed_hash(desk, alice):
    choose(desk, alice)
    (row,) = db.session.scalars(select(Credential))
    assert b"argon2" not in row.secret
    assert credentials.secret_of(row, desk.settings).startswith(b"$argon2id$")


def test_under_a_lost_secret_it_fits_nothing(desk, alice):
    choose(desk, alice)
    desk.settings = make_settings(secret_key="another secret, long enough to pass 0123456789 abc")
    assert not fits(desk, alice, GOOD)


def test_a_hash_that_is_none_fits_nothing(desk, alice):
    with transaction():
        credentials.add(
            alice.user_id, "password", "Password", b"broken", desk.clock.now, desk.settings
        )
    assert not fits(desk, alice, GOOD)


def test_who_has_one_is_asked_for_two_proofs_while_the_site_takes_passwords(desk, alice):
    choose(desk, alice)
    held = holdings.of(alice.user_id, desk.settings)
    assert holdings.demand(held, desk.settings) is Demand.TWO
    desk.use(passwords=False)
    held = holdings.of(alice.user_id, desk.settings)
    assert (held.factors, holdings.demand(held, desk.settings)) == (frozenset(), Demand.ONE)
