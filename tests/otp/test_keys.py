"""Keys are 160 random bits, written as authenticator apps read them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.otp.keys import base32, new_key
from tests.helpers.people import RFC_KEY


def test_a_new_key_has_twenty_bytes():
    assert {len(new_key()) for _ in range(50)} == {20}


def test_no_two_keys_are_alike():
    assert len({new_key() for _ in range(200)}) == 200


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (RFC_KEY, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        (b"f", "MY"),
        (b"fo", "MZXQ"),
        (b"foo", "MZXW6"),
        (b"foob", "MZXW6YQ"),
        (b"fooba", "MZXW6YTB"),
        (b"foobar", "MZXW6YTBOI"),
    ],
)
def test_base32_is_that_of_rfc_4648_section_10_without_padding(key, text):
    assert base32(key) == text


@given(st.binary(min_size=1, max_size=40))
def test_base32_can_be_read_back(key):
    text = base32(key)
    assert base64.b32decode(text + "=" * (-len(text) % 8)) == key
