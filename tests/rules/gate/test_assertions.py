"""The signed header: what a backend reads of it, and what it refuses."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest

from otpapp.models import Proof
from otpapp.rules.gate import assertions
from otpapp.rules.gate.deciding import Somebody
from tests.conftest import make_settings

ORIGIN, ISSUER = "https://wiki.example.org", "https://auth.example.org"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
PROOFS = (Proof("email", NOW), Proof("totp", NOW), Proof("email", NOW))
ALICE = Somebody(
    UUID(int=7), "member", ("+12025550143", "alice@example.org"), ("board", "office"), PROOFS
)


def verify(token: str, settings, origin: str = ORIGIN) -> dict:
    """Return what a backend reads that knows the key set, as RFC 7517 and RFC 7519 say."""
    keys = jwt.PyJWKSet.from_dict(assertions.key_set(settings))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["ES256"], audience=origin, issuer=ISSUER)


@pytest.fixture
def now() -> datetime:
    """The real time: the library that verifies asks the clock of the system."""
    return datetime.now(UTC).replace(microsecond=0)


def test_a_backend_reads_who_it_is(now):
    settings = make_settings()
    claims = verify(assertions.sign(ALICE, ORIGIN, settings, now), settings)
    at = int(now.timestamp())
    assert claims == {
        "iss": ISSUER,
        "aud": ORIGIN,
        "sub": str(UUID(int=7)),
        "email": "alice@example.org",
        "preferred_username": "+12025550143",
        "groups": ["board", "office"],
        "amr": ["email", "totp"],
        "iat": at,
        "exp": at + 60,
    }


def test_of_somebody_without_addresses_none_are_told(now):
    settings = make_settings()
    claims = verify(assertions.sign(replace(ALICE, addresses=()), ORIGIN, settings, now), settings)
    assert not {"email", "preferred_username"} & set(claims)


def test_it_is_of_one_app(now):
    settings = make_settings()
    token = assertions.sign(ALICE, ORIGIN, settings, now)
    with pytest.raises(jwt.InvalidAudienceError):
        verify(token, settings, "https://books.example.org")


def test_it_lasts_a_minute(now):
    settings = make_settings()
    token = assertions.sign(ALICE, ORIGIN, settings, now - timedelta(seconds=61))
    with pytest.raises(jwt.ExpiredSignatureError):
        verify(token, settings)


def test_where_proxies_keep_answers_it_lasts_as_much_longer(now):
    settings = make_settings(gate_cache_seconds=30)
    claims = verify(assertions.sign(ALICE, ORIGIN, settings, now), settings)
    assert claims["exp"] - claims["iat"] == 90


def test_another_site_s_key_is_another(now):
    other = make_settings(secret_key="another secret of the tests, long enough 9876543210")
    token = assertions.sign(ALICE, ORIGIN, other, now)
    with pytest.raises(KeyError):
        verify(token, make_settings())


def test_the_keys_change_with_the_secrets_and_the_older_ones_go_on(now):
    old = make_settings()
    token = assertions.sign(ALICE, ORIGIN, old, now)
    new = replace(
        old,
        secret_key="another secret of the tests, long enough 9876543210",
        secret_key_fallbacks=(old.secret_key,),
    )
    assert verify(token, new)["sub"] == str(UUID(int=7))
    first, second = assertions.key_set(new)["keys"]
    assert first["kid"] != second["kid"]
    assert second == assertions.key_set(old)["keys"][0]


def test_the_key_of_a_secret_is_the_same_in_every_release():
    """RFC 5869, then FIPS 186-5 A.2.1: the point was computed apart, with HMACs and the order."""
    (key,) = assertions.key_set(make_settings())["keys"]
    assert key["x"] == "gIp8Z01tfWImYO_PTUEW4Vn4oX9ckfaMOFhxiZ8niGI"
    assert key["y"] == "kyZj4kXR96DTEEu3ISIgArIsIixpJf2pWYdKOetigUo"


def test_no_private_half_is_published():
    (key,) = assertions.key_set(make_settings())["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "alg", "use", "kid"}
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")


def test_a_key_is_named_by_its_thumbprint():
    """RFC 7638 section 3.1, put together by hand."""
    (key,) = assertions.key_set(make_settings())["keys"]
    text = f'{{"crv":"P-256","kty":"EC","x":"{key["x"]}","y":"{key["y"]}"}}'
    digest = hashlib.sha256(text.encode()).digest()
    assert base64.urlsafe_b64decode(key["kid"] + "=") == digest
