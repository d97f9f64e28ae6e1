"""Apps as a TOML file: written out, and read back with every fault named."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tomli_w

from otpapp.rules.gate import apps, reading
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.rules.gate.wanted import canonical_origin, host_of
from otpapp.settings import Settings

OF_APP = {"name", "title", "url", "rules"}
OF_RULE = {"path", "allow", "proofs", "fresh"}


@dataclass(frozen=True)
class Read:
    """What a file says: the apps, or what is wrong with it, and never both."""

    plans: tuple[Plan, ...] = ()
    faults: tuple[str, ...] = ()


def write(plans: Iterable[Plan]) -> str:
    """Return the file of these apps; `fresh` is in minutes."""
    found = [
        {
            "name": one.name,
            "title": one.title,
            "url": one.origin,
            "rules": [rule.as_row() for rule in one.rules],
        }
        for one in plans
    ]
    return tomli_w.dumps({"apps": found})


LONGEST_FAULT = 200  # characters of what a parser has to say


def read(text: str, settings: Settings) -> Read:
    """Return the apps of a file, or one sentence for each fault in it."""
    try:
        found = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is one of the former
        return Read(faults=(f"This is no TOML: {str(error)[:LONGEST_FAULT]}",))
    tables: Any = found.get("apps")
    if set(found) != {"apps"} or not _are_tables(tables):
        return Read(faults=("A file of apps has tables of the name [[apps]], and nothing else.",))
    plans: list[Plan] = []
    wrong: list[str] = []
    for number, table in enumerate(tables, 1):
        where = f"app {number} ({table['name']})" if "name" in table else f"app {number}"
        plan = _plan(table, settings)
        said = [plan] if isinstance(plan, str) else apps.faults(plan, settings)
        wrong += [f"{where}: {one}" for one in said]
        plans += [] if isinstance(plan, str) else [plan]
    wrong += _twice([one.name for one in plans]) + _twice([host_of(one.origin) for one in plans])
    return Read(faults=tuple(wrong)) if wrong else Read(tuple(plans))


def _plan(table: dict[str, Any], settings: Settings) -> Plan | str:
    unknown = set(table) - OF_APP
    if unknown:
        return f"{', '.join(sorted(unknown))} is not known here; an app has {_list(OF_APP)}"
    name, url = table.get("name"), table.get("url")
    title, rows = table.get("title", name), table.get("rules", [])
    if not all(isinstance(one, str) for one in (name, title, url)) or not _are_tables(rows):
        return "name, title and url are texts, and rules are tables"
    found = [_rule(row, settings) for row in rows]
    wrong = [one for one in found if isinstance(one, str)]
    if wrong:
        return "; ".join(wrong)
    kept = tuple(one for one in found if isinstance(one, Rule))
    return Plan(str(name), str(title), canonical_origin(str(url).rstrip("/")) or str(url), kept)


def _rule(row: dict[str, Any], settings: Settings) -> Rule | str:
    path, allow = row.get("path"), row.get("allow")
    proofs, fresh = row.get("proofs", "one"), row.get("fresh", 0)
    is_whole = isinstance(path, str) and isinstance(allow, list) and isinstance(proofs, str)
    if not is_whole or set(row) - OF_RULE or type(fresh) is not int:
        return f"a rule has {_list(OF_RULE)}: text, list of texts, text, minutes"
    found = reading.rule_of(str(path), map(str, allow or ()), str(proofs), fresh, settings)
    if isinstance(found, list):
        return "; ".join(f"{path}: {one} names nobody" for one in found)
    return found


def _are_tables(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, dict) for one in found)


def _twice(found: list[str]) -> list[str]:
    return [f"{one} stands there twice" for one in sorted(set(found)) if found.count(one) > 1]


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))
