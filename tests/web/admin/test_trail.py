"""The trail on a page: looked through by anything, and saved as a file by whoever is noted."""

import csv
import io
import json
from uuid import UUID

import pytest

from otpapp.rules import events
from otpapp.rules.people import trail
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from otpapp.web.admin import trail_routes
from tests.web.admin.people_forms import EVENTS, MIA, add_mia
from tests.web.helpers import ALICE, problem, words

EXPORT = f"{EVENTS}/export"
HERE = Visitor("192.0.2.7", "Firefox on Linux")


@pytest.fixture
def mia(app) -> UUID:
    """Somebody who joined the group office."""
    return add_mia(app)


@pytest.fixture
def told(app, clock):
    """Return what tells the trail of something, some days later."""

    def told(kind: str = "app.entered", visitor: Visitor = HERE, days: int = 0, **about) -> int:
        with app.app_context(), transaction():
            now = clock.now.replace(day=clock.now.day + days)
            return events.record(kind, now, visitor=visitor, **about)

    return told


def lines(admin, query: str = "") -> str:
    """Return the words of the table that a query finds."""
    page = words(admin.get(f"{EVENTS}?{query}").text)
    return page.partition("When and from where")[2].partition("Save as a file")[0]


def test_a_line_says_what_happened_to_whom_and_from_where(admin, told, mia, alice):
    told("code.answered", user_id=mia, subject="other@example.org", verdict="WRONG")
    assert (
        f"A code was answered. code.answered, WRONG other@example.org {MIA} "
        "3 March 2026, 12:00 UTC Firefox on Linux, 192.0.2.7"
    ) in lines(admin)
    told("group.joined", Visitor(), user_id=mia, detail=events.by(alice.user_id, "board"))
    assert f"{MIA} joined the group board. group.joined, board by {ALICE} {MIA} 3 March" in lines(
        admin
    )


def test_what_notices_say_to_somebody_is_said_of_them(admin, told, mia):
    told("factor.withdrawn", Visitor(), user_id=mia, detail="totp My phone")
    said = "An authenticator app, “My phone”, was taken from their sign-in by whoever runs the site"
    assert said in lines(admin)


def test_how_the_site_fares_has_no_sentence(admin, told):
    told("clock.skewed", Visitor(), detail="9 seconds")
    assert "clock.skewed 9 seconds clock.skewed 3 March" in lines(admin)


def test_who_is_not_there_any_more_is_named_by_their_id(admin, told):
    gone, boss = UUID(int=9), UUID(int=8)
    told("user.disabled", Visitor(), user_id=gone, detail=events.by(boss))
    assert f"user.disabled by {boss} {gone} 3 March" in lines(admin)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=app.entered", 2),
        ("ip=192.0.2.7", 1),
        ("ip=2001:DB8:0::1&kind=app.entered", 1),
        (f"person={MIA}&kind=app.entered", 1),
        ("since=2026-03-05", 1),
        ("kind=app.entered&until=2026-03-04", 1),
        ("kind=app.entered&since=2026-03-04&until=2026-03-04", 0),
        ("kind=%00nothing", 0),
        ("kind=app.entered&before=odd", 2),
        ("kind=app.entered&before=-1", 2),
        ("kind=app.entered&before=9999999999999999999999", 2),
    ],
)
def test_only_what_is_looked_for(admin, told, mia, query, count):
    told(user_id=mia)
    told(visitor=Visitor("2001:db8::1"), days=2)
    assert lines(admin, query).count("app.entered") == count
    assert ("Nothing is like that." in admin.html) is (count == 0)


def test_what_cannot_be_read_is_named_and_stays_in_the_form(admin):
    page = admin.get(f"{EVENTS}?person=nobody&ip=x&since=soon&kind=a.b")
    assert page.status_code == 422
    assert problem(page).startswith("There are 3 problems Enter an email address")
    assert "X is no IP address." in problem(page)
    assert "Soon is neither a day nor an instant" in problem(page)
    for name, typed in (("person", "nobody"), ("ip", "x"), ("since", "soon"), ("kind", "a.b")):
        assert f'name="{name}" value="{typed}"' in page.text


def test_older_goes_on_where_the_page_ends_and_asks_for_the_same(admin, told):
    for _ in range(trail.PAGE + 1):
        told(visitor=HERE)
    told("app.added")
    first = lines(admin, "kind=app.entered&ip=192.0.2.7")
    (older,) = [one["href"] for one in admin.page.all("a") if "before=" in (one["href"] or "")]
    second = lines(admin, older.partition("?")[2])
    assert (first.count("app.entered"), second.count("app.entered")) == (trail.PAGE, 1)
    assert "app.added" not in first + second
    assert "before=" not in admin.html
    lines(admin, "kind=app.entered&before=1")
    assert "There is nothing before that." in admin.html


class TestSaving:
    """What is looked for as a file, bounded, and noted with who has it."""

    def test_spreadsheets_get_cells_that_are_no_formulas(self, admin, told, mia):
        number = told(user_id=mia, subject="=1+1")
        told("app.added")
        admin.get(f"{EVENTS}?kind=app.entered")
        answer = admin.submit(EXPORT, file="csv")
        assert answer.headers["Content-Disposition"] == "attachment; filename=events.csv"
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
        (row,) = csv.DictReader(io.StringIO(answer.text))
        assert (row["id"], row["who"], row["subject"]) == (str(number), MIA, "'=1+1")

    def test_programs_get_a_line_each(self, admin, told, mia):
        numbers = [told(user_id=mia) for _ in range(2)]
        admin.get(f"{EVENTS}?person={MIA}&kind=app.entered")
        answer = admin.submit(EXPORT, file="jsonl")
        assert answer.headers["Content-Disposition"] == "attachment; filename=events.jsonl"
        found = [json.loads(line) for line in answer.text.splitlines()]
        assert [one["id"] for one in found] == numbers[::-1]

    def test_there_is_a_most(self, admin, told, monkeypatch):
        for _ in range(4):
            told()
        monkeypatch.setattr(trail_routes, "MOST", 3)
        admin.get(EVENTS)
        assert len(admin.submit(EXPORT, file="jsonl").text.splitlines()) == 3

    def test_what_is_too_much_for_memory_comes_whole_too(self, admin, told, monkeypatch):
        numbers = [told() for _ in range(3)]
        monkeypatch.setattr(trail_routes, "IN_MEMORY", 10)
        admin.get(f"{EVENTS}?kind=app.entered")
        found = admin.submit(EXPORT, file="jsonl").text.splitlines()
        assert [json.loads(one)["id"] for one in found] == numbers[::-1]

    def test_who_has_it_is_noted(self, admin, told, alice):
        told()
        admin.get(EVENTS)
        admin.submit(EXPORT, file="csv")
        assert f"{ALICE} saved what happened here as a file, csv." in lines(
            admin, "kind=events.exported"
        )

    @pytest.mark.parametrize("typed", [{"file": "exe"}, {"file": "csv", "since": "soon"}])
    def test_what_cannot_be_saved_leads_back_and_is_not_noted(self, admin, told, typed):
        told()
        admin.get(EVENTS)
        page = admin.submit(EXPORT, **typed)
        assert "<h1>What happened</h1>" in page.text
        assert "events.exported" not in lines(admin)
