"""Which step of a sign-in is missing: the one place where that is decided."""

from dataclasses import dataclass

from otpapp.models import Proof
from otpapp.rules import proofs as worth
from otpapp.rules.holdings import Holdings
from otpapp.rules.proofs import SORTS, Demand

ORDER = ("passkey", "totp", "hotp", "password", "code", "recovery")  # as pages offer them
ENROLLABLE = ("totp", "hotp", "passkey", "password")


@dataclass(frozen=True)
class Step:
    """What to do next, by one of `factors`: prove, enrol, or nothing any more."""

    verb: str
    factors: tuple[str, ...] = ()


DONE = Step("done")


def next_step(
    proofs: tuple[Proof, ...], held: Holdings, demand: Demand, *, trusted: bool = False
) -> Step:
    """Return what is still missing after `proofs`, of a user who holds these factors."""
    if worth.is_enough(proofs, demand, trusted=trusted):
        return DONE
    shown = worth.sorts(proofs)
    missing = tuple(
        name for name in ORDER if name in {*held.factors, "code"} and SORTS[name] not in shown
    )
    needs_passkey = demand is Demand.PASSKEY
    if needs_passkey:
        missing = _towards_passkey(missing, held, shown)
    if set(missing) - {"recovery"}:
        return Step("prove", missing)
    return Step("enrol", ("passkey",) if needs_passkey else ENROLLABLE)


def _towards_passkey(missing: tuple[str, ...], held: Holdings, shown: set[str]) -> tuple[str, ...]:
    """Return what may be proved where only a passkey is enough.

    Who lost theirs enrols another one after a recovery code; who never had one, after whatever
    they have. Neither comes in by that alone.
    """
    if "passkey" in held.factors:
        return (
            ()
            if shown > {"recovery"}
            else tuple(name for name in missing if name in ("passkey", "recovery"))
        )
    return () if len(shown) > 1 else missing
