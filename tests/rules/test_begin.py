"""Asking for a code: one form is one challenge, and a stranger is answered like everybody."""

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Challenge, Message, User
from otpapp.rules import budgets, challenges, identifiers, sign_in
from otpapp.rules.asks import Ask
from otpapp.rules.lanes import lane_of
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, HERE, STRANGER, count, trail


def test_an_ask_is_one_challenge_one_message_and_one_event(desk, alice):
    begun = desk.try_asking(ALICE)
    assert begun.is_new
    assert (count(Challenge), count(Message)) == (1, 1)
    assert trail() == [("code.asked", "")]


def test_unless_said_otherwise_it_is_for_a_page_by_counter_and_for_this_time_only(desk, alice):
    asked = desk.challenge(desk.ask())
    assert (asked.door, asked.method, asked.keep, asked.next_path) == ("page", "counter", False, "")
    assert (asked.purpose, asked.tries, asked.answered_at) == ("sign_in", 0, None)


def test_the_code_goes_to_the_stored_address_not_to_the_typed_one(desk, alice):
    """X17: the challenge names the identifier; what was typed is only shown."""
    challenge = desk.challenge(desk.ask("ALICE@Example.org"))
    assert challenge.user_id == alice.user_id
    assert challenge.identifier_id is not None
    assert challenge.subject == ALICE


def test_a_held_handle_that_still_works_is_used_again(desk, alice):
    handle = desk.ask()
    desk.clock.advance(minutes=9)
    again = desk.try_asking(ALICE, held=["of another site", handle])
    assert (again.handle, again.is_new) == (handle, False)
    assert (count(Challenge), count(Message)) == (1, 1)


def test_asking_again_keeps_the_newest_choices_of_that_browser_alone(desk, alice):
    handles = [desk.ask_later(next_path="/old") for _ in range(3)]
    assert desk.ask(held=handles[1:2], keep=True, next_path="/new") == handles[1]
    kept = [desk.challenge(handle) for handle in handles]
    assert [one.next_path for one in kept] == ["/old", "/new", "/old"]
    assert [one.keep for one in kept] == [False, True, False]


def test_a_held_handle_for_another_address_is_left_alone(desk, alice, bob):
    handles = [desk.ask(other) for other in (bob.address, "aaron@example.org", "zoe@example.org")]
    assert desk.ask(ALICE, held=handles) not in handles
    assert count(Challenge) == 4


@pytest.mark.parametrize("why", ["expired", "locked", "spent", "closed"])
def test_a_held_handle_whose_code_is_over_is_not_used_again(desk, alice, why):
    handle = desk.ask()
    if why == "locked":
        for _ in range(5):
            desk.answer(handle, desk.wrong(handle))
    elif why == "spent":
        desk.answer(handle, desk.code(handle))
    elif why == "closed":
        with transaction():
            db.session.execute(update(Challenge).values(closed_at=desk.clock.now))
    desk.clock.advance(minutes=10 if why == "expired" else 1)
    assert desk.ask(held=[handle]) != handle


def test_the_same_form_sent_twice_is_one_challenge(desk, alice):
    first, second = (desk.try_asking(ALICE, handle="one form") for _ in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert first.challenge.id == second.challenge.id
    assert count(Message) == 1


def test_a_form_whose_twin_was_quicker_leads_to_the_twins_challenge(desk, alice, monkeypatch):
    """On PostgreSQL both may find no challenge yet; the wait between two then stops one."""
    may_send = budgets.may_send

    def overtaken(lane, settings, now):
        monkeypatch.undo()
        twin = Ask(identifiers.parse(ALICE, settings), Visitor(HERE), "one form")
        sign_in.begin(twin, (), settings, now)
        return may_send(lane, settings, now)

    monkeypatch.setattr(budgets, "may_send", overtaken)
    begun = desk.try_asking(ALICE, handle="one form")
    assert (begun.handle, begun.is_new) == ("one form", False)
    assert (count(Challenge), count(Message)) == (1, 1)
    assert trail() == [("code.asked", "")]


def test_an_old_form_sent_again_gets_a_challenge_with_a_handle_of_its_own(desk, alice):
    desk.ask(handle="one form")
    desk.clock.advance(minutes=11)
    again = desk.try_asking(ALICE, handle="one form")
    assert again.is_new
    assert again.handle != "one form"


def test_the_same_form_with_another_address_is_another_challenge(desk, alice):
    desk.ask(ALICE, handle="one form")
    other = desk.try_asking(STRANGER, handle="one form")
    assert other.is_new
    assert other.handle != "one form"
    assert desk.challenge("one form").subject == ALICE


def test_a_strangers_asks_do_not_disturb_the_victims_code(desk, alice):
    """X10."""
    mine = desk.ask()
    for number in range(4):
        theirs = desk.ask_later(ip=f"198.51.100.{number}")
        desk.answer(theirs, desk.wrong(theirs))
    assert desk.challenge(mine).tries == 0
    assert desk.answer(mine, desk.code(mine)) is Verdict.ACCEPTED


def test_a_strangers_address_gets_a_decoy_that_looks_the_same(desk, alice):
    """X12."""
    known, unknown = (desk.challenge(desk.ask(who)) for who in (ALICE, STRANGER))
    same = ("channel", "purpose", "door", "method", "digits", "tries", "expires_at", "closed_at")
    assert [getattr(known, name) for name in same] == [getattr(unknown, name) for name in same]
    assert len(known.reference) == len(unknown.reference) == 3
    assert (unknown.user_id, unknown.identifier_id) == (None, None)
    assert challenges.code_of(unknown, desk.settings) is None
    assert count(Message, Message.ended_at.is_(None)) == 2
    assert trail() == [("code.asked", "")] * 2


def test_a_disabled_user_gets_a_decoy(desk, alice):
    with transaction():
        db.session.execute(update(User).values(disabled_at=desk.clock.now))
    assert desk.challenge(desk.ask()).user_id is None


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_limits_are_alike_for_known_and_unknown_identifiers(desk, alice, who):
    """X14."""
    told = []
    for seconds in (0, 10, 30, 30, 30, 200, 200, 200, 200):
        desk.clock.advance(seconds=seconds)
        begun = desk.try_asking(who)
        told.append(begun.limit if isinstance(begun, Limited) else "sent")
    waits = ["sent", "gap", "sent", "gap", "sent", "sent", "sent"]
    assert told == [*waits, "sends_per_identifier", "sends_per_identifier"]
    assert trail()[-1] == ("limit.reached", "LIMITED")


def test_tags_multiply_no_limit(desk, alice):
    """X18."""
    sent = [desk.try_asking(f"alice+{number}@example.org") for number in range(50)]
    assert sum(not isinstance(one, Limited) for one in sent) == 1


def test_another_address_of_the_same_64_shares_the_limit_of_its_network(desk, alice):
    """X24."""
    asked = [
        desk.try_asking(f"{number}@example.org", ip=f"2001:db8:1:2::{number:x}")
        for number in range(21)
    ]
    assert [isinstance(one, Limited) for one in asked] == [False] * 20 + [True]
    assert asked[-1].limit == "sends_per_ip"


def test_next_send_says_what_an_ask_would_be_told(desk, alice):
    handle = desk.ask()
    lane = lane_of(desk.challenge(handle), Visitor(HERE))
    told = budgets.next_send(lane, desk.settings, desk.clock.now)
    assert told == desk.send_again(handle)
    desk.clock.advance(seconds=30)
    assert budgets.next_send(lane, desk.settings, desk.clock.now) is None
