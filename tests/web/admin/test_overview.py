"""The overview: what happened in numbers, drawn and in a table, and what needs somebody now."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from otpapp.extensions import db
from otpapp.models import Hour
from otpapp.rules import events, limits, tallies
from otpapp.transaction import transaction
from otpapp.web.admin import charts, overview, overview_words
from tests.web.admin import test_requests
from tests.web.admin.test_charts import points, read
from tests.web.helpers import part, sign_in, will_leave, words

PAGE = "/admin"
HOUR = timedelta(hours=1)
asked = test_requests.asked


@pytest.fixture
def happened(app, clock):
    """Write so many lines of a kind into the trail, some hours ago."""

    def write(kind: str, verdict: str = "", times: int = 1, hours: float = 0) -> None:
        with app.app_context(), transaction():
            for _ in range(times):
                events.record(kind, clock.now - hours * HOUR, verdict=verdict)

    return write


def change(app, statement: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(statement))


def fail(app, settings, subject: str, times: int, now) -> None:
    """Have so many wrong codes in a row counted for a subject."""
    limit = limits.failures_in_a_row(settings)
    with app.app_context(), transaction():
        for number in range(times):
            assert tallies.take(limit, subject, now + number * HOUR) is None


def section(page: str, name: str) -> str:
    """Return the part of the page under the heading of this id."""
    found = re.search(rf'<section[^>]*labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    return found[1] if found else ""


def test_an_ordinary_day_needs_nobody(admin):
    page = admin.get(PAGE)
    assert part(page.text, 'aria-current="page"') == "Overview"
    now = words(section(page.text, "alarms"))
    assert now == "Now Nothing needs you. 1 browser or program is signed in."


def test_a_chart_draws_the_numbers_of_its_table(admin, happened):
    for times, hours in ((3, 0), (5, 2), (1, 23)):
        happened("limit.reached", "LIMITED", times, hours)
    happened("limit.reached", "LIMITED", 9, 24)  # before the span
    happened("code.answered", "WRONG", 2, 1)
    found = section(admin.get(PAGE).text, "guessing")
    table = re.findall(r"<td>(\d+)</td><td>(\d+)</td>", found)
    wrong, limited = ([int(row[place]) for row in reversed(table)] for place in (0, 1))
    assert limited == [1, *[0] * 20, 5, 0, 3]
    assert wrong == [0] * 22 + [2, 0]
    drawn = points(read(re.search(r"<svg.*?</svg>", found)[0]))
    for numbers, line in zip((wrong, limited), drawn, strict=True):
        assert charts.places(numbers, charts.top_of(5)) == line


def test_what_happened_is_said_in_words_and_leads_to_the_trail(admin, happened):
    happened("session.started", hours=3, times=4)
    page = admin.get(PAGE).text
    assert "In the last 24 hours: 5 sign-ins, 1 code asked for, 1 code used." in page
    entering = section(page, "entering")
    assert "Since 12:00: 1 sign-in, 1 code asked for, 1 code used." in words(entering)
    link = "/admin/events?kind=session.started&since=2026-03-02T13:00"
    assert f'<a href="{link.replace("&", "&amp;")}">5 sign-ins</a>' in entering
    assert admin.get(link).text.count("<tr>") == 1 + 5


@pytest.mark.parametrize(
    ("span", "said", "rows", "first"),
    [
        ("day", "24 hours", 24, "3 Mar, 12:00"),
        ("week", "7 days", 28, "3 Mar, 12:00"),
        ("month", "30 days", 30, "Tue 3 Mar"),
        ("year", "24 hours", 24, "3 Mar, 12:00"),
        ("%00", "24 hours", 24, "3 Mar, 12:00"),
    ],
)
def test_a_span_is_chosen_by_a_link_and_a_bad_one_is_a_day(admin, span, said, rows, first):
    page = admin.get(f"{PAGE}?span={span}").text
    assert part(page, 'aria-current="true"') == said
    steps = re.findall(r'<th scope="row">([^<]*)</th>', section(page, "entering"))
    assert (len(steps), steps[0]) == (rows, first)


def test_today_is_called_so(admin):
    assert "Today: 1 sign-in," in admin.get(f"{PAGE}?span=month").text


def test_where_nothing_happened_that_is_said(admin, app):
    change(app, "DELETE FROM events")
    page = admin.get(PAGE).text
    assert part(page, 'class="empty"') == "Nothing happened in the last 24 hours."
    assert "<svg" not in page


def test_hours_that_no_sender_counted_are_counted_by_the_page(admin, app, happened):
    happened("session.started", hours=5, times=2)
    assert "3 sign-ins" in admin.get(PAGE).text
    with app.app_context():
        assert db.session.query(Hour).filter_by(kind="session.started").one().number == 2
    happened("session.started", hours=5)  # nothing is counted twice
    assert "3 sign-ins" in admin.get(PAGE).text


def test_of_an_old_trail_a_page_counts_some_and_says_what_is_missing(admin, happened, monkeypatch):
    monkeypatch.setattr(overview, "HOURS", 3)
    happened("session.started", hours=9)
    page = words(admin.get(PAGE).text)
    assert "5 hours are not counted yet, and missing here." in page
    admin.get(PAGE)
    assert "not counted yet" not in words(admin.get(PAGE).text)


def test_a_database_that_cannot_be_written_to_is_read(admin, settings, happened):
    happened("session.started", hours=2)
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        page = admin.get(PAGE)
    assert page.status_code == 200
    assert "1 hour is not counted yet" in words(page.text)


def test_answers_are_told_apart(admin, happened):
    happened("code.answered", "EXPIRED", 2)
    found = words(section(admin.get(PAGE).text, "answers"))
    assert "Right 1 Right or wrong, but too late 2 See each of them" in found
    assert "used already" not in found


def test_mail_that_is_stuck_comes_first_with_the_words_of_the_server(admin, app, clock):
    change(app, "UPDATE messages SET ended_at = NULL, stuck = true, attempts = 1")
    change(app, "UPDATE messages SET error = '421 <b>go</b> away'")
    clock.advance(minutes=3)
    page = admin.get(PAGE).text
    assert "Mail is stuck: our own server cannot be reached. It was: 421 <b>go</b> away" in words(
        section(page, "alarms")
    )
    sending = words(section(page, "sending"))
    assert "1 message waits, the oldest for 3 minutes." in sending
    assert "Refused last: 421 <b>go</b> away" in sending


def test_mail_that_waits_for_a_sender_is_told(admin, app, clock):
    change(app, "UPDATE messages SET ended_at = NULL, attempts = 0")
    clock.advance(seconds=41)
    assert "Mail waits: nobody sends at the moment" in words(admin.get(PAGE).text)


def test_what_was_given_up_last_is_said(admin, app, clock):
    assert "Given up last" not in admin.get(PAGE).text
    with app.app_context(), transaction():
        events.record("message.given_up", clock.now, detail="550 no such user")
    page = words(section(admin.get(PAGE).text, "sending"))
    assert "Given up last 3 March 2026, 12:00 UTC: 550 no such user" in page


def test_text_messages_are_measured_against_the_most_of_a_day(admin, app, clock, settings, bob):
    with app.app_context(), transaction():
        for _ in range(2):
            tallies.take(limits.sms_per_day(settings), "", clock.now)
    sending = section(admin.get(PAGE).text, "sending")
    assert "Codes: 2 of 50" in words(sending)
    meters = {one["id"]: one for one in admin.page.all("meter")}
    assert meters["spent-codes"]["value"] == "2"
    assert meters["spent-notices"]["max"] == "50"


def test_where_no_text_messages_are_sent_none_are_measured(make_client, app, promoted):
    client = make_client(sms_url="", proofs_of_admins="one")
    sign_in(client)
    page = client.get(PAGE).text
    assert "meter" not in page
    assert "Text messages" not in page


def test_wrong_codes_that_rain_on_the_site_are_told(admin, app, settings, clock):
    with app.app_context(), transaction():
        for _ in range(settings.limit_failures_per_site):
            tallies.take(limits.failures_per_site(settings), "", clock.now)
    assert "Wrong codes rain on this site." in words(admin.get(PAGE).text)


def test_who_is_guessed_at_is_named_and_leads_to_their_page(admin, app, settings, bob, clock):
    fail(app, settings, str(bob.user_id), 100, clock.now)
    found = section(admin.get(PAGE).text, "alarms")
    assert f'<a href="/admin/people/{bob.user_id}">' in found
    assert "+12025550143: 100, the last 7 March 2026, 15:00 UTC. Signing in by code is closed" in (
        words(found)
    )


def test_who_is_not_there_any_more_is_named_by_their_id(admin, app, settings, clock):
    gone = "00000000-0000-0000-0000-0000000000ff"
    fail(app, settings, gone, 10, clock.now)
    assert f"{gone}: 10," in words(admin.get(PAGE).text)


def test_requests_that_wait_are_counted(admin, asked):
    assert "1 request for access waits for an answer." in words(admin.get(PAGE).text)


def test_deletions_that_come_are_told(admin, app, bob, alice, clock):
    will_leave(app, bob.user_id, clock.now + timedelta(days=2))
    page = words(section(admin.get(PAGE).text, "alarms"))
    assert "1 person asked to be deleted on 5 March 2026, 12:00 UTC." in page
    will_leave(app, alice.user_id, clock.now + timedelta(days=1))
    page = words(section(admin.get(PAGE).text, "alarms"))
    assert "2 people asked to be deleted, the first of them on 4 March 2026, 12:00 UTC." in page


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (7200, "2 hours"), (90_000, "1 day")],
)
def test_a_wait_is_said_in_its_largest_unit(seconds, said):
    assert overview_words.lasted(timedelta(seconds=seconds)) == said
