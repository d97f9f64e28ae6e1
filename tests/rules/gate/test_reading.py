"""What people write of rules and dates, read in one way wherever they write it."""

from datetime import UTC, datetime, timedelta

import pytest

from otpapp.rules.gate import reading
from otpapp.rules.gate.rules import Rule
from tests.conftest import make_settings


def rule_of(path="/", allow=("everyone",), proofs="one", fresh=0):
    return reading.rule_of(path, allow, proofs, fresh, make_settings())


def test_a_rule_is_kept_in_its_one_spelling():
    assert rule_of("/a/", ["Alice@Example.org", " everyone "], "two", 90) == Rule(
        "/a", ("alice@example.org", "everyone"), "two", timedelta(minutes=90)
    )


def test_whoever_stands_there_twice_is_kept_once():
    assert rule_of(allow=["A@example.org", "a@example.org"]).allow == ("a@example.org",)


def test_a_path_that_cannot_be_is_kept_for_its_fault_to_be_named():
    assert rule_of("/a/..").path == "/a/.."


def test_who_names_nobody_is_named():
    assert rule_of(allow=["nobody", "everyone", "7"]) == ["nobody", "7"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("  ", 0),
        ("0", 0),
        (" 15 ", 15),
        ("43200", 43200),
        ("99999", 99999),
        ("100000", -1),
        ("1.5", -1),
        ("-1", -1),
        ("x", -1),
        ("٣", -1),
        ("²", -1),
    ],
)
def test_minutes(text, number):
    assert reading.minutes(text) == number


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-12-24", datetime(2026, 12, 25, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 3, 1, tzinfo=UTC)),
        ("2026-02-29", None),
        ("24.12.2026", None),
        ("9999-12-31", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_the_end_of_a_day(day, end):
    assert reading.end_of(day) == end
