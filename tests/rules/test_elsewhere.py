"""The other sessions of whoever is signed in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import elsewhere, pending, sessions
from otpapp.rules.elsewhere import Ending
from otpapp.rules.gate import apps, checking, entering, wanted
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.rules.handles import digest
from otpapp.rules.proofs import Proof
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.rules.desk import in_parallel, trail
from tests.rules.factors_desk import is_in


@pytest.fixture
def here(desk, alice) -> str:
    """The token of a session of Alice; each step of the tests comes two minutes after another."""
    return desk.sign_in()


def another(desk) -> str:
    desk.clock.advance(minutes=2)
    return desk.sign_in()


def signed_in(desk, token: str) -> sessions.SignedIn:
    found = sessions.resume(token, "page", desk.clock.now)
    assert found
    return found


def others(desk, token: str) -> list[int]:
    return [one.id for one in elsewhere.sessions(signed_in(desk, token), desk.clock.now)]


def end(desk, token: str) -> int:
    who, visitor = signed_in(desk, token), desk.visitor()
    with transaction():
        return elsewhere.end(who, visitor, desk.clock.now)


def test_they_are_listed_the_one_used_last_first_and_without_this_one(desk, here):
    tokens = [another(desk) for _ in range(2)]
    first, second = (signed_in(desk, token).session_id for token in tokens)
    assert others(desk, here) == [second, first]
    assert others(desk, tokens[0]) == [second, signed_in(desk, here).session_id]


def test_what_is_over_is_not_listed(desk, here):
    gone = another(desk)
    with transaction():
        sessions.end(gone, "page", desk.visitor(), desk.clock.now)
    assert others(desk, here) == []
    idle = another(desk)
    desk.clock.advance(minutes=30)
    kept = signed_in(desk, here)
    with transaction():
        sessions.touch(kept.session_id, desk.clock.now)
    assert others(desk, here) == [signed_in(desk, idle).session_id]
    desk.clock.advance(minutes=30)
    assert others(desk, here) == []


def test_they_end_all_and_this_one_stays(desk, here):
    tokens = [another(desk) for _ in range(2)]
    assert end(desk, here) == 2
    assert [is_in(token, desk.clock.now) for token in (here, *tokens)] == [True, False, False]
    assert trail()[-1] == ("session.ended_elsewhere", "")
    assert end(desk, here) == 0


def test_what_is_under_way_ends_too(desk, alice, here):
    proofs = (Proof("email", desk.clock.now),)
    with transaction():
        token = pending.start(alice.user_id, None, proofs, False, "", desk.clock.now)
    end(desk, here)
    assert pending.resume(token, desk.clock.now) is None


def test_nobody_else_is_signed_out(desk, here, bob):
    desk.clock.advance(minutes=2)
    theirs = desk.sign_in(bob.address)
    assert others(desk, here) == []
    assert end(desk, here) == 0
    assert is_in(theirs, desk.clock.now + timedelta(seconds=1))


def test_who_had_a_code_sent_before_comes_in_no_more_and_only_what_was_alive_counts(desk, here):
    another(desk)
    desk.clock.advance(hours=13)
    token = another(desk)
    another(desk)
    desk.clock.advance(minutes=2)
    handle = desk.ask()
    assert end(desk, token) == 1
    assert desk.prove(handle, desk.code(handle)).verdict is not Verdict.ACCEPTED


def end_one(desk, token: str, number: int) -> Ending | None:
    who, visitor = signed_in(desk, token), desk.visitor()
    with transaction():
        return elsewhere.end_one(who, number, visitor, desk.clock.now)


def test_one_ends_and_the_others_stay(desk, here):
    tokens = [another(desk) for _ in range(2)]
    number = signed_in(desk, tokens[0]).session_id
    handle = desk.ask_later()
    assert end_one(desk, here, number) is Ending.ENDED
    alive = [is_in(token, desk.clock.now) for token in (here, *tokens)]
    assert alive == [True, False, True]
    assert desk.prove(handle, desk.code(handle)).verdict is Verdict.ACCEPTED
    assert end_one(desk, here, number) is Ending.OVER
    assert [kind for kind, _ in trail()].count("session.ended_there") == 1


def test_the_trail_says_which_one_ended(desk, here):
    number = signed_in(desk, another(desk)).session_id
    end_one(desk, here, number)
    newest = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert newest.detail == "Firefox on Linux, IP 192.0.2.7"


def test_this_one_and_what_is_somebody_elses_do_not_end(desk, here, bob):
    desk.clock.advance(minutes=2)
    theirs = desk.sign_in(bob.address)
    assert end_one(desk, here, signed_in(desk, theirs).session_id) is None
    assert end_one(desk, here, 999) is None
    assert end_one(desk, here, signed_in(desk, here).session_id) is Ending.THIS
    assert is_in(here, desk.clock.now)
    assert is_in(theirs, desk.clock.now)


def test_of_two_presses_at_once_one_ends_it(desk, here, app):
    who, number = signed_in(desk, here), signed_in(desk, another(desk)).session_id

    def press(_: int) -> Ending | None:
        with transaction():
            return elsewhere.end_one(who, number, desk.visitor(), desk.clock.now)

    done = in_parallel(app, 4, press)
    assert sorted(done) == [Ending.ENDED, *[Ending.OVER] * 3]


def test_this_one_is_found_with_where_it_was_begun(desk, here):
    found = elsewhere.this(signed_in(desk, here))
    assert (found.browser, found.ip) == ("Firefox on Linux", "192.0.2.7")


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_was_opened_from_a_session_is_named_and_over_with_it(desk, here, is_shared):
    there = signed_in(desk, another(desk))
    with transaction():
        plan = Plan("wiki", "Our wiki", "https://wiki.example.org", (Rule("/", ("everyone",)),))
        apps.keep(plan, desk.clock.now)
    wiki, look = apps.find("wiki"), checking.prepare(db.engine)
    url = wanted.read("https://wiki.example.org/")
    with transaction():
        if is_shared:
            token = entering.share(there, wiki, desk.visitor(), desk.clock.now)
        else:
            ticket = entering.issue(there, wiki, digest("held"), url, desk.clock.now)
            entered = entering.redeem(ticket, wiki, "held", desk.visitor(), desk.clock.now)
            token = entered.token
    with transaction():
        waiting = entering.issue(there, wiki, digest("held"), url, desk.clock.now)
    assert elsewhere.opened([there.session_id]) == {
        there.session_id: [None if is_shared else "Our wiki"]
    }
    assert checking.look(look, wiki.origin, token, desk.clock.now, is_shared=is_shared).who
    end_one(desk, here, there.session_id)
    assert checking.look(look, wiki.origin, token, desk.clock.now, is_shared=is_shared).who is None
    with transaction():
        assert entering.redeem(waiting, wiki, "held", desk.visitor(), desk.clock.now) is None
