"""Shutting people out, letting them in, deleting them: at once, once, and never the last admin."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from otpapp.extensions import db
from otpapp.models import (
    App,
    Challenge,
    Credential,
    Guest,
    Identifier,
    Membership,
    PendingSignIn,
    Tally,
    User,
    UserSession,
)
from otpapp.rules import (
    answers,
    challenges,
    freezing,
    known_browsers,
    pending,
    roles,
    sessions,
    sign_in,
)
from otpapp.rules.gate import guests
from otpapp.rules.people import directory, standing
from otpapp.rules.people.directory import Standing, Wanted
from otpapp.rules.people.outcomes import Change, Outcome, is_last_admin
from otpapp.rules.verdicts import Verdict
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import count, in_parallel
from tests.rules.factors_desk import enrol_app, half_way
from tests.rules.gate.test_apps import WIKI, keep
from tests.rules.people.crowd import ADMIN, add, trail

DONE, SAME = Change(Outcome.DONE), Change(Outcome.SAME)
NOBODY = UUID(int=9)


@pytest.fixture
def boss(desk) -> UUID:
    """An admin, so that others are not the last."""
    return add(desk, "boss@example.org", role="admin")


def disable(desk, user_id, **how) -> Change:
    with transaction():
        return standing.disable(user_id, desk.clock.now, **how)


def enable(desk, user_id, **how) -> Change:
    with transaction():
        return standing.enable(user_id, desk.clock.now, **how)


def delete(desk, user_id, **how) -> Change:
    with transaction():
        return standing.delete(user_id, desk.settings, desk.clock.now, **how)


def demote(desk, user_id, **how) -> Change:
    with transaction():
        return roles.give(user_id, "member", desk.clock.now, **how)


def freeze(desk, user_id) -> None:
    with transaction():
        assert freezing.freeze(user_id, Visitor(), desk.settings, desk.clock.now)


def stands(desk, part: str) -> Standing:
    db.session.rollback()
    return directory.page(Wanted(part), desk.settings).people[0].standing


class TestShuttingOut:
    """All that they have open ends at once, and they can begin nothing new."""

    def test_sessions_codes_and_sign_ins_under_way_end(self, desk, alice):
        token = desk.sign_in()
        handle = desk.ask_later()
        enrol_app(desk, alice.user_id)
        waiting = half_way(desk)
        assert disable(desk, alice.user_id) == Change(Outcome.DONE, ended=1)
        assert sessions.resume(token, "page", desk.clock.now) is None
        assert pending.resume(waiting, desk.clock.now) is None
        assert desk.challenge(handle).closed_at == desk.clock.now
        assert desk.challenge(desk.ask_later()).user_id is None
        assert stands(desk, "alice") is Standing.DISABLED

    def test_once_enabled_they_sign_in_anew(self, desk, alice):
        token = desk.sign_in()
        disable(desk, alice.user_id)
        assert enable(desk, alice.user_id) == DONE
        assert sessions.resume(token, "page", desk.clock.now) is None
        assert desk.sign_in_later()
        assert stands(desk, "alice") is Standing.ACTIVE

    def test_what_came_in_meanwhile_opens_nothing_later(self, desk, alice):
        disable(desk, alice.user_id)
        with transaction():
            token, _ = sessions.start(
                alice.user_id, None, "page", (), False, Visitor(), desk.clock.now
            )
        enable(desk, alice.user_id)
        assert sessions.resume(token, "page", desk.clock.now) is None

    def test_twice_is_once(self, desk, alice):
        assert enable(desk, alice.user_id) == SAME
        assert disable(desk, alice.user_id) == DONE
        assert disable(desk, alice.user_id) == SAME
        assert enable(desk, alice.user_id) == DONE
        assert enable(desk, alice.user_id) == SAME
        assert [kind for kind, *_ in trail()] == ["user.disabled", "user.enabled"]

    def test_the_trail_names_whom_and_by_whom(self, desk, alice):
        disable(desk, alice.user_id, by=ADMIN)
        enable(desk, alice.user_id)
        assert trail() == [
            ("user.disabled", alice.user_id, alice.address, f"by {ADMIN}"),
            ("user.enabled", alice.user_id, alice.address, ""),
        ]

    def test_nobody_else_is_touched(self, desk, alice, bob):
        token = desk.sign_in(bob.address)
        disable(desk, alice.user_id)
        assert sessions.resume(token, "page", desk.clock.now)
        disable(desk, bob.user_id)
        enable(desk, alice.user_id)
        assert stands(desk, bob.address) is Standing.DISABLED

    def test_of_nobody_there_is_nothing_to_do(self, desk):
        gone = Change(Outcome.GONE)
        assert disable(desk, NOBODY) == enable(desk, NOBODY) == delete(desk, NOBODY) == gone
        assert demote(desk, NOBODY) == gone
        assert trail() == []


def test_signing_somebody_out_ends_what_is_open_and_lets_them_in_again(desk, alice, bob):
    tokens = [desk.sign_in(), desk.sign_in_later()]
    his = desk.sign_in(bob.address)
    handle = desk.ask_later()
    with transaction():
        assert standing.sign_out(alice.user_id, desk.clock.now, ADMIN) == 2
    for token in tokens:
        assert sessions.resume(token, "page", desk.clock.now) is None
    assert desk.challenge(handle).closed_at == desk.clock.now
    assert sessions.resume(his, "page", desk.clock.now)
    ended = ("session.ended_everywhere", alice.user_id, "", f"2 by {ADMIN}")
    assert trail()[-1] == ended
    assert desk.sign_in_later()


class TestFrozenByTheirOwner:
    """An operator's ban does not wash a frozen sign-in clean: a stranger's factor is there yet."""

    def test_only_reopening_undoes_it(self, desk, alice):
        freeze(desk, alice.user_id)
        assert enable(desk, alice.user_id) == Change(Outcome.FROZEN)
        assert stands(desk, "alice") is Standing.FROZEN
        assert trail("user.enabled") == []

    def test_one_who_is_disabled_besides_is_frozen_afterwards_as_before(self, desk, alice):
        freeze(desk, alice.user_id)
        since = desk.clock.now
        desk.clock.advance(days=1)
        assert disable(desk, alice.user_id) == DONE
        assert disable(desk, alice.user_id) == SAME
        assert stands(desk, "alice") is Standing.DISABLED
        with transaction():
            assert not freezing.thaw(alice.user_id, desk.settings, desk.clock.now)
        assert enable(desk, alice.user_id) == Change(Outcome.FROZEN)
        assert stands(desk, "alice") is Standing.FROZEN
        assert db.session.scalar(select(User.disabled_at)) == since
        with transaction():
            assert freezing.thaw(alice.user_id, desk.settings, desk.clock.now)
        assert stands(desk, "alice") is Standing.ACTIVE


class TestDeleting:
    """Everything of theirs goes, the trail stays."""

    def test_nothing_but_the_trail_is_left(self, desk, alice, bob):
        desk.sign_in()
        desk.ask_later()
        enrol_app(desk, alice.user_id)
        half_way(desk)
        add(desk, "mia@example.org", of="staff")
        desk.sign_in(bob.address)
        before = len(trail())
        assert delete(desk, alice.user_id, by=ADMIN).ended == 1
        theirs = (Identifier, Challenge, Credential, PendingSignIn, UserSession, Membership)
        assert [count(one) for one in theirs] == [2, 1, 0, 0, 1, 1]
        assert count(User, User.id == alice.user_id) == 0
        assert len(trail()) == before + 1
        assert trail()[-1] == ("user.deleted", alice.user_id, alice.address, f"by {ADMIN}")
        assert delete(desk, alice.user_id) == Change(Outcome.GONE)

    def test_an_answer_that_comes_too_late_opens_nothing(self, desk, alice):
        handle = desk.ask()
        code, challenge = desk.code(handle), desk.challenge(handle)
        db.session.expunge(challenge)
        delete(desk, alice.user_id)
        with transaction():
            db.session.add(challenge)
            judged = answers.judge(challenge, code, desk.settings, desk.clock.now)
        assert judged.verdict is Verdict.WRONG

    def test_whoever_comes_after_them_starts_anew(self, desk, alice):
        desk.use(limit_failures_in_a_row=3, sign_up="open")
        handle = desk.ask()
        for _ in range(3):
            desk.prove(handle, desk.wrong(handle))
        disable(desk, alice.user_id)
        delete(desk, alice.user_id)
        whose = (Tally.limit == "failures_in_a_row", Tally.subject.startswith(str(alice.user_id)))
        assert count(Tally, *whose) == 0
        assert desk.sign_in_later()

    def test_they_are_no_guest_any_more(self, desk, alice, bob):
        keep(desk, WIKI)
        keys = (alice.address, bob.address)
        with transaction():
            app = db.session.scalars(select(App)).one()
            for key in (*keys, alice.address):
                until = desk.clock.advance(minutes=1).replace(year=2027)
                assert guests.let_in(app, "/", key, until, desk.clock.now)
        delete(desk, alice.user_id, by=ADMIN)
        assert db.session.scalars(select(Guest.key)).all() == [bob.address]
        assert trail("guest.ended") == [("guest.ended", ADMIN, alice.address, "wiki")]

    def test_nor_is_whoever_has_an_address_next_that_they_had_removed(self, desk, alice, bob):
        keep(desk, WIKI)
        with transaction():
            app = db.session.scalars(select(App)).one()
            until = desk.clock.now.replace(year=2027)
            guests.let_in(app, "/", alice.address, until, desk.clock.now)
            gone = db.session.query(Identifier).filter_by(key=alice.address)
            gone.update({"removed_at": desk.clock.now})
        delete(desk, alice.user_id)
        assert db.session.scalars(select(Guest.key)).all() == []

    def test_a_sign_in_at_the_same_time_waits_or_is_waited_for(self, context, desk, alice):
        """Neither fails, and no session is left of somebody who is not there."""
        desk.use(limit_failures_per_ip=1000, limit_sends_per_ip=1000)
        handles = [desk.ask(), *(desk.ask_later() for _ in range(4))]
        codes = [desk.code(handle) for handle in handles]

        def one(number: int) -> object:
            if number == 2:
                return delete(desk, alice.user_id).outcome
            with transaction():
                found, now = challenges.find(handles[number]), desk.clock.now
                return found and sign_in.prove(
                    found, codes[number], desk.visitor(), desk.settings, now
                )

        assert in_parallel(context, 5, one)[2] is Outcome.DONE
        assert [count(one) for one in (User, UserSession, Challenge)] == [0, 0, 0]


class TestTheLastAdmin:
    """Somebody must be left who can undo it."""

    @pytest.mark.parametrize("act", [disable, delete, demote])
    def test_stays_as_they_are_unless_it_is_said(self, desk, boss, act):
        add(desk, "mia@example.org")
        before = trail()
        assert act(desk, boss) == Change(Outcome.LAST_ADMIN)
        assert trail() == before
        assert directory.page(Wanted("boss", role="admin"), desk.settings).people
        assert act(desk, boss, even_last=True) == DONE

    def test_of_two_neither_is_the_last(self, desk, boss):
        other = add(desk, "other@example.org", role="admin")
        assert not is_last_admin(boss)
        assert not is_last_admin(other)

    @pytest.mark.parametrize("act", [disable, delete, demote])
    def test_one_who_cannot_sign_in_is_no_admin_to_fall_back_on(self, desk, boss, act):
        other = add(desk, "other@example.org", role="admin")
        assert disable(desk, other) == DONE
        assert act(desk, boss) == Change(Outcome.LAST_ADMIN)
        assert act(desk, other).outcome is not Outcome.LAST_ADMIN

    @pytest.mark.parametrize("act", [disable, delete, demote])
    def test_of_two_who_do_it_to_each_other_at_once_one_is_left(self, context, desk, act):
        for round_ in range(3):
            pair = [add(desk, f"{who}{round_}@example.org", role="admin") for who in "ab"]
            found = in_parallel(context, 2, lambda number, of=pair: act(desk, of[number]).outcome)
            assert sorted(found) == [Outcome.DONE, Outcome.LAST_ADMIN], round_
            with transaction():
                db.session.execute(db.delete(User))

    def test_a_refusal_gives_no_guesses_back(self, desk, boss):
        row = {"started_at": desk.clock.now, "last_at": desk.clock.now, "times": 7}
        with transaction():
            db.session.add(Tally(limit="failures_in_a_row", subject=str(boss), **row))
        assert delete(desk, boss) == Change(Outcome.LAST_ADMIN)
        assert db.session.scalar(select(func.sum(Tally.times))) == 7

    def test_by_whom_a_role_was_given_is_in_the_trail(self, desk, boss):
        mia = add(desk, "mia@example.org")
        with transaction():
            roles.give(mia, "admin", desk.clock.now, ADMIN)
        assert trail("role.given")[-1] == ("role.given", mia, "", f"admin by {ADMIN}")


def test_browsers_are_forgotten_and_the_trail_names_who_did_it(desk, alice):
    desk.sign_in(known="phone")
    with transaction():
        assert standing.forget_browsers(alice.user_id, desk.clock.now, ADMIN) == 1
    assert not known_browsers.number_of(desk.visitor(known="phone"), alice.user_id)
    told = ("browsers.forgotten", alice.user_id, alice.address, f"1 by {ADMIN}")
    assert trail("browsers.forgotten") == [told]
