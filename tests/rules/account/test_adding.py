"""An address counts once a code that was sent to it came back to whoever asked for it."""

import pytest

from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, Message, User
from otpapp.rules import challenges, evicting, groups, identifiers, stopping, users
from otpapp.rules.account import adding
from otpapp.rules.account.refusals import Refused
from otpapp.rules.sign_in import Begun, Sent
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from tests.rules.account.owner import NEW
from tests.rules.desk import ALICE, count, in_parallel, trail

BOB = "+12025550143"


def test_a_right_code_makes_the_address_one_of_theirs(owner):
    added = owner.add()
    assert (added.outcome.verdict, added.refused) == (Verdict.ACCEPTED, None)
    assert owner.keys() == [ALICE, NEW]
    assert owner.desk.sign_in_later(NEW)


def test_until_then_it_opens_nothing_and_nobody_is_told(owner):
    owner.ask()
    assert owner.keys() == [ALICE]
    assert count(Identifier, Identifier.key == NEW) == 0
    assert count(Event, Event.kind == adding.KIND) == 0


def test_who_owns_the_others_is_told_there_too(owner):
    owner.add()
    event = owner.last(adding.KIND)
    assert (event.user_id, event.subject) == (owner.user_id, NEW)
    assert owner.told(event) == [ALICE, NEW]


def test_a_phone_number_is_added_as_it_is_written_to(owner):
    owner.add("+1 (202) 555-0187")
    assert owner.keys() == [ALICE, "+12025550187"]
    assert users.identifier(owner.number("+12025550187")).address == "+12025550187"


def test_a_wrong_code_adds_nothing_and_costs_a_try(owner):
    handle = owner.ask()
    wrong = "000000" if owner.code(handle) != "000000" else "000001"
    added = owner.prove(handle, wrong)
    assert (added.outcome.verdict, added.outcome.tries_left) == (Verdict.WRONG, 4)
    assert owner.keys() == [ALICE]


def test_a_code_adds_once(owner):
    handle = owner.ask()
    code = owner.code(handle)
    owner.prove(handle, code)
    assert owner.prove(handle, code).outcome.verdict is Verdict.SPENT


def test_many_who_type_it_at_once_add_it_once(owner, app):
    handle = owner.ask()
    code = owner.code(handle)
    done = in_parallel(app, 4, lambda number: owner.prove(handle, code))
    verdicts = sorted(str(one.outcome.verdict) for one in done)
    assert verdicts == ["ACCEPTED", "SPENT", "SPENT", "SPENT"]
    assert owner.keys() == [ALICE, NEW]


def test_its_code_signs_nobody_in_and_no_sign_in_code_adds_anything(owner):
    """Each is found by its own door only."""
    handle = owner.ask()
    assert challenges.find(handle) is None
    owner.desk.clock.advance(minutes=2)
    assert challenges.find_to_add(owner.desk.ask(ALICE)) is None


def test_too_many_wrong_codes_are_answered_with_a_limit(owner):
    owner.desk.use(limit_failures_per_ip=1)
    handle = owner.ask()
    wrong = "000000" if owner.code(handle) != "000000" else "000001"
    owner.prove(handle, wrong)
    assert isinstance(owner.prove(handle, wrong), Limited)


def test_the_address_of_somebody_else_looks_the_same_until_its_code_is_right(owner, bob):
    """X12: only whoever reads its messages learns that it is somebody's."""
    owner.ask(NEW)
    asked = trail()[-1]
    handle = owner.ask(BOB)
    assert trail()[-1] == asked
    added = owner.prove(handle, owner.code(handle))
    assert (added.outcome.verdict, added.refused) == (Verdict.ACCEPTED, Refused.TAKEN)
    assert (owner.keys(), owner.keys(bob.user_id)) == ([ALICE], [BOB])
    assert trail()[-1][0] == "identifier.taken"


def test_nothing_is_sent_where_its_owner_wants_no_codes_from_strangers(owner, bob):
    owner.desk.clock.advance(minutes=2)
    owner.desk.stop(owner.desk.ask(BOB))
    assert stopping.is_muted(
        users.find(identifiers.parse(BOB, owner.desk.settings)), owner.desk.clock.now
    )
    handle = owner.ask(BOB)
    challenge = challenges.find_to_add(handle)
    assert challenge.user_id is None
    assert owner.last("identifier.asked").user_id == owner.user_id
    assert owner.prove(handle, "000000").outcome.verdict is Verdict.WRONG


def test_what_is_theirs_already_is_not_asked_for(owner):
    assert owner.try_adding(ALICE) is Refused.YOURS
    assert count(Message) == 1, "that of the sign-in"


def test_what_is_theirs_but_was_never_proved_can_be(owner):
    owner.add()
    with transaction():
        db.session.query(Identifier).filter_by(key=NEW).update({"verified_at": None})
    assert owner.add().refused is None
    assert users.identifier(owner.number(NEW)).verified_at == owner.desk.clock.now


def test_ten_are_enough(owner):
    handle = owner.ask("late@new.example")
    code = owner.code(handle)
    for number in range(9):
        owner.add(f"a{number}@new.example")
    assert owner.try_adding("one.more@new.example") is Refused.FULL
    with transaction():
        db.session.query(Challenge).filter_by(subject="late@new.example").update(
            {"expires_at": owner.desk.clock.advance(minutes=1)}
        )
        owner.desk.clock.advance(seconds=-30)
    assert owner.prove(handle, code).refused is Refused.FULL
    assert len(owner.keys()) == 10


