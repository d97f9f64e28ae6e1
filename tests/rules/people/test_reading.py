"""A file of people is read line by line, and each fault is named with its line."""

import pytest

from otpapp.rules import identifiers
from otpapp.rules.people import reading
from otpapp.rules.people.reading import Cause, Fault, Read
from tests.conftest import make_settings

SETTINGS = make_settings()


def read(text: str) -> Read:
    return reading.read(text, SETTINGS)


def people(text: str) -> list[tuple]:
    found = read(text)
    assert found.faults == ()
    return [
        (one.line, *(its.key for its in one.addresses), one.role, *sorted(one.groups))
        for one in found.rows
    ]


ONE = [(2, "mia@example.org", "+12025550143", "admin", "office", "staff")]


@pytest.mark.parametrize(
    "text",
    [
        "email,phone,groups,role\nMia@Example.org,+1 202 555 0143,staff office,admin\n",
        '\ufeffemail;phone;groups;role\r\nmia@example.org;\'+12025550143;"staff;office";admin\r\n',
        "Role, Groups , PHONE,Email\rADMIN,office  staff;,+12025550143,mia@example.org\r",
        'email\trole\tgroups\n"mia@example.org;+12025550143"\tadmin\tstaff office\t\t',
    ],
)
def test_order_case_separator_and_line_ends_are_free(text):
    assert people(text) == ONE


def test_what_is_not_said_is_left_open():
    assert people("phone\n+12025550143") == [(2, "+12025550143", "")]
    assert people("email,role,groups\nmia@example.org") == [(2, "mia@example.org", "")]


def test_empty_lines_are_counted_and_nothing_else():
    assert people("\n\nemail,role\n\n , \nmia@example.org,member\n\n") == [
        (6, "mia@example.org", "member")
    ]


def test_an_address_that_stands_twice_in_one_line_is_one():
    assert people("email\nmia@example.org; MIA@example.org") == [(2, "mia@example.org", "")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault(1, Cause.HEADER)),
        ("mia@example.org\nzed@example.org", Fault(1, Cause.HEADER)),
        ("\nrole,groups\n", Fault(2, Cause.HEADER)),
        ('"email\nmia@example.org', Fault(1, Cause.HEADER)),
        ("email,name\nmia@example.org,Mia", Fault(1, Cause.COLUMN, "name")),
        ("email,email\nmia@example.org,", Fault(1, Cause.COLUMN, "email")),
    ],
)
def test_without_a_header_nothing_is_read(text, fault):
    assert read(text) == Read((), (fault,))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('"mia@example.org', Fault(3, Cause.UNREADABLE)),
        ("mia@example.org,,,,more", Fault(3, Cause.CELLS, "more")),
        (",,staff,", Fault(3, Cause.NOBODY)),
        ("mia@,,,", Fault(3, identifiers.Fault.EMAIL, "mia@")),
        ("mia@example.org; mia,,,", Fault(3, identifiers.Fault.NEITHER, "mia")),
        (",+18762101234,,", Fault(3, identifiers.Fault.REGION, "+18762101234")),
        ("mia@example.org,,Staff ok,", Fault(3, Cause.GROUP, "Staff")),
        ("mia@example.org,,,king", Fault(3, Cause.ROLE, "king")),
        (",+1 202 555 0199,,", Fault(3, Cause.TWICE, "+1 202-555-0199", 2)),
    ],
)
def test_what_is_wrong_with_one_line_keeps_no_other_out(line, fault):
    head = "email,phone,groups,role\nabe@example.org,+12025550199,,"
    found = read(f"{head}\n{line}\nzed@example.org,,,\n")
    assert found.faults == (fault,)
    assert [one.line for one in found.rows] == [2, 4]
