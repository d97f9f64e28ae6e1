"""Requests for access on pages: read, granted until a day, refused, and by one admin only."""

import pytest

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import AccessRequest, Guest, Identifier
from otpapp.rules import groups
from otpapp.rules.gate import answering, apps, people, requests
from otpapp.rules.gate.requests import Wish
from otpapp.rules.gate.rules import Rule
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.web.admin.test_apps import trail
from tests.web.helpers import keep_app, notice, problem, words

LIST, ONE = "/admin/requests", "/admin/requests/1"
WISH = "for <b>the</b> report"
BOB = "+12025550143"


@pytest.fixture
def asked(app, wiki, bob, settings) -> None:
    """Bob asked for the office of the wiki."""
    with app.app_context(), transaction():
        db.session.query(Identifier).filter_by(key=BOB).update({"verified_at": utc_now()})
        found = apps.find("wiki")
        who = people.somebody(bob.user_id, found, (), utc_now())
        wish = Wish(found, "/office", "https://wiki.example.org/office/x", WISH)
        requests.ask(wish, who, Visitor(), settings, utc_now())


def row(app) -> AccessRequest:
    with app.app_context():
        return db.session.query(AccessRequest).one()


def test_nobody_asks(admin):
    assert "Nobody is waiting for an answer." in words(admin.get(LIST).text)


def test_the_list_says_who_wants_what_and_why(admin, asked):
    page = admin.get(LIST)
    assert "+12025550143 wants Our wiki for <b>the</b> report" in words(page.text)
    assert "<b>the</b>" not in page.text
    assert "Requests 1 open" in words(admin.get("/admin/apps").text)


def test_one_request_is_shown_and_showing_it_answers_nothing(admin, app, asked):
    page = words(admin.get(ONE).text)
    assert "To open https://wiki.example.org/office/x" in page
    assert "Would pass the rule for /office" in page
    assert admin.page.form(ONE)["until"] == "2026-04-02"
    assert row(app).answered_at is None


def test_access_is_granted_until_the_end_of_a_day(admin, app, asked, alice):
    admin.get(ONE)
    page = admin.follow(admin.submit(ONE, verdict="granted", until="2026-03-09"))
    assert notice(page) == "Access is granted, and they are told."
    assert "Granted on 3 March 2026, 12:00 UTC, until 10 March 2026, 00:00 UTC" in words(page.text)
    found = row(app)
    assert (found.verdict, found.answered_by) == ("granted", alice.user_id)
    with app.app_context():
        guest = db.session.query(Guest).one()
        assert (guest.key, guest.path, f"{guest.until:%m-%d}") == (BOB, "/office", "03-10")
    assert trail(app, alice, "access.granted") == [(BOB, True)]


def test_who_grants_access_does_so_by_the_rule_that_was_shown(admin, app, asked):
    admin.get(ONE)
    rules = (
        Rule("/", ("everyone",)),
        Rule("/office", ("group:a",)),
        Rule("/office/x", ("group:b",)),
    )
    keep_app(app, *rules)
    page = admin.submit(ONE, verdict="granted", until="2026-03-09")
    assert (page.status_code, row(app).answered_at) == (422, None)
    assert problem(page).startswith("Somebody changed the rules meanwhile")
    assert "Would pass the rule for /office/x" in words(page.text)
    admin.follow(admin.submit(ONE, verdict="granted", until="2026-03-09"))
    with app.app_context():
        assert db.session.query(Guest).one().path == "/office/x"


def test_of_very_many_requests_a_page_shows_some_and_leads_on(admin, app, asked):
    with app.app_context(), transaction():
        first = db.session.query(AccessRequest).one()
        for number in range(answering.MOST_SHOWN):
            more = {"path": f"/{number}", "url": f"https://wiki.example.org/{number}"}
            kept = {name: getattr(first, name) for name in ("app_id", "user_id", "words")}
            db.session.add(AccessRequest(**kept, **more, created_at=first.created_at))
    page = admin.get(LIST)
    assert f"{LIST}/{answering.MOST_SHOWN}" in page.text
    assert f"{LIST}/{answering.MOST_SHOWN + 1}" not in page.text
    later = admin.get(f"{LIST}?after={answering.MOST_SHOWN}")
    assert f'href="{LIST}/{answering.MOST_SHOWN + 1}"' in later.text
    assert "Later ones" in page.text and "Later ones" not in later.text
    for odd in ("x", "-5", "9" * 30):
        assert admin.get(f"{LIST}?after={odd}").status_code == 200


