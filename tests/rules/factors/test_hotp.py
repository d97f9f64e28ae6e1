"""Counter tokens: a few presses ahead, never back, and found again by two codes in a row."""

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential
from otpapp.otp import hotp as codes
from otpapp.otp.keys import base32
from otpapp.rules import upkeep
from otpapp.rules.factors import credentials, hotp
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.helpers.authenticator import token_code
from tests.helpers.people import RFC_CODES, RFC_KEY
from tests.rules.desk import count, in_parallel


def code(counter: int, digits: int = 6) -> str:
    return codes.code(RFC_KEY, counter, digits)


def enrol(desk, person, first: str, second: str):
    with transaction():
        return hotp.enrol(
            person.user_id, RFC_KEY, (first, second), "Key ring", desk.settings, desk.clock.now
        )


def counter() -> int:
    db.session.rollback()
    return db.session.scalars(select(Credential.counter)).one()


def accepts(desk, person, typed: str) -> bool:
    """Say whether what was typed fits, and take it."""
    db.session.rollback()
    match = hotp.verify(person.user_id, typed, desk.settings, desk.clock.now)
    with transaction():
        return bool(match and match.take(desk.clock.now))


@pytest.fixture
def token(desk, alice) -> None:
    """Alice's token, pressed twice."""
    assert enrol(desk, alice, code(0), code(1))


def test_two_codes_in_a_row_enrol_a_token_however_often_it_was_pressed(desk, alice):
    assert enrol(desk, alice, code(999), code(1000))
    assert counter() == 1001


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_the_codes_say_how_many_digits_it_shows(desk, alice, digits):
    assert enrol(desk, alice, code(7, digits), code(8, digits))
    assert accepts(desk, alice, code(9, digits))
    assert not accepts(desk, alice, code(10, 6 if digits != 6 else 8))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RFC_CODES[0], RFC_CODES[2]),
        (RFC_CODES[1], RFC_CODES[0]),
        (RFC_CODES[0], RFC_CODES[0]),
        (RFC_CODES[0], ""),
        ("", ""),
        (code(0, 8), code(1)),
        (code(1000), code(1001)),
    ],
)
def test_other_codes_enrol_nothing(desk, alice, first, second):
    assert enrol(desk, alice, first, second) is None
    assert count(Credential) == 0


@pytest.mark.parametrize("ahead", range(5))
def test_a_code_a_few_presses_ahead_is_taken(desk, alice, token, ahead):
    assert accepts(desk, alice, code(2 + ahead))
    assert counter() == 3 + ahead


@pytest.mark.parametrize("ahead", [5, 6, 50])
def test_one_further_ahead_is_not(desk, alice, token, ahead):
    """H7."""
    assert not accepts(desk, alice, code(2 + ahead))
    assert counter() == 2


def test_no_code_is_taken_twice_and_none_from_before(desk, alice, token):
    assert accepts(desk, alice, code(4))
    for before in range(5):
        assert not accepts(desk, alice, code(before))
    assert accepts(desk, alice, code(5))


def test_the_code_just_used_is_recognised_and_not_taken(desk, alice, token):
    match = hotp.verify(alice.user_id, code(1), desk.settings, desk.clock.now)
    assert match is not None
    with transaction():
        assert not match.take(desk.clock.now)
    assert hotp.verify(alice.user_id, code(0), desk.settings, desk.clock.now) is None


def test_two_codes_in_a_row_find_a_token_that_was_pressed_often(desk, alice, token):
    """RFC 4226 section 7.4."""
    assert not accepts(desk, alice, code(60))
    assert accepts(desk, alice, f"{code(60)} {code(61)}")
    assert counter() == 62
    assert accepts(desk, alice, code(62))


def test_two_codes_go_forward_only_and_not_too_far(desk, alice, token):
    assert accepts(desk, alice, f"{code(30)} {code(31)}")
    assert not accepts(desk, alice, f"{code(10)} {code(11)}")
    assert not accepts(desk, alice, f"{code(30)} {code(31)}")
    assert not accepts(desk, alice, f"{code(132)} {code(133)}")
    assert not accepts(desk, alice, f"{code(40)} {code(42)}")
    assert accepts(desk, alice, f"{code(131)} {code(132)}")


def test_a_token_of_somebody_else_proves_nothing(desk, alice, bob, token):
    assert not accepts(desk, bob, code(2))


def test_codes_of_an_independent_tool_fit_after_four_presses(desk, alice):
    key = base32(RFC_KEY)
    assert enrol(desk, alice, token_code(key, 0), token_code(key, 1))
    assert accepts(desk, alice, token_code(key, 2 + 4))


def test_a_key_under_a_lost_secret_proves_nothing(desk, alice, token):
    desk.settings = make_settings(secret_key="another secret, long enough to pass 0123456789 abc")
    assert not accepts(desk, alice, code(2))


def test_one_code_at_once_is_taken_once(context, desk, alice, token):
    """X04."""
    taken = in_parallel(context, 16, lambda _: accepts(desk, alice, code(3)))
    assert taken.count(True) == 1


def test_after_a_restore_one_code_is_not_enough(desk, alice, token):
    """X49: the copy knows nothing of codes 2 and 3, which were used since."""
    with transaction():
        upkeep.end_everything(desk.clock.now)
    assert not accepts(desk, alice, code(2))
    assert accepts(desk, alice, f"{code(4)} {code(5)}")
    assert accepts(desk, alice, code(6)), "from here on one is enough again"


def test_a_restore_casts_doubt_on_tokens_alone_and_leaves_them_as_they_were(desk, alice):
    with transaction():
        args = (desk.clock.now, desk.settings)
        for number in range(8):
            credentials.add(
                alice.user_id, "hotp", "", bytes([number]), *args, details={"digits": number}
            )
        credentials.add(alice.user_id, "totp", "", b"k", *args)
    with transaction():
        assert hotp.doubt_all() == 8
    found = [one.details for one in credentials.of(alice.user_id, "hotp", "totp")]
    assert sorted(found, key=lambda one: one.get("digits", 9)) == [
        *({"digits": number, "in_doubt": True} for number in range(8)),
        {},
    ]


@pytest.mark.parametrize("digits", [0, 1, 5, 9, 11, 40])
def test_codes_of_another_length_enrol_nothing(desk, alice, digits):
    assert enrol(desk, alice, "1" * digits, "2" * digits) is None


def test_the_same_token_is_not_taken_twice(desk, alice, token):
    """Each of its rows would take each code once."""
    assert enrol(desk, alice, code(2), code(3)) is None
