"""The laid-open derivation shows the numbers of RFC 4226 and ends at the same code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.otp import derivation, hotp
from tests.helpers.people import RFC_CODES, RFC_KEY

# RFC 4226 Appendix D: the intermediate HMAC values, and the truncated numbers.
APPENDIX_D = (
    (0, "cc93cf18508d94934c64b65d8ba7667fb7cde4b0", 1284755224),
    (1, "75a48a19d4cbe100644e8ac1397eea747a2d33ab", 1094287082),
    (2, "0bacb7fa082fef30782211938bc1c5e70416ff44", 137359152),
    (3, "66c28227d03a2d5529262ff016a1e6ef76557ece", 1726969429),
    (4, "a904c900a64b35909874b33e61c5938a8e15ed1c", 1640338314),
    (5, "a37e783d7b7233c083d4f62926c7a25f238d0316", 868254676),
    (6, "bc9cd28561042c83f219324d3c607256c03272ae", 1918287922),
    (7, "a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", 82162583),
    (8, "1b3c89f65e6c9e883012052823443f048b4332db", 673399871),
    (9, "1637409809a679dc698207310c8c7fc07290d9e5", 645520489),
)


@pytest.mark.parametrize(("counter", "digest", "truncated"), APPENDIX_D)
def test_each_step_is_that_of_rfc_4226_appendix_d(counter, digest, truncated):
    steps = derivation.derive(RFC_KEY, counter)
    assert steps.message == bytes([0, 0, 0, 0, 0, 0, 0, counter])
    assert steps.digest.hex() == digest
    assert steps.truncated == truncated
    assert steps.code == RFC_CODES[counter]


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
