"""What is typed to look through the trail is read once, for pages and commands alike."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from otpapp.rules.identifiers import Fault
from otpapp.rules.people import seeking, trail
from otpapp.rules.people.seeking import Cause, Typed, Unread
from otpapp.rules.people.trail import Sought
from tests.rules.people.crowd import add

CHRISTMAS = datetime(2026, 12, 24, tzinfo=UTC)


def read(desk, **typed) -> Sought | list[Unread]:
    return seeking.read(Typed(**typed), desk.settings)


def test_nothing_typed_asks_for_all(desk):
    assert read(desk) == Sought()


def test_a_person_is_found_by_any_address_and_by_the_id_of_the_log(desk):
    mia = add(desk, "mia@example.org", "+12025550143")
    for person in ("mia@example.org", "+1 202 555 0143", str(mia), str(mia).upper()):
        assert read(desk, person=person) == trail.about(mia), person


def test_an_address_that_is_nobody_s_is_looked_for_by_itself(desk):
    assert read(desk, person="Gone@Example.org") == Sought(subjects=("gone@example.org",))


def test_of_who_is_deleted_the_id_is_enough(desk):
    assert read(desk, person=str(UUID(int=9))).user_id == UUID(int=9)


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ({"kind": "app.entered"}, Sought(kind="app.entered")),
        ({"ip": "2001:DB8:0::1"}, Sought(ip="2001:db8::1")),
        ({"since": "2026-12-24"}, Sought(since=CHRISTMAS)),
        ({"since": "2026-12-24T01:00+01:00"}, Sought(since=CHRISTMAS)),
        ({"until": "2026-12-23"}, Sought(until=CHRISTMAS)),
        ({"until": "2026-12-24T00:00"}, Sought(until=CHRISTMAS)),
    ],
)
def test_the_last_day_is_meant_whole_and_instants_are_of_utc(desk, typed, sought):
    assert read(desk, **typed) == sought


def test_all_that_cannot_be_read_is_named(desk):
    assert read(desk, person="x", ip="nowhere", since="soon", until="9999-12-31") == [
        Unread("x", Fault.NEITHER),
        Unread("nowhere", Cause.IP),
        Unread("soon", Cause.INSTANT),
    ]
    assert read(desk, until="0001-01-01T00:00+14:00") == [
        Unread("0001-01-01T00:00+14:00", Cause.INSTANT)
    ]
