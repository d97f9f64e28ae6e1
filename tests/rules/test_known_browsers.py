"""A browser is known for those whom it signed in, until that is revoked."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Identifier, KnownBrowser
from otpapp.rules import known_browsers
from otpapp.rules.handles import digest
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, HERE, Desk, count

BROWSER = "a browser"
BLINK = timedelta(microseconds=1)


@pytest.fixture
def number(desk) -> Callable[..., int]:
    """Return the number under which a browser is known for a user."""

    def number(user_id: UUID | None, browser: str = BROWSER) -> int:
        db.session.rollback()
        return known_browsers.number_of(desk.visitor(known=browser), user_id)

    return number


def user_of(address: str) -> UUID:
    return db.session.scalars(select(Identifier.user_id).where(Identifier.key == address)).one()


def revoke(desk: Desk, user_id: UUID, since) -> int:
    with transaction():
        return known_browsers.revoke_since(user_id, since, desk.clock.now)


def test_a_browser_is_known_only_for_those_whom_it_signed_in(desk, alice, bob, number):
    desk.sign_in(known=BROWSER)
    assert number(alice.user_id) > 0
    assert number(bob.user_id) == number(None) == 0
    assert number(alice.user_id, "another") == number(alice.user_id, "") == 0


def test_each_browser_and_each_user_of_it_has_a_number_of_its_own(desk, alice, bob, number):
    for who in (alice, bob):
        desk.sign_in(who.address, known=BROWSER)
        desk.sign_in_later(who.address, known="another")
    numbers = {number(who.user_id, one) for who in (alice, bob) for one in (BROWSER, "another")}
    assert len(numbers) == 4
    assert number(None) == 0


def test_the_row_says_where_it_was_met_and_does_not_hold_the_token(desk, alice):
    desk.sign_in(known=BROWSER)
    (row,) = db.session.query(KnownBrowser)
    (token,) = desk.visitor(known=BROWSER).known
    assert (row.token_hash, row.user_id) == (digest(token), alice.user_id)
    assert (row.ip, row.browser) == (HERE, "Firefox on Linux")
    assert row.created_at == row.seen_at == desk.clock.now


def test_a_browser_that_signs_in_again_stays_one(desk, alice):
    desk.sign_in(known=BROWSER)
    met = desk.clock.now
    desk.sign_in_later(known=BROWSER)
    (row,) = db.session.query(KnownBrowser)
    assert (row.created_at, row.seen_at) == (met, desk.clock.now)


def test_a_program_is_known_by_nothing(desk, alice):
    desk.sign_in(door="api", known=BROWSER)
    assert count(KnownBrowser) == 0


def test_a_token_that_somebody_kept_a_copy_of_knows_none_of_those_who_came_later(
    desk, alice, bob, number
):
    desk.sign_in(bob.address, known=BROWSER)
    copied = desk.visitor(known=BROWSER)
    desk.sign_in(known=BROWSER)
    assert number(alice.user_id) and number(bob.user_id)
    assert known_browsers.number_of(copied, bob.user_id)
    assert known_browsers.number_of(copied, alice.user_id) == 0


def test_a_browser_is_known_for_the_last_five_people(desk, number):
    desk.use(sign_up="open")
    people = [f"{name}@example.org" for name in "abcdef"]
    for who in people:
        desk.sign_in(who, known=BROWSER)
    desk.sign_in_later(people[3], known=BROWSER)
    users = [user_of(who) for who in people]
    assert [bool(number(user)) for user in users] == [False, *[True] * 5]


def test_a_wrong_code_makes_no_browser_known(desk, alice):
    handle = desk.ask(known=BROWSER)
    desk.prove(handle, desk.wrong(handle), known=BROWSER)
    assert count(KnownBrowser) == 0


def test_a_revoked_browser_is_not_known_until_it_signs_in_again(desk, alice, number):
    desk.sign_in(known=BROWSER)
    assert revoke(desk, alice.user_id, desk.clock.now) == 1
    assert number(alice.user_id) == 0
    desk.sign_in_later(known=BROWSER)
    assert number(alice.user_id) > 0


def test_what_was_revoked_takes_no_room_from_others(desk, alice, bob, number):
    desk.sign_in(bob.address, known=BROWSER)
    for _ in range(6):
        desk.clock.advance(hours=1)
        desk.sign_in(known=BROWSER)
        assert revoke(desk, alice.user_id, desk.clock.now) == 1
    desk.clock.advance(hours=1)
    desk.sign_in(known=BROWSER)
    assert number(alice.user_id) and number(bob.user_id)
    assert len(desk.visitor(known=BROWSER).known) == 2


def test_browsers_are_revoked_from_an_instant_on_and_nobody_elses(desk, alice, bob, number):
    desk.sign_in(known="before")
    met = desk.clock.now
    desk.sign_in_later(known=BROWSER)
    since = desk.clock.now
    desk.sign_in_later(known="since")
    for who in ("before", BROWSER):
        desk.sign_in(bob.address, known=who)
        desk.clock.advance(minutes=2)
    assert revoke(desk, alice.user_id, desk.clock.now) == 0
    assert revoke(desk, alice.user_id, since) == 2
    assert number(alice.user_id, "before") > 0
    assert number(alice.user_id) == number(alice.user_id, "since") == 0
    assert number(bob.user_id, "before") > 0 < number(bob.user_id)
    assert revoke(desk, bob.user_id, met) == 2
    assert number(alice.user_id, "before") > 0


def test_all_browsers_of_one_person_are_revoked_and_nobody_elses(desk, alice, bob, number):
    for browser in (BROWSER, "another"):
        for who in (ALICE, bob.address):
            desk.sign_in_later(who, known=browser)
    with transaction():
        assert known_browsers.revoke_all(alice.user_id, desk.clock.now) == 2
    assert number(alice.user_id) == number(alice.user_id, "another") == 0
    assert number(bob.user_id) and number(bob.user_id, "another")


def test_one_that_is_revoked_already_keeps_the_instant_of_it(desk, alice):
    desk.sign_in(known=BROWSER)
    began = desk.clock.now
    assert revoke(desk, alice.user_id, began + BLINK) == 0
    assert revoke(desk, alice.user_id, began) == 1
    desk.clock.advance(minutes=1)
    assert revoke(desk, alice.user_id, began) == 0
    assert count(KnownBrowser, KnownBrowser.revoked_at == began) == 1


def test_meeting_one_browser_again_leaves_the_others_alone(desk, alice, bob):
    for who, browser in ((ALICE, "another"), (bob.address, BROWSER), (ALICE, BROWSER)):
        desk.sign_in_later(who, known=browser)
    desk.sign_in_later(bob.address, known=BROWSER)
    assert count(KnownBrowser, KnownBrowser.seen_at == desk.clock.now) == 1
    assert count(KnownBrowser) == 3
