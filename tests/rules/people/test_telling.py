"""The trail for programs and spreadsheets: a bounded part of it at a time."""

import csv
import io
import json

from otpapp.rules import events
from otpapp.rules.people import telling
from otpapp.rules.people.trail import Sought
from otpapp.transaction import transaction
from tests.rules.people.crowd import ADMIN, add, trail


def tell(desk, count: int, **about) -> list[int]:
    with transaction():
        return [events.record("app.entered", desk.clock.now, **about) for _ in range(count)]


def numbers(most: int) -> list[list[int]]:
    return [[one.id for one in page.lines] for page in telling.pages(Sought(), most)]


def test_parts_follow_each_other_until_the_end(desk, monkeypatch):
    told = tell(desk, 5)[::-1]
    monkeypatch.setattr(telling, "AT_A_TIME", 2)
    assert numbers(10) == [told[:2], told[2:4], told[4:]]


def test_there_are_no_more_than_asked_for(desk, monkeypatch):
    told = tell(desk, 5)[::-1]
    monkeypatch.setattr(telling, "AT_A_TIME", 2)
    assert numbers(3) == [told[:2], told[2:3]]
    assert numbers(2) == [told[:2]]


def test_of_nothing_there_is_one_empty_part(desk):
    assert numbers(10) == [[]]


def test_a_line_says_whose_it_is_and_no_cell_is_a_formula(desk):
    mia = add(desk, "mia@example.org")
    (number,) = tell(desk, 1, user_id=mia, subject="=1+1", detail="+wiki", verdict="WRONG")
    page = next(telling.pages(Sought(kind="app.entered"), 1))
    fields = {
        "id": number,
        "at": desk.clock.now.isoformat(),
        "kind": "app.entered",
        "verdict": "WRONG",
        "user": str(mia),
        "who": "mia@example.org",
        "subject": "=1+1",
        "ip": "",
        "browser": "",
        "detail": "+wiki",
    }
    assert json.loads(telling.as_json(page)) == fields
    (row,) = csv.DictReader(io.StringIO(telling.HEADER + telling.as_csv(page)))
    guarded = {"id": str(number), "subject": "'=1+1", "detail": "'+wiki"}
    assert row == {**fields, **guarded}


def test_what_is_about_nobody_has_no_name(desk):
    tell(desk, 1)
    (page,) = telling.pages(Sought(), 1)
    assert telling.fields(page.lines[0], page.names)["user"] == ""


def test_who_has_it_as_a_file_is_noted(desk):
    with transaction():
        telling.record_exported("csv", desk.clock.now, ADMIN)
    assert trail() == [("events.exported", ADMIN, "", "csv")]
