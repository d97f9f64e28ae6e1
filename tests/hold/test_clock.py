"""The clock is set back, or is found to have been ahead: nothing revives, nobody waits for days."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from otpapp.delivery import outbox
from otpapp.delivery.parcels import NotSent
from otpapp.extensions import db
from otpapp.models import Event, Message, UserSession
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.helpers import invariants
from tests.helpers.mailbox import code_in
from tests.helpers.people import RFC_CODES
from tests.rules.desk import Desk, count
from tests.web.helpers import ALICE, is_in, problem, sign_in, title

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BACK = pytest.mark.parametrize("back", [MINUTE, HOUR, DAY], ids=["1 min", "1 h", "1 d"])
AHEAD = pytest.mark.parametrize("ahead", [HOUR, DAY], ids=["1 h", "1 d"])


@pytest.fixture
def database_url(either_database) -> str:
    """The rules hold on SQLite and on PostgreSQL alike."""
    return either_database


@pytest.fixture
def desk(context, settings, clock) -> Desk:
    """The front desk of the app, at the time of the test's clock."""
    return Desk(settings, clock)


@pytest.fixture(autouse=True)
def nothing_broken(app) -> Iterator[None]:
    """Whatever the clock did, all that must hold of a database does."""
    yield
    with app.app_context():
        assert invariants.broken(db.engine) == {}


@pytest.fixture
def cookies_too(clock, monkeypatch) -> None:
    """Let what signs cookies read the clock of the test."""
    monkeypatch.setattr(
        "itsdangerous.timed.time", SimpleNamespace(time=lambda: clock.now.timestamp())
    )


@BACK
def test_a_code_that_was_seen_to_have_run_out_never_revives(desk, alice, clock, back):
    handle = desk.ask()
    alive = NOON + timedelta(minutes=9)
    clock.now = alive + back
    assert desk.prove(handle, RFC_CODES[1]).verdict is Verdict.EXPIRED
    clock.now = alive
    assert desk.prove(handle, RFC_CODES[1]).verdict is Verdict.EXPIRED
    assert count(UserSession) == 0


@AHEAD
def test_a_code_of_a_clock_that_was_ahead_is_over_also_when_its_time_comes(
    desk, alice, clock, ahead
):
    clock.now = NOON + ahead
    handle = desk.ask()
    clock.now = NOON
    assert desk.prove(handle, desk.wrong(handle)).verdict is Verdict.WRONG
    clock.now = NOON + ahead
    assert desk.prove(handle, RFC_CODES[1]).verdict is Verdict.EXPIRED
    assert count(Event, Event.kind == "clock.skewed") == 1


def test_clocks_of_two_nodes_may_be_five_seconds_apart(desk, alice, clock):
    clock.advance(seconds=5)
    handle = desk.ask()
    clock.advance(seconds=-5)
    assert desk.prove(handle, RFC_CODES[1]).verdict is Verdict.ACCEPTED


def test_the_page_of_a_code_of_a_clock_that_was_ahead_offers_a_new_one(client, alice, clock):
    clock.advance(days=1)
    client.ask(ALICE)
    form = client.page.form("/sign-in/code")
    clock.advance(days=-1)
    answer = client.post("/sign-in/code", data={**form, "code": RFC_CODES[1]})
    assert (answer.status_code, problem(answer)) == (422, "That code no longer works.")
    page = client.get("/sign-in/code")
    assert title(page.text) == "That code no longer works – Example"
    assert client.page.form("/sign-in/code/resend")


@pytest.mark.parametrize(("seconds", "stays"), [(120, True), (121, False)])
def test_a_session_outlives_two_minutes_set_back_and_not_a_second_more(
    client, alice, clock, seconds, stays, cookies_too
):
    sign_in(client)
    clock.advance(seconds=-seconds)
    assert is_in(client) == stays


@BACK
def test_a_session_outlives_a_minute_set_back_and_no_more(client, alice, clock, back, cookies_too):
    sign_in(client)
    clock.now -= back
    assert is_in(client) == (back == MINUTE)


def test_a_session_that_was_used_while_the_clock_was_ahead_is_idle_in_time(client, alice, clock):
    sign_in(client)
    clock.advance(minutes=50)
    assert is_in(client)
    clock.advance(minutes=-45)
    assert is_in(client)
    clock.advance(minutes=59)
    assert is_in(client)
    clock.advance(minutes=-45)
    assert is_in(client)
    clock.advance(minutes=60)
    assert not is_in(client)


def put_off(desk: Desk, how: str) -> None:
    """Take the message in hand, as a sender does that is then killed, or that meets a fault."""
    with transaction():
        lease = outbox.take("email", desk.clock.now)
        if how == "put back":
            until = desk.clock.now + HOUR
            outbox.put_back(lease, NotSent("It was down."), until, desk.clock.now)


@AHEAD
@pytest.mark.parametrize("how", ["leased", "put back"])
def test_a_message_put_off_by_a_clock_that_was_ahead_is_sent_when_it_is_right(
    desk, mailbox, alice, clock, how, ahead
):
    desk.ask()
    clock.now = NOON + ahead
    put_off(desk, how)
    clock.now = NOON + timedelta(seconds=10)
    (mail,) = mailbox.deliver()
    assert code_in(mail) == RFC_CODES[1]


@AHEAD
def test_a_message_of_a_clock_that_was_ahead_does_not_wait_for_days(
    desk, mailbox, alice, clock, ahead
):
    clock.now = NOON + ahead
    desk.ask()
    clock.now = NOON
    assert mailbox.deliver() == []
    assert count(Message, Message.outcome == "given_up") == 1
