"""A sealed key opens for its own row under a configured secret, and else says Unsealable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.otp.keys import Sealer, Unsealable, sealer

OLD = "the secret of last year, no longer the newest one"
NEW = "the secret of this year, which seals from here on"
KEY = b"12345678901234567890"
ROW = b"the id of a row!"


@given(key=st.binary(max_size=64), context=st.binary(max_size=32))
def test_a_sealed_key_opens_for_its_own_row(key, context):
    seals = sealer((NEW,))
    assert seals.open(seals.seal(key, context), context) == key


def test_the_sealed_key_shows_nothing_of_the_key_and_never_repeats():
    seals = Sealer((NEW,))
    sealed = {seals.seal(KEY, ROW) for _ in range(100)}
    assert len(sealed) == 100
    assert not any(KEY[start : start + 4] in one for one in sealed for start in range(17))


def test_a_sealed_key_does_not_open_for_another_row():
    sealed = Sealer((NEW,)).seal(KEY, ROW)
    with pytest.raises(Unsealable, match="another row"):
        Sealer((NEW,)).open(sealed, b"the id of other!")


def test_one_altered_byte_anywhere_is_noticed():
    seals = Sealer((NEW,))
    sealed = seals.seal(KEY, ROW)
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(Unsealable):
            seals.open(bytes(altered), ROW)


def test_a_key_sealed_under_a_secret_no_longer_configured_stays_shut():
    with pytest.raises(Unsealable, match="no longer configured"):
        Sealer((NEW,)).open(Sealer((OLD,)).seal(KEY, ROW), ROW)


def test_an_older_secret_still_opens_but_the_newest_seals():
    both = Sealer((NEW, OLD))
    assert both.open(Sealer((OLD,)).seal(KEY, ROW), ROW) == KEY
    assert Sealer((NEW,)).open(both.seal(KEY, ROW), ROW) == KEY


@given(st.binary(max_size=60))
def test_garbage_is_unsealable_and_nothing_else(garbage):
    with pytest.raises(Unsealable):
        sealer((NEW,)).open(garbage, ROW)


@pytest.mark.parametrize("length", range(40))
def test_a_value_cut_short_is_unsealable_and_nothing_else(length):
    seals = Sealer((NEW,))
    with pytest.raises(Unsealable):
        seals.open(seals.seal(KEY, ROW)[:length], ROW)


def test_the_sealer_of_the_same_secrets_is_made_once():
    assert sealer((NEW, OLD)) is sealer((NEW, OLD))


def test_it_can_be_told_whether_the_newest_secret_sealed_a_key():
    sealed = Sealer((OLD,)).seal(KEY, ROW)
    assert Sealer((OLD,)).is_newest(sealed)
    assert not Sealer((NEW, OLD)).is_newest(sealed)
