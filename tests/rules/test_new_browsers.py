"""A sign-in from a browser that is not known is told by mail; its reader can freeze it."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Event, Identifier, Message, User
from otpapp.rules import known_browsers, notices, sessions
from otpapp.rules.account import browsers
from otpapp.rules.factors import objections
from otpapp.rules.factors.objections import Standing
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, HERE
from tests.rules.factors.conftest import Changes
from tests.rules.factors_desk import answer, enrol_app, half_way

SECOND = "second@example.org"


@pytest.fixture
def was_in(desk, alice) -> None:
    """Alice signed in once, in a browser that is called her laptop."""
    desk.sign_in(known="laptop")


def told() -> list[tuple[str, str]]:
    """Return which notices go to whom."""
    db.session.rollback()
    found = (
        db.session.query(Event.kind, Identifier.key)
        .select_from(Message)
        .join(Event, Event.id == Message.event_id)
        .join(Identifier, Identifier.id == Message.identifier_id)
        .order_by(Message.id)
    )
    return [tuple(row) for row in found]


def newest() -> Event:
    return db.session.query(Event).filter_by(kind=known_browsers.MET).order_by(Event.id).all()[-1]


def own(desk, user_id, address: str, channel: str, *, verified: bool = True) -> None:
    """Give a user one more identifier."""
    now = desk.clock.now
    row = {"channel": channel, "key": address, "address": address, "created_at": now}
    with transaction():
        db.session.add(Identifier(user_id=user_id, verified_at=now if verified else None, **row))


def test_the_first_sign_in_ever_is_no_news(desk, alice):
    assert not sessions.has_had_any(alice.user_id)
    desk.sign_in(known="laptop")
    assert told() == []
    assert sessions.has_had_any(alice.user_id)


def test_a_browser_that_is_known_tells_nothing(desk, was_in):
    desk.sign_in_later(known="laptop")
    assert told() == []


def test_another_one_is_told_once_and_known_from_then_on(desk, was_in):
    for _ in range(2):
        desk.sign_in_later(known="phone")
        assert told() == [("browser.met", ALICE)]
    event = newest()
    assert (event.browser, event.ip) == ("Firefox on Linux", HERE)


def test_each_verified_address_of_mail_is_told_and_no_number(desk, alice, was_in):
    own(desk, alice.user_id, SECOND, "email")
    own(desk, alice.user_id, "+12025550199", "sms")
    own(desk, alice.user_id, "third@example.org", "email", verified=False)
    desk.sign_in_later(known="phone")
    assert told() == [("browser.met", ALICE), ("browser.met", SECOND)]


def test_who_was_forgotten_is_news_again(desk, alice, was_in):
    with transaction():
        browsers.forget(alice.user_id, browsers.ALL, desk.visitor(), desk.clock.now)
    desk.sign_in_later(known="laptop")
    assert told() == [("browser.met", ALICE)]


def test_programs_hold_nothing_that_they_could_be_known_by(desk, was_in):
    desk.sign_in_later(door="api")
    assert told() == []


def test_who_only_asks_or_answers_wrong_tells_nobody(desk, was_in):
    handle = desk.ask_later()
    desk.prove(handle, desk.wrong(handle))
    assert told() == []


def test_half_way_in_nobody_is_told_yet(desk, alice, was_in):
    app = enrol_app(desk, alice.user_id)
    desk.clock.advance(minutes=2)
    token = half_way(desk, known="phone")
    assert told() == []
    answer(desk, token, "totp", app.code(), known="phone")
    assert told() == [("browser.met", ALICE)]


def test_a_site_can_turn_it_off(desk, was_in):
    desk.use(notice_new_browsers=False)
    desk.sign_in_later(known="phone")
    assert told() == []


def test_its_reader_freezes_the_sign_in(desk, alice, was_in):
    desk.clock.advance(minutes=2)
    token = desk.sign_in(known="phone")
    event = newest()
    assert objections.can_be_made(event)
    assert objections.standing(event) is Standing.OPEN
    with transaction():
        assert objections.make(event, desk.visitor(), desk.settings, desk.clock.now)
    assert db.session.get(User, alice.user_id).disabled_by == "owner"
    assert sessions.resume(token, "page", desk.clock.now) is None
    assert objections.standing(newest()) is Standing.DONE


def test_the_link_works_for_three_days(desk, was_in):
    desk.sign_in_later(known="phone")
    event, end = newest(), timedelta(hours=72)
    assert not objections.is_over(event, event.at + end - timedelta(microseconds=1))
    assert objections.is_over(event, event.at + end)


def test_it_is_no_change_that_a_late_text_message_would_count(desk, alice, was_in):
    changed = Changes(desk, alice.user_id)
    added = changed.add()
    with transaction():
        visitor, now = desk.visitor(), desk.clock.advance(minutes=2)
        notices.record_by_mail(
            known_browsers.MET, alice.user_id, desk.settings, now, visitor=visitor
        )
    assert objections.later(added) == []
