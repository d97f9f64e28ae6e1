"""May somebody open an address: the one place where that is decided, for checks and for pages."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from otpapp.models import Proof
from otpapp.rules import clocks, holdings, proofs
from otpapp.rules.gate.rules import ANYONE, EVERYONE, GROUP, Rule
from otpapp.rules.gate.wanted import Wanted, covers, folded
from otpapp.rules.proofs import BROWSER, Demand
from otpapp.settings import Settings

GUEST = "guest"


class Answer(IntEnum):
    """What the gate says: open it, prove more first, sign in first, or no; the hardest last."""

    ENTER = 0
    PROVE = 1
    SIGN_IN = 2
    REFUSED = 3


@dataclass(frozen=True)
class Somebody:
    """Who is at the gate, as the rows say now."""

    user_id: UUID
    role: str
    addresses: tuple[str, ...]
    groups: tuple[str, ...]
    proofs: tuple[Proof, ...]
    guest_of: tuple[str, ...] = ()  # the paths of the rules that they pass as a guest


@dataclass(frozen=True)
class Decision:
    """The gate's answer and the rule that it follows from; without one, none fits."""

    answer: Answer
    rule: Rule | None = None


def decide(
    rules: tuple[Rule, ...],
    wanted: Wanted,
    who: Somebody | None,
    settings: Settings,
    now: datetime,
) -> Decision:
    """Return whether `who` may open `wanted` under the rules of its app.

    X26: where servers could differ about what the path leads to, every rule that is not open to
    anyone must let it pass, and one must be there that covers all paths; where they could take it
    for that of another rule, both must. No rule fits: refused.
    """
    fitting = _fitting(rules, wanted)
    decisions = [Decision(_judge(rule, who, settings, now), rule) for rule in fitting]
    return max(decisions, key=lambda one: one.answer, default=Decision(Answer.REFUSED))


def admitted_as(rule: Rule, who: Somebody) -> str:
    """Return which entry of `rule` this person is, or guest; nothing where it is not for them."""
    names = {EVERYONE, *who.addresses, *(GROUP + name for name in who.groups)}
    as_guest = GUEST if rule.path in who.guest_of else ""
    return next((entry for entry in rule.allow if entry in names), as_guest)


def demand(rule: Rule, role: str, settings: Settings) -> Demand:
    """Return the stricter of what the rule and the site demand of somebody in this role."""
    return max(Demand[rule.proofs.upper()], holdings.demand_of(role, settings))


def is_fresh(rule: Rule, given: tuple[Proof, ...], now: datetime) -> bool:
    """Say whether the newest of the proofs `given` is as recent as the rule asks for."""
    if rule.fresh is None:
        return True
    own = (one for one in given if one.factor != BROWSER)
    return any(now - rule.fresh < one.at <= now + clocks.APART for one in own)


def _fitting(rules: tuple[Rule, ...], wanted: Wanted) -> tuple[Rule, ...]:
    if not wanted.is_ambiguous:
        exact = _deepest([(rule.path, rule) for rule in rules], wanted.path)
        alike = _deepest([(rule.folded, rule) for rule in rules], folded(wanted.path))
        return exact + alike if exact else ()
    if not any(rule.path == "/" for rule in rules):
        return ()
    return tuple(rule for rule in rules if ANYONE not in rule.allow) or rules


def _deepest(rules: list[tuple[str, Rule]], path: str) -> tuple[Rule, ...]:
    fitting = [(len(prefix), rule) for prefix, rule in rules if covers(prefix, path)]
    longest = max((length for length, _ in fitting), default=0)
    return tuple(rule for length, rule in fitting if length == longest)


def _judge(rule: Rule, who: Somebody | None, settings: Settings, now: datetime) -> Answer:
    if ANYONE in rule.allow:
        return Answer.ENTER
    if who is None:
        return Answer.SIGN_IN
    if not admitted_as(rule, who):
        return Answer.REFUSED
    is_enough = proofs.carries(who.proofs, demand(rule, who.role, settings))
    return Answer.ENTER if is_enough and is_fresh(rule, who.proofs, now) else Answer.PROVE
