"""Whoever gets codes that they did not ask for stops them, and stays reachable for themselves."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, KnownBrowser, Message
from otpapp.rules import sessions, stopping
from otpapp.rules.verdicts import Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, Desk, count

BLINK = timedelta(microseconds=1)
DAY = timedelta(hours=24)
HERS = "the token of her browser"
THEIRS = "the token of a browser that somebody else signed in with"


def is_decoy(desk: Desk, handle: str) -> bool:
    challenge = desk.challenge(handle)
    return (challenge.user_id, challenge.identifier_id) == (None, None)


def is_signed_in(desk: Desk, token: str) -> bool:
    db.session.rollback()
    return sessions.resume(token, "page", desk.clock.now) is not None


def is_muted(desk: Desk, handle: str) -> bool:
    number = desk.challenge(handle).identifier_id
    return stopping.muted_until(number, desk.clock.now) is not None


def test_a_stopped_code_is_dead_and_stays_stopped_at_that_instant(desk, alice):
    handle = desk.ask()
    desk.stop(handle)
    stopped = desk.clock.now
    desk.clock.advance(minutes=1)
    desk.stop(handle)
    assert desk.challenge(handle).closed_at == stopped
    assert desk.answer(handle, desk.code(handle)) is Verdict.EXPIRED


def test_it_stops_this_code_and_no_other(desk, alice, bob):
    mine, other, his = desk.ask(), desk.ask_later(), desk.ask(bob.address)
    desk.stop(mine)
    assert desk.answer(other, desk.code(other)) is Verdict.ACCEPTED
    assert desk.answer(his, desk.code(his)) is Verdict.ACCEPTED


@pytest.mark.parametrize(("after", "decoy"), [(DAY - BLINK, True), (DAY, False), (2 * DAY, False)])
def test_strangers_get_no_codes_for_a_day(desk, alice, after, decoy):
    stopped = desk.ask()
    desk.stop(stopped)
    assert is_muted(desk, stopped)
    desk.clock.now += after
    assert is_muted(desk, stopped) == decoy
    assert is_decoy(desk, desk.ask()) == decoy


@pytest.mark.parametrize(("whose", "others"), [(0, 1), (1, 0)])
def test_nobody_elses_codes_stop(desk, alice, bob, whose, others):
    people = (alice.address, bob.address)
    handles = [desk.ask(who) for who in people]
    desk.stop(handles[whose])
    assert [is_muted(desk, handle) for handle in handles] == [whose == 0, whose == 1]
    desk.clock.advance(minutes=2)
    assert not is_decoy(desk, desk.ask(people[others]))


def test_a_muted_ask_is_told_from_others_in_the_trail_only(desk, alice):
    desk.stop(desk.ask())
    desk.ask_later()
    told = db.session.query(Event).order_by(Event.id)
    assert [(one.kind, one.detail, one.ip) for one in told] == [
        ("code.asked", "", HERE),
        ("codes.stopped", "", HERE),
        ("code.asked", "muted", HERE),
    ]


def test_a_muted_user_is_limited_like_anybody(desk, alice):
    desk.stop(desk.ask())
    assert desk.try_asking(alice.address).limit == "gap"


@pytest.mark.parametrize("known", [True, False])
def test_what_was_asked_for_before_is_sent_again_to_known_browsers_only(desk, alice, known):
    desk.sign_in(known=HERS)
    desk.clock.advance(minutes=2)
    token = HERS if known else ""
    other = desk.ask(known=token)
    desk.stop(desk.ask_later())
    with transaction():
        db.session.query(Message).update({"ended_at": desk.clock.now})
    desk.clock.advance(minutes=2)
    assert desk.send_again(other, known=token).handle == ""
    assert count(Message, Message.ended_at.is_(None)) == (1 if known else 0)
    desk.clock.advance(minutes=5)
    assert is_decoy(desk, desk.send_again(other, known=token).handle) != known


def test_a_browser_that_signed_her_in_before_goes_on_getting_codes(desk, alice):
    desk.sign_in(known=HERS)
    desk.stop(desk.ask_later())
    desk.clock.advance(minutes=2)
    assert desk.sign_in(known=HERS)


def test_what_was_signed_in_by_that_code_ends_and_nothing_else(desk, alice):
    before = desk.sign_in()
    handle = desk.ask_later()
    by_it = desk.prove(handle, desk.code(handle)).token
    after = desk.sign_in_later()
    desk.stop(handle)
    assert not is_signed_in(desk, by_it)
    assert is_signed_in(desk, before)
    assert is_signed_in(desk, after)


def test_a_session_that_had_ended_keeps_the_instant_it_ended_at(desk, alice):
    handle = desk.ask()
    token = desk.prove(handle, desk.code(handle)).token
    with transaction():
        sessions.end(token, "page", Visitor(), desk.clock.now)
    ended = desk.clock.now
    desk.clock.advance(minutes=5)
    desk.stop(handle)
    assert count(sessions.UserSession, sessions.UserSession.ended_at == ended) == 1


def test_browsers_that_became_known_by_that_code_or_since_are_strangers_again(desk, alice, bob):
    desk.sign_in(known=HERS)
    desk.sign_in(bob.address, known=THEIRS)
    handle = desk.ask_later()
    desk.clock.advance(minutes=1)
    desk.prove(handle, desk.code(handle), known=THEIRS)
    desk.sign_in_later(known="known since")
    desk.clock.advance(minutes=1)
    desk.stop(handle)
    assert count(KnownBrowser, KnownBrowser.revoked_at == desk.clock.now) == 2
    for token, is_stranger in ((HERS, False), (THEIRS, True), ("known since", True)):
        desk.clock.advance(minutes=2)
        assert is_decoy(desk, desk.ask(known=token)) == is_stranger
    desk.clock.advance(minutes=2)
    assert not is_decoy(desk, desk.ask(bob.address, known=THEIRS))


def test_a_code_that_nobody_used_makes_no_browser_a_stranger(desk, alice):
    handle = desk.ask()
    desk.sign_in_later(known=HERS)
    desk.stop(handle)
    assert count(KnownBrowser, KnownBrowser.revoked_at.is_not(None)) == 0


def test_it_can_be_undone(desk, alice, bob):
    mine, his = desk.ask(), desk.ask(bob.address)
    desk.stop(mine)
    desk.stop(his)
    with transaction():
        stopping.go_on(desk.challenge(mine), Visitor(HERE), desk.clock.now)
    desk.clock.advance(minutes=2)
    assert not is_decoy(desk, desk.ask())
    assert is_decoy(desk, desk.ask(bob.address)), "his stay stopped"
    (event,) = db.session.query(Event).filter_by(kind="codes.resumed")
    assert (event.ip, event.challenge_id) == (HERE, desk.challenge(mine).id)


def test_nobody_is_muted_until_somebody_stops_codes(desk, alice):
    handle = desk.ask()
    assert not is_muted(desk, handle)
    assert stopping.muted_until(None, desk.clock.now) is None
    desk.stop(handle)
    number = desk.challenge(handle).identifier_id
    assert stopping.muted_until(number, desk.clock.now) == desk.clock.now + DAY
    assert stopping.muted_until(None, desk.clock.now) is None
    assert count(Identifier, Identifier.muted_until.is_not(None)) == 1


@pytest.mark.parametrize(
    ("after", "over"), [(timedelta(0), False), (DAY - BLINK, False), (DAY, True), (2 * DAY, True)]
)
def test_the_link_works_for_a_day(desk, alice, after, over):
    challenge = desk.challenge(desk.ask())
    assert stopping.is_over(challenge, desk.clock.now + after) is over
    assert count(Challenge) == 1
