"""What proofs are worth: which are two different ones, which is stronger, which is fresh."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum

from otpapp.models import Proof
from otpapp.rules import clocks

MESSAGES = frozenset({"email", "sms"})
BROWSER = "browser"  # stands for a second proof where its user trusts it
UNLISTED = MESSAGES | {"recovery"}  # what no credential stands for
# What can be lost or stolen together is of one sort: two codes of one inbox are one proof (N1).
SORTS = {
    **dict.fromkeys(MESSAGES, "message"),
    **dict.fromkeys(("totp", "hotp"), "generator"),
    "code": "message",
    **{name: name for name in ("passkey", "password", "recovery")},
}
STRENGTH = {"email": 1, "sms": 1, "password": 1, "hotp": 2, "totp": 2, "passkey": 3}
FRESH = timedelta(minutes=10)


class Demand(IntEnum):
    """What a sign-in must show, the strictest last."""

    ONE = 1
    TWO = 2
    PASSKEY = 3


def sorts(proofs: Iterable[Proof]) -> set[str]:
    """Return the different sorts among `proofs`; that a browser is trusted is none."""
    return {SORTS[proof.factor] for proof in proofs if proof.factor in SORTS}


def is_enough(proofs: tuple[Proof, ...], demand: Demand, *, trusted: bool = False) -> bool:
    """Say whether `proofs` meet `demand`.

    In a browser that its user trusts a first proof is enough where two are demanded.
    A passkey is two proofs at once: its authenticator is held, and asked for a PIN or a fingerprint
    each time (W6).
    """
    shown = sorts(proofs)
    if trusted and proofs and demand is Demand.TWO:
        return True
    return "passkey" in shown or (demand is not Demand.PASSKEY and len(shown) >= demand)


def carries(proofs: tuple[Proof, ...], demand: Demand) -> bool:
    """Say whether a session that rests on `proofs` meets `demand`, a trusted browser included."""
    return is_enough(proofs, demand, trusted=any(one.factor == BROWSER for one in proofs))


def strongest(factors: Iterable[str]) -> tuple[str, ...]:
    """Return those of `factors` than which none is stronger."""
    ranked = {name: STRENGTH[name] for name in factors if name in STRENGTH}
    return tuple(name for name in ranked if ranked[name] == max(ranked.values()))


def is_fresh(proof: Proof, now: datetime) -> bool:
    """Say whether `proof` is recent enough for a risky page."""
    return now - FRESH < proof.at <= now + clocks.APART
