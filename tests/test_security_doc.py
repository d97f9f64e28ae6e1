"""docs/security.md names tests that exist, and each threat once: it cannot rot unnoticed."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.helpers import invariants

ROOT = Path(__file__).parents[1]
DOC = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)+)`", DOC)))
PROMISES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for table in re.findall(r"^\| promise \|.*\n\|[-|]+\n((?:\|.*\n)+)", DOC, re.MULTILINE)
    for line in table.splitlines()
]
ASVS = r"(?<![\d.])\d{1,2}\.\d\.\d{1,2}(?![\d.]*\d)"


@cache
def in_file(file: str) -> set[str]:
    """Return the names of the tests in a file, as pytest spells them."""

    def found(body: list[ast.stmt], before: str) -> Iterator[str]:
        for one in body:
            if isinstance(one, ast.ClassDef):
                yield from found(one.body, f"{before}::{one.name}")
            elif isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                yield f"{before}::{one.name}"

    path = ROOT / file
    return set(found(ast.parse(path.read_text()).body, file)) if path.is_file() else set()


def part(heading: str) -> str:
    """Return the paragraph that begins with bold words."""
    return re.search(rf"^\*\*{heading}:\*\*.*?(?=\n\*\*|\n#)", DOC, re.MULTILINE | re.DOTALL)[0]


@pytest.mark.parametrize("name", NAMED)
def test_every_test_it_names_exists(name):
    assert name in in_file(name.partition("::")[0])


def test_every_file_it_names_exists():
    for name in re.findall(r"`((?:tests|docs|deploy)/[\w/.-]*)[`:]", DOC):
        assert (ROOT / name).exists(), name


def test_every_promise_has_a_test_and_a_reason():
    assert len(PROMISES) > 50
    for promise, _, against, proof in PROMISES:
        assert re.search(r"\b[XD]\d|" + ASVS, against), promise
        assert 1 <= len(re.findall(r"`tests/\S+::\w+`", proof)) <= 2, promise


def test_every_threat_is_promised_against_or_said_not_to_be():
    """Once each, but for the sentence at the top that explains the ids."""
    found = Counter(re.findall(r"\bX\d\d\b", DOC.replace("X01 to X57", "")))
    assert found == Counter(f"X{number:02}" for number in range(1, 58))


def test_every_invariant_is_in_the_list_and_every_checked_one_too():
    listed = re.findall(r"^- (I\d+) ", DOC, re.MULTILINE)
    assert listed == [f"I{number}" for number in range(1, 11)]
    assert {one.partition(":")[0] for one in invariants.MUST_HOLD if one[0] == "I"} <= set(listed)


def test_no_requirement_is_both_met_and_not():
    met = [part(f"Met, level {level}") for level in (1, 2)] + [part("Met beyond level 2")]
    partly = part("In part, or yours to complete")
    said = [*met, partly, part("Not met"), part("Do not apply")]
    found = Counter(one for words in said for one in re.findall(ASVS, words))
    assert len(found) > 100
    assert {one: times for one, times in found.items() if times > 1} == {}


def test_what_a_promise_is_said_to_meet_stands_among_what_is_met():
    met = " ".join(
        part(name)
        for name in (
            "Met, level 1",
            "Met, level 2",
            "Met beyond level 2",
            "In part, or yours to complete",
        )
    )
    known = set(re.findall(ASVS, met))
    for promise, _, against, _ in PROMISES:
        assert set(re.findall(ASVS, against)) <= known, promise
