"""A rule in words: for whom, with which proofs, and why somebody may open an address or not."""

from datetime import timedelta

from otpapp.models import App
from otpapp.rules.gate import deciding, rules
from otpapp.rules.gate.deciding import Answer, Decision, Somebody
from otpapp.rules.gate.rules import Rule
from otpapp.rules.gate.wanted import Wanted
from otpapp.rules.proofs import Demand
from otpapp.settings import Settings

PROOFS = {
    Demand.ONE: "",
    Demand.TWO: "with two different proofs",
    Demand.PASSKEY: "with a passkey",
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def why(
    app: App, wanted: Wanted, decision: Decision, who: Somebody | None, settings: Settings
) -> str:
    """Return in sentences whether somebody, signed in as asked for, may open `wanted`, and why."""
    rule = decision.rule
    if rule is None:
        return f"No. No rule of {app.name} covers this path, and what no rule covers is refused."
    unclear = " (Servers could read this path in several ways, so every rule must allow it.)"
    note = unclear if wanted.is_ambiguous else ""
    if decision.answer is Answer.ENTER and rules.ANYONE in rule.allow:
        return f"Yes. {app.name} is open to anyone at {rule.path}, signed in or not.{note}"
    if who is None or decision.answer in (Answer.REFUSED, Answer.SIGN_IN):
        return f"No. {app.name} is for {whom(rule)} at {rule.path}.{note}"
    by = deciding.admitted_as(rule, who)
    asked = asks_for(rule, who.role, settings)
    return f"Yes{', once signed in ' + asked if asked else ''}. {_admitted(app, rule, by)}{note}"


def whom(rule: Rule) -> str:
    """Return in words who is meant by `allow`."""
    names = {
        rules.ANYONE: "anyone",
        rules.EVERYONE: "everyone who is signed in",
    }
    said = [
        names.get(one) or (f"the group {one.removeprefix(rules.GROUP)}" if ":" in one else one)
        for one in rule.allow
    ]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def asks_for(rule: Rule, role: str, settings: Settings) -> str:
    """Return in words what has to be proved, and how lately; nothing where a code is enough."""
    proofs = PROOFS[deciding.demand(rule, role, settings)]
    lately = f"not longer ago than {span(rule.fresh)}" if rule.fresh else ""
    return ", ".join(filter(None, (proofs, lately)))


def span(time: timedelta) -> str:
    """Return a time in words, as `90 minutes` or `2 days`."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (rules.MINUTE, "minute")):
        count, rest = divmod(time, unit)
        if count and not rest:
            return f"{count} {name}{'s' * (count != 1)}"
    return f"{time}"


def _admitted(app: App, rule: Rule, by: str) -> str:
    if by == deciding.GUEST:
        return f"They are a guest of {app.name} at {rule.path}."
    return f"{app.name} is for {whom(Rule(rule.path, (by,)))} at {rule.path}."
