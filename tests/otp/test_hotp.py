"""Codes are those of RFC 4226, and nothing but the exact ASCII digits matches one."""

import pytest

from otpapp.otp import hotp
from tests.helpers.people import RFC_CODES, RFC_KEY

ROUND_THE_ZERO = 30  # the first counter of the RFC key whose code begins with a zero


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_CODES)))
def test_the_codes_are_those_of_rfc_4226_appendix_d(counter, code):
    assert hotp.code(RFC_KEY, counter) == code
    assert hotp.matches(RFC_KEY, counter, code)


def test_leading_zeros_are_kept():
    assert hotp.code(RFC_KEY, ROUND_THE_ZERO) == "026920"
    assert hotp.matches(RFC_KEY, ROUND_THE_ZERO, "026920")
    assert not hotp.matches(RFC_KEY, ROUND_THE_ZERO, "26920")


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_a_code_has_as_many_digits_as_asked(digits):
    assert len(hotp.code(RFC_KEY, 0, digits)) == digits
    assert hotp.code(RFC_KEY, 0, 8) == "84755224"


@pytest.mark.parametrize("counter", [-1, 2**64, 2**70])
def test_a_counter_that_does_not_fit_eight_bytes_is_refused(counter):
    with pytest.raises(ValueError, match="counter"):
        hotp.code(RFC_KEY, counter)
    with pytest.raises(ValueError, match="counter"):
        hotp.matches(RFC_KEY, counter, "000000")


def test_the_last_counter_that_fits_has_a_code():
    assert hotp.matches(RFC_KEY, 2**64 - 1, hotp.code(RFC_KEY, 2**64 - 1))


@pytest.mark.parametrize("neighbour", [0, 2, 3])
def test_there_is_no_look_ahead_window(neighbour):
    assert not hotp.matches(RFC_KEY, 1, RFC_CODES[neighbour])


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "28708",
        "2870822",
        "0287082",
        " 287082",
        "287082\n",
        "287 082",
        "28708a",
        "-87082",
        "２８７０８２",
        "٢٨٧٠٨٢",
        "२८७०८२",
        "²⁸⁷⁰⁸²",
        "28708²",
        "𝟐𝟖𝟕𝟎𝟖𝟐",
        "①②③④⑤⑥",
        "\x00" * 6,
        "\ud800" * 6,
        "287082" * 200,
    ],
)
def test_only_the_exact_ascii_digits_match(answer):
    assert hotp.matches(RFC_KEY, 1, "287082")
    assert not hotp.matches(RFC_KEY, 1, answer)


def test_the_address_for_apps_that_count_names_site_and_person():
    uri = hotp.provisioning_uri(b"12345678901234567890", "alice@example.org", "Our team")
    assert uri.startswith("otpauth://hotp/Our%20team:alice%40example.org?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri
