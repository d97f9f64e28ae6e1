"""Which proof is missing before somebody who is signed in may open what a rule guards."""

from datetime import datetime

from otpapp.models import Proof
from otpapp.rules import holdings, proofs, second
from otpapp.rules.gate import deciding
from otpapp.rules.gate.rules import Rule
from otpapp.rules.sessions import SignedIn
from otpapp.rules.sign_in import Step, next_step
from otpapp.settings import Settings


def step_to(rule: Rule, who: SignedIn, settings: Settings, now: datetime) -> Step:
    """Return the factors to prove, the best first, or to enrol where none they have would do.

    To prove is to step the session up: by the strongest factor, or by a code where there is none.
    """
    held = holdings.of(who.user_id, settings)
    demand = deciding.demand(rule, held.role, settings)
    offered = second.may_step_up(who, settings) or ("code",)
    if proofs.carries(who.proofs, demand):
        return Step("prove", offered)
    # A code is of the sort that every session of somebody without factors rests on already.
    able = tuple(
        name for name in offered if proofs.is_enough((*who.proofs, Proof(name, now)), demand)
    )
    if able:
        return Step("prove", able)
    return next_step(who.proofs, holdings.Holdings(held.role, frozenset()), demand)
