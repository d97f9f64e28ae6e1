"""Who somebody is, signed: for apps that trust no plain header, because others can reach them."""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import ECAlgorithm

from otpapp.rules.gate.deciding import Somebody
from otpapp.settings import Settings

LASTS = timedelta(seconds=60)
ALGORITHM = "ES256"  # RFC 7518 section 3.4
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_SEED_BYTES = 48  # 128 bits more than the order, so that no key is likelier (FIPS 186-5 A.2.1)


def sign(who: Somebody, origin: str, settings: Settings, now: datetime) -> str:
    """Return a JSON Web Token about somebody for the app at `origin`, good for a minute (RFC 7519).

    `sub` is the user's number, which stays when addresses change; `amr` are their proofs.
    """
    key, public = _key(settings.secret_key)
    claims = {
        "iss": settings.public_url,
        "aud": origin,
        "sub": str(who.user_id),
        "email": next((one for one in who.addresses if "@" in one), None),
        "preferred_username": next(iter(who.addresses), None),
        "groups": list(who.groups),
        "amr": list(dict.fromkeys(proof.factor for proof in who.proofs)),
        "iat": now,
        # A proxy may hand it on for as long as it keeps the answer.
        "exp": now + LASTS + timedelta(seconds=settings.gate_cache_seconds),
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, ALGORITHM, {"kid": public["kid"]})


def key_set(settings: Settings) -> dict[str, Any]:
    """Return the public keys that such tokens can be verified by, the newest first (RFC 7517)."""
    return {"keys": [_key(secret)[1] for secret in settings.secrets]}


@lru_cache(maxsize=8)
def _key(secret: str) -> tuple[ec.EllipticCurvePrivateKey, dict[str, Any]]:
    """Return the key that follows from a secret, and its public half; nothing is kept anywhere."""
    derived = HKDF(SHA256(), _SEED_BYTES, salt=None, info=b"otpapp gate: signed header")
    number = int.from_bytes(derived.derive(secret.encode())) % (_ORDER - 1) + 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return key, public | {"alg": ALGORITHM, "use": "sig", "kid": _thumbprint(public)}


def _thumbprint(public: dict[str, Any]) -> str:
    """Return the name of a key, which follows from it (RFC 7638 section 3)."""
    members = {name: public[name] for name in ("crv", "kty", "x", "y")}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
