"""A browser is known for those whom it signed in, until that is revoked."""

from datetime import timedelta
from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.models import KnownBrowser
from otpapp.rules import known_browsers
from otpapp.rules.handles import digest
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, Desk, count

TOKEN = "the token of a browser"
BLINK = timedelta(microseconds=1)


def number(user_id: UUID | None, token: str = TOKEN) -> int:
    """Return the number under which a browser is known for a user."""
    db.session.rollback()
    return known_browsers.number_of(Visitor(known=token), user_id)


def revoke(desk: Desk, user_id: UUID, since) -> int:
    with transaction():
        return known_browsers.revoke_since(user_id, since, desk.clock.now)


def test_a_browser_is_known_only_for_those_whom_it_signed_in(desk, alice, bob):
    desk.sign_in(known=TOKEN)
    assert number(alice.user_id) > 0
    assert number(bob.user_id) == number(None) == 0
    assert number(alice.user_id, "another") == number(alice.user_id, "") == 0


def test_each_browser_and_each_user_of_it_has_a_number_of_its_own(desk, alice, bob):
    for who in (alice, bob):
        desk.sign_in(who.address, known=TOKEN)
        desk.sign_in_later(who.address, known="another")
    numbers = {number(who.user_id, token) for who in (alice, bob) for token in (TOKEN, "another")}
    assert len(numbers) == 4
    assert number(None) == 0


def test_the_row_says_where_it_was_met_and_does_not_hold_the_token(desk, alice):
    desk.sign_in(known=TOKEN)
    (row,) = db.session.query(KnownBrowser)
    assert (row.token_hash, row.user_id) == (digest(TOKEN), alice.user_id)
    assert (row.ip, row.browser) == (HERE, "Firefox on Linux")
    assert row.created_at == row.seen_at == desk.clock.now


def test_a_browser_that_signs_in_again_stays_one(desk, alice):
    desk.sign_in(known=TOKEN)
    met = desk.clock.now
    desk.sign_in_later(known=TOKEN)
    (row,) = db.session.query(KnownBrowser)
    assert (row.created_at, row.seen_at) == (met, desk.clock.now)


def test_whoever_signs_in_without_a_token_is_nobody_that_is_known(desk, alice):
    desk.sign_in()
    assert count(KnownBrowser) == 0


def test_a_wrong_code_makes_no_browser_known(desk, alice):
    handle = desk.ask(known=TOKEN)
    desk.prove(handle, desk.wrong(handle), known=TOKEN)
    assert count(KnownBrowser) == 0


def test_a_revoked_browser_is_not_known_until_it_signs_in_again(desk, alice):
    desk.sign_in(known=TOKEN)
    assert revoke(desk, alice.user_id, desk.clock.now) == 1
    assert number(alice.user_id) == 0
    desk.sign_in_later(known=TOKEN)
    assert number(alice.user_id) > 0


def test_browsers_are_revoked_from_an_instant_on_and_nobody_elses(desk, alice, bob):
    desk.sign_in(known="before")
    met = desk.clock.now
    desk.sign_in_later(known=TOKEN)
    since = desk.clock.now
    desk.sign_in_later(known="since")
    for who in ("before", TOKEN):
        desk.sign_in(bob.address, known=who)
        desk.clock.advance(minutes=2)
    assert revoke(desk, alice.user_id, desk.clock.now) == 0
    assert revoke(desk, alice.user_id, since) == 2
    assert number(alice.user_id, "before") > 0
    assert number(alice.user_id) == number(alice.user_id, "since") == 0
    assert number(bob.user_id, "before") > 0 < number(bob.user_id)
    assert revoke(desk, bob.user_id, met) == 2
    assert number(alice.user_id, "before") > 0


def test_one_that_is_revoked_already_keeps_the_instant_of_it(desk, alice):
    desk.sign_in(known=TOKEN)
    began = desk.clock.now
    assert revoke(desk, alice.user_id, began + BLINK) == 0
    assert revoke(desk, alice.user_id, began) == 1
    desk.clock.advance(minutes=1)
    assert revoke(desk, alice.user_id, began) == 0
    assert count(KnownBrowser, KnownBrowser.revoked_at == began) == 1


@pytest.mark.parametrize("name", ["seen_at", "revoked_at"])
def test_meeting_one_browser_again_leaves_the_others_alone(desk, alice, bob, name):
    desk.sign_in(known="another")
    desk.sign_in(bob.address, known=TOKEN)
    revoke(desk, bob.user_id, desk.clock.now)
    revoke(desk, alice.user_id, desk.clock.now)
    column = getattr(KnownBrowser, name)
    then = desk.clock.now
    desk.sign_in_later(known=TOKEN)
    assert count(KnownBrowser, column == then) == 2
