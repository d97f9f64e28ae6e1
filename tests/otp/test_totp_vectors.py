"""The test vectors of RFC 6238 Appendix B, for all three digests."""

from datetime import UTC, datetime, timedelta

import pytest

from otpapp.otp import hotp, totp
from otpapp.otp.keys import base32

SEED = b"1234567890"
KEYS = {"SHA1": 20, "SHA256": 32, "SHA512": 64}  # bytes
VECTORS = {
    59: ("94287082", "46119246", "90693936"),
    1111111109: ("07081804", "68084774", "25091201"),
    1111111111: ("14050471", "67062674", "99943326"),
    1234567890: ("89005924", "91819424", "93441116"),
    2000000000: ("69279037", "90698825", "38618901"),
    20000000000: ("65353130", "77737706", "47863826"),
}
CASES = [
    (second, algorithm, code)
    for second, codes in VECTORS.items()
    for algorithm, code in zip(KEYS, codes, strict=True)
]


@pytest.mark.parametrize(("second", "algorithm", "code"), CASES)
def test_every_vector_is_the_code_of_its_step(second, algorithm, code):
    key = (SEED * 7)[: KEYS[algorithm]]
    step = totp.time_step(datetime.fromtimestamp(second, UTC), totp.STEP)
    assert hotp.code(key, step, 8, algorithm) == code
    assert hotp.find(key, [step - 1, step], code, 8, algorithm) == step


def test_the_window_is_this_step_and_its_neighbours():
    now = datetime(2026, 3, 3, 12, 0, 15, tzinfo=UTC)
    this = totp.time_step(now, totp.STEP)
    assert list(totp.window(now)) == [this - 1, this, this + 1]


def test_at_the_epoch_there_is_no_step_before():
    assert list(totp.window(totp.EPOCH + timedelta(seconds=3))) == [0, 1]


def test_nothing_is_found_for_what_is_no_code():
    for typed in ("", "12345", "1234567", "１２３４５６", "12345a"):
        assert hotp.find(SEED * 2, range(10), typed) is None


def test_the_address_for_apps_names_site_and_person():
    uri = totp.provisioning_uri(SEED * 2, "alice@example.org", "Our team")
    assert uri.startswith("otpauth://totp/Our%20team:alice%40example.org?")
    assert f"secret={base32(SEED * 2)}" in uri
    assert "issuer=Our%20team" in uri
