"""Keys as people see them on a screen, and as they type them."""

import pytest

from otpapp.otp.keys import base32, groups, new_key, read_key

KEY = b"12345678901234567890"


def test_a_key_is_shown_in_groups_of_four():
    assert groups(KEY) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


@pytest.mark.parametrize(
    "typed",
    [
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
        "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ",
        KEY.hex(),
        KEY.hex(" ").upper(),
    ],
)
def test_a_key_is_read_in_every_usual_spelling(typed):
    assert read_key(typed) == KEY


def test_a_key_of_any_length_comes_back_from_base32():
    for length in range(16, 65):
        key = (new_key() * 4)[:length]
        assert read_key(base32(key)) == key or len(base32(key)) in (64, 128)


@pytest.mark.parametrize("typed", ["", "GEZD", "GEZDGNBVGY3TQOJ!", "0" * 39, "A" * 27, "é" * 32])
def test_what_is_no_key_or_too_short_is_none(typed):
    assert read_key(typed) is None
