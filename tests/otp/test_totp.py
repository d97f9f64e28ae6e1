"""Time becomes a counter as RFC 6238 has it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from otpapp.otp import hotp, totp
from tests.helpers.people import RFC_KEY

STEP = timedelta(seconds=30)
# RFC 6238 Appendix B, SHA-1: seconds since the epoch, the time step, the code of 8 digits.
APPENDIX_B = (
    (59, 0x1, "94287082"),
    (1111111109, 0x23523EC, "07081804"),
    (1111111111, 0x23523ED, "14050471"),
    (1234567890, 0x273EF07, "89005924"),
    (2000000000, 0x3F940AA, "69279037"),
    (20000000000, 0x27BC86AA, "65353130"),
)


@pytest.mark.parametrize(("seconds", "counter", "code"), APPENDIX_B)
def test_time_steps_and_codes_are_those_of_rfc_6238_appendix_b(seconds, counter, code):
    now = totp.EPOCH + timedelta(seconds=seconds)
    assert totp.time_step(now, STEP) == counter
    assert hotp.code(RFC_KEY, totp.time_step(now, STEP), digits=8) == code


def test_the_zone_of_an_instant_does_not_change_its_step():
    here = datetime(2026, 3, 3, 12, 0, 31, tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=-11)))
    assert totp.time_step(here, STEP) == totp.time_step(there, STEP)


@pytest.mark.parametrize("length", [30, 50])
def test_a_step_ends_at_the_first_instant_of_the_next(length):
    step = timedelta(seconds=length)
    now = datetime(2026, 3, 3, 12, 0, 7, 123456, tzinfo=UTC)
    counter = totp.time_step(now, step)
    end = totp.step_ends(counter, step)
    assert now < end <= now + step
    assert totp.time_step(end, step) == counter + 1
    assert totp.time_step(end - timedelta(microseconds=1), step) == counter