def test_the_same_form_sent_twice_is_one_code(owner):
    handle = owner.ask()
    again = owner.try_adding(NEW, handle=handle)
    assert isinstance(again, Begun)
    assert (again.is_new, again.challenge.id) == (
        False,
        challenges.find_to_add(handle).id,
    )


def test_another_tab_that_was_first_is_no_fault(owner):
    first, second = owner.ask(), owner.ask()
    code = owner.code(second)
    owner.prove(first, owner.code(first))
    assert owner.prove(second, code).refused is None
    assert owner.keys() == [ALICE, NEW]
    assert count(Event, Event.kind == adding.KIND) == 1


def test_codes_to_an_address_are_limited_whoever_asks_from_which_user(owner, bob):
    """X20: nobody writes more to somebody by having more users here."""
    for _ in range(2):
        owner.ask()
    for _ in range(3):
        owner.ask(user_id=bob.user_id)
    refused = owner.try_adding()
    assert isinstance(refused, Limited)
    assert refused.limit == "sends_per_identifier"


def test_the_code_can_be_sent_again_and_stays_one_that_adds(owner):
    handle = owner.ask()
    owner.desk.clock.advance(minutes=2)
    assert owner.send_again(handle) == Sent(challenges.find_to_add(handle))
    owner.desk.clock.advance(minutes=7)
    sent = owner.send_again(handle)
    assert challenges.find(sent.handle) is None
    assert owner.prove(sent.handle, owner.code(sent.handle)).refused is None
    assert owner.keys() == [ALICE, NEW]


def test_sending_again_draws_on_the_same_limits(owner):
    handle = owner.ask()
    for _ in range(4):
        owner.desk.clock.advance(minutes=2)
        sent = owner.send_again(handle)
        handle = sent.handle or handle
    owner.desk.clock.advance(minutes=2)
    assert isinstance(owner.send_again(handle), Limited)


def test_whoever_only_typed_it_to_sign_up_keeps_nobody_from_it(owner):
    """X57: else anybody could, by asking for a code to it once a day."""
    owner.desk.use(sign_up="open")
    owner.desk.clock.advance(minutes=2)
    ghost = owner.desk.challenge(owner.desk.ask(NEW)).user_id
    assert owner.add().refused is None
    assert owner.keys() == [ALICE, NEW]
    assert owner.keys(ghost) == []


@pytest.mark.parametrize("what", ["proved", "invited", "member", "disabled"])
def test_whoever_is_more_than_that_stays(owner, what):
    owner.desk.use(sign_up="open")
    owner.desk.clock.advance(minutes=2)
    whose = owner.desk.challenge(owner.desk.ask(NEW)).user_id
    now = owner.desk.clock.now
    with transaction():
        if what == "proved":
            db.session.query(Identifier).filter_by(key=NEW).update({"verified_at": now})
        elif what == "member":
            groups.add(whose, "office", now)
        elif what == "disabled":
            db.session.query(User).filter_by(id=whose).update({"disabled_at": now})
    owner.desk.use(sign_up="invited" if what == "invited" else "open")
    assert owner.add().refused is Refused.TAKEN
    assert owner.keys(whose) == [NEW]


class TestSendingAgain:
    """It goes on for a while, and never past what ended the first one."""

    def test_one_that_was_ended_is_not_begun_anew(self, owner):
        handle = owner.ask()
        with transaction():
            evicting.everybody_out(owner.user_id, owner.desk.clock.now)
        owner.desk.clock.advance(minutes=2)
        assert owner.send_again(handle) is Refused.ENDED

    def test_nor_one_whose_reader_wants_no_more_since(self, owner, bob):
        handle = owner.ask(BOB)
        owner.desk.clock.advance(minutes=2)
        owner.desk.stop(owner.desk.ask(BOB))
        owner.desk.clock.advance(minutes=2)
        assert owner.send_again(handle) is Refused.ENDED

    def test_nor_one_that_ran_out_long_ago(self, owner):
        handle = owner.ask()
        owner.desk.clock.advance(minutes=40)
        assert owner.send_again(handle) is Refused.ENDED

    def test_one_that_ran_out_just_now_is(self, owner):
        handle = owner.ask()
        owner.desk.clock.advance(minutes=39)
        assert isinstance(owner.send_again(handle), Sent)


def test_an_old_form_sent_once_more_begins_anew(owner):
    handle = owner.ask()
    owner.desk.clock.advance(minutes=11)
    again = owner.try_adding(NEW, handle=handle)
    assert isinstance(again, Begun)
    assert again.handle != handle


def test_to_prove_and_to_end_it_at_once_wait_for_each_other_and_no_longer(owner, app):
    """On PostgreSQL each would hold what the other waits for."""
    for number in range(4):
        handle = owner.ask(f"a{number}@new.example")
        code = owner.code(handle)
        now = owner.desk.clock.now

        def work(which: int, handle=handle, code=code, now=now) -> None:
            if which:
                owner.prove(handle, code)
            else:
                with transaction():
                    evicting.end_under_way(owner.user_id, now)

        in_parallel(app, 2, work)