def test_access_is_refused(admin, app, asked, alice):
    admin.get(ONE)
    page = admin.follow(admin.submit(ONE, verdict="refused"))
    assert notice(page) == "Access is refused, and they are told."
    assert "Refused on 3 March 2026, 12:00 UTC, by alice@example.org" in words(page.text)
    assert row(app).verdict == "refused"
    assert trail(app, alice, "access.refused") == [(BOB, True)]


@pytest.mark.parametrize("until", ["", "soon", "2026-03-03", "2027-03-04", "2020-01-01"])
def test_a_day_that_cannot_be_is_said_and_kept(admin, app, asked, until):
    admin.get(ONE)
    page = admin.submit(ONE, verdict="granted", until=until)
    assert page.status_code == 422
    assert problem(page) == "Choose a day from tomorrow on, a year ahead at most"
    assert admin.page.form(ONE)["until"] == until
    assert row(app).answered_at is None


@pytest.mark.parametrize("until", ["2026-03-04", "2027-03-03"])
def test_tomorrow_and_a_year_ahead_can_be(admin, app, asked, until):
    admin.get(ONE)
    assert admin.submit(ONE, verdict="granted", until=until).status_code == 303
    assert row(app).verdict == "granted"


def test_the_second_admin_is_told_that_it_was_answered(admin, app, asked, alice, settings):
    admin.get(ONE)
    with app.app_context(), transaction():
        answering.refuse(requests.find(1), alice.user_id, settings, utc_now())
    page = admin.follow(admin.submit(ONE, verdict="granted", until="2026-03-09"))
    assert notice(page) == "Somebody had answered that already. Nothing was changed."
    assert row(app).verdict == "refused"
    assert "Answered refused on 3 March 2026" in words(admin.get(ONE).text)
    assert not [one for one in admin.page.forms if one["action"] == ONE]


def test_what_no_rule_covers_cannot_be_granted_and_the_page_says_so(admin, app, asked):
    keep_app(app, Rule("/other", ("everyone",)))
    page = admin.get(ONE)
    assert "No rule covers this path, and what no rule covers is refused." in words(page.text)
    assert "Grant access" not in words(page.text)
    refused = admin.submit(ONE, verdict="granted", until="2026-03-09")
    assert (refused.status_code, row(app).answered_at) == (422, None)
    assert admin.submit(ONE, verdict="refused").status_code == 303


def test_what_is_open_to_them_by_now_needs_no_day(admin, app, asked, bob):
    with app.app_context(), transaction():
        groups.add(bob.user_id, "office", utc_now())
    page = words(admin.get(ONE).text)
    assert "It is open to them by now." in page
    assert "Groups office" in page
    assert "Last day" not in page
    assert admin.submit(ONE, verdict="granted").status_code == 303
    assert (row(app).verdict, row(app).until) == ("granted", None)


def test_who_has_no_identifier_any_more_can_only_be_refused(admin, app, asked):
    with app.app_context(), transaction():
        db.session.query(Identifier).filter_by(key=BOB).delete()
    assert "somebody without an address" in words(admin.get(LIST).text)
    assert "They cannot sign in any more." in words(admin.get(ONE).text)
    assert admin.submit(ONE, verdict="refused").status_code == 303


def test_an_answer_that_is_none_and_a_request_that_is_none(admin, app, asked):
    for verdict in ("maybe", ""):
        admin.get(ONE)
        assert admin.submit(ONE, verdict=verdict).status_code == 400
    assert row(app).answered_at is None
    assert admin.get(f"{LIST}/2").status_code == 404
