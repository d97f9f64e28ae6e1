"""The trail is read in parts, the newest first, and its old lines are deleted."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event, Message
from otpapp.rules import events
from otpapp.rules.people import standing, trail
from otpapp.rules.people.trail import Sought
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.rules.desk import HERE, count
from tests.rules.factors_desk import answer, enrol_app, half_way
from tests.rules.people.crowd import add

MIA, ZED = UUID(int=1), UUID(int=2)
ALL = Sought()


@pytest.fixture
def told(desk):
    """Return what tells the trail of something, a minute after what came before."""

    def told(kind: str = "app.entered", ip: str = HERE, **about) -> int:
        now = desk.clock.advance(minutes=1)
        with transaction():
            return events.record(kind, now, visitor=Visitor(ip), **about)

    return told


def found(sought: Sought = ALL, before: int = 0, most: int = 50) -> list[int]:
    db.session.rollback()
    return [line.id for line in trail.page(sought, before, most).lines]


def test_the_newest_comes_first(told):
    assert found() == []
    numbers = [told() for _ in range(3)]
    assert found() == numbers[::-1]


def test_pages_follow_each_other_without_a_gap_and_end(told):
    numbers = [told(user_id=MIA, subject=str(MIA)) for _ in range(5)]
    for sought in (Sought(), trail.about(MIA)):
        seen, before, pages = [], 0, 0
        while pages == 0 or before:
            page = trail.page(sought, before, most=2)
            seen += [line.id for line in page.lines]
            before, pages = page.before, pages + 1
        assert (seen, pages) == (numbers[::-1], 3)
    assert trail.page(Sought(), most=5).before == 0


def test_lines_of_one_instant_are_in_the_order_in_which_they_came(desk, told):
    with transaction():
        numbers = [events.record("app.entered", desk.clock.now) for _ in range(4)]
    assert found() == numbers[::-1]
    assert found(before=numbers[2]) == [numbers[1], numbers[0]]


def test_what_a_clock_noted_that_was_ahead_stands_where_it_says(desk, told):
    """X43."""
    first = told()
    with transaction():
        ahead = events.record("app.entered", desk.clock.now + timedelta(days=1))
    last = told()
    assert found() == [ahead, last, first]
    assert found(before=ahead) == [last, first]
    assert found(before=last) == [first]


def test_a_page_goes_on_where_its_first_line_was_deleted_meanwhile(told):
    one, two, three = (told() for _ in range(3))
    with transaction():
        db.session.delete(db.session.get(Event, two))
    assert found(before=two) == [one]
    assert found(before=three) == [one]
    with transaction():
        db.session.delete(db.session.get(Event, one))
    assert found(before=two) == []


def test_each_part_is_found_and_what_two_have_in_common(told):
    one = told(user_id=MIA, kind="code.answered")
    two = told(user_id=MIA, ip="2001:db8::1")
    three = told(user_id=ZED, kind="code.answered", ip="2001:db8::1")
    four = told(subject="mia@example.org")
    assert found(Sought(user_id=MIA)) == [two, one]
    assert found(Sought(kind="code.answered")) == [three, one]
    assert found(Sought(ip="2001:db8::1")) == [three, two]
    assert found(Sought(ip="2001:db8::1", kind="code.answered")) == [three]
    assert found(Sought(user_id=MIA, kind="code.answered")) == [one]
    assert found(Sought(user_id=MIA, ip=HERE)) == [one]
    assert found(Sought(subjects=("mia@example.org",))) == [four]
    assert found(Sought(MIA, ("mia@example.org",))) == [four, two, one]
    assert found(Sought(kind="code")) == found(Sought(ip="192.0.2.8")) == []


def test_since_belongs_to_it_and_until_does_not(told):
    one, two, three = (told() for _ in range(3))
    minute = timedelta(minutes=1)
    assert found(Sought(since=NOON + 2 * minute)) == [three, two]
    assert found(Sought(until=NOON + 2 * minute)) == [one]
    assert found(Sought(since=NOON + 2 * minute, until=NOON + 3 * minute)) == [two]


def test_all_about_a_person_is_what_names_them_in_any_way(desk, alice):
    desk.use(limit_failures_per_user=1, limit_sends_per_identifier=1)
    enrol_app(desk, alice.user_id)
    token = half_way(desk)
    for _ in range(2):
        answer(desk, token, "totp", "000000")
    desk.try_asking(alice.address)
    desk.ask("zed@example.org")
    about = trail.about(alice.user_id)
    limits = [(line.kind, line.subject) for line in trail.page(about).lines if not line.user_id]
    reached = "limit.reached"
    assert limits == [(reached, alice.address), (reached, f"{alice.user_id} totp")]
    assert not any("zed" in line.subject for line in trail.page(about).lines)


def test_whom_lines_speak_of_is_told_by_their_first_address(desk):
    mia = add(desk, "mia@example.org", "another@example.org")
    zed = add(desk, "zed@example.org")
    with transaction():
        standing.delete(zed, desk.settings, desk.clock.now)
    page = trail.page(Sought())
    assert {line.user_id for line in page.lines} == {mia, zed}
    assert page.names == {mia: "mia@example.org"}


class TestForgetting:
    """What was kept for as long as it shall be goes, some at a time."""

    def forget(self, desk) -> int:
        with transaction():
            return trail.forget_old(desk.settings, desk.clock.now)

    def test_what_is_older_than_the_setting_goes(self, desk, told):
        desk.use(keep_events_days=30)
        told()
        kept = told()
        desk.clock.now = db.session.scalar(select(Event.at).where(Event.id == kept))
        desk.clock.advance(days=30)
        assert self.forget(desk) == 1
        assert found() == [kept]
        desk.clock.advance(seconds=1)
        assert self.forget(desk) == 1
        assert self.forget(desk) == 0

    def test_the_oldest_goes_first_and_not_all_at_once(self, desk, told, monkeypatch):
        monkeypatch.setattr(
            trail, "_FORGET", trail._FORGET.where(Event.id.in_(trail._OLD.limit(2)))
        )
        numbers = [told() for _ in range(5)]
        desk.clock.advance(days=500)
        assert self.forget(desk) == 2
        assert found() == numbers[:1:-1]

    def test_notices_of_it_go_along_and_nothing_else(self, desk, alice):
        enrol_app(desk, alice.user_id)
        desk.sign_in()
        notices = (Message.event_id.is_not(None),)
        desk.clock.advance(days=500)
        told = count(Event)
        desk.sign_in()
        others = count(Message, *[~one for one in notices])
        assert self.forget(desk) == told
        assert count(Message, *notices) == 0
        assert count(Message) == others

    def test_how_much_went_is_in_the_trail(self, desk):
        with transaction():
            trail.record_forgotten(7, desk.clock.now)
        (line,) = trail.page(Sought()).lines
        assert (line.kind, line.detail) == ("events.forgotten", "7")


def test_the_setting_is_400_days(settings):
    assert settings.keep_events_days == 400
    assert replace(settings, keep_events_days=30).keep_events_days == 30


def test_admins_who_did_something_are_named_too(desk, told):
    boss = add(desk, "boss@example.org", role="admin")
    told(detail=events.by(boss, "office"))
    assert trail.page(ALL, most=1).names == {boss: "boss@example.org"}


def test_nobody_makes_it_seem_that_an_admin_added_their_factor(desk, told):
    boss = add(desk, "boss@example.org", role="admin")
    told("factor.enrolled", detail=events.by(boss, "totp phone"))
    assert trail.page(ALL, most=1).names == {}
