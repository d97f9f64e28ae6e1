"""The laid-open derivation shows the numbers of RFC 4226 and ends at the same code."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.otp import derivation, hotp
from tests.helpers.people import RFC_CODES, RFC_KEY


@pytest.mark.parametrize("counter", range(10))
def test_each_step_is_that_of_rfc_4226_appendix_d(counter):
    steps = derivation.derive(RFC_KEY, counter)
    digest, truncated, code = derivation.APPENDIX_D[counter]
    assert steps.message == bytes([0, 0, 0, 0, 0, 0, 0, counter])
    assert steps.digest.hex() == digest
    assert steps.truncated == truncated
    assert steps.code == code == RFC_CODES[counter]
    assert derivation.agrees_with_rfc(counter)


def test_the_key_of_the_rfc_is_the_one_of_the_tests():
    assert derivation.RFC_KEY == RFC_KEY


def test_an_error_in_any_step_is_seen(monkeypatch):
    monkeypatch.setattr(derivation, "IPAD", 0x35)
    assert not derivation.agrees_with_rfc(0)


def test_the_blocks_are_the_key_with_zeros_and_each_pad():
    steps = derivation.derive(b"\x00\xff", 1)
    assert steps.inner_block == b"\x36\xc9" + b"\x36" * 62
    assert steps.outer_block == b"\x5c\xa3" + b"\x5c" * 62
    inner = steps.inner_block + steps.message
    assert steps.inner_digest == hashlib.sha1(inner, usedforsecurity=False).digest()


@given(
    key=st.binary(min_size=1, max_size=64), counter=st.integers(min_value=0, max_value=2**64 - 1)
)
def test_the_digest_is_the_hmac_of_the_standard_library(key, counter):
    steps = derivation.derive(key, counter)
    assert steps.digest == hmac.digest(key, steps.message, "sha1")


def test_the_chosen_bytes_stand_at_the_offset_and_lose_their_top_bit():
    for counter in range(40):
        steps = derivation.derive(RFC_KEY, counter)
        assert steps.digest[steps.offset : steps.offset + 4] == steps.chosen
        assert steps.truncated == int.from_bytes(steps.chosen, "big") % 2**31


@given(
    key=st.binary(min_size=16, max_size=64),
    counter=st.integers(min_value=0, max_value=2**64 - 1),
    digits=st.integers(min_value=6, max_value=8),
)
def test_it_always_ends_at_the_code_that_is_sent(key, counter, digits):
    assert derivation.derive(key, counter, digits).code == hotp.code(key, counter, digits)
