"""Who did not change their factors has a removal undone, or freezes their sign-in."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Challenge, Credential, Event, Identifier, Message, PendingSignIn, User
from otpapp.rules import freezing, known_browsers, pending, sessions
from otpapp.rules.factors import changes, credentials, objections, recovery_codes
from otpapp.rules.factors.objections import Standing
from otpapp.rules.proofs import Proof
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, count, in_parallel, trail
from tests.rules.factors.conftest import Changes

BLINK = timedelta(microseconds=1)
HERS: list[str] = []  # what her browser is known by


@pytest.fixture
def added(changed) -> Event:
    """Of what was added."""
    return changed.add()


@pytest.fixture
def removed(changed, desk, added) -> Event:
    """Of its removal, a minute later."""
    desk.clock.advance(minutes=1)
    return changed.remove(added.credential_id)


@pytest.fixture
def make(desk):
    """Return what makes the objection."""

    def make(event: Event) -> bool:
        with transaction():
            return objections.make(event, Visitor(HERE), desk.settings, desk.clock.now)

    return make


def standing(event: Event) -> Standing:
    db.session.rollback()
    return objections.standing(event)


def told() -> list[tuple[str, str]]:
    """Return whom which events were told, in the order of the outbox."""
    db.session.rollback()
    found = (
        db.session.query(Event.kind, Identifier.key)
        .select_from(Message)
        .join(Event, Event.id == Message.event_id)
        .join(Identifier, Identifier.id == Message.identifier_id)
        .order_by(Message.id)
    )
    return [tuple(row) for row in found]


def open_everything(desk, alice) -> str:
    """Sign Alice in and half in, ask for a code; return the session's token."""
    now, proofs, visitor = desk.clock.now, (Proof("email", desk.clock.now),), Visitor(HERE)
    with transaction():
        token, _ = sessions.start(alice.user_id, None, "page", proofs, False, visitor, now)
        pending.start(alice.user_id, None, proofs, False, "", now)
        HERS.clear()
        HERS.extend(known_browsers.remember(visitor, 0, alice.user_id, now, trust=True))
    desk.ask()
    return token


def is_all_over(desk, alice, token: str) -> bool:
    db.session.rollback()
    hers = Visitor(HERE, known=tuple(HERS))
    number = known_browsers.number_of(hers, alice.user_id)
    waiting = count(PendingSignIn, PendingSignIn.ended_at.is_(None))
    codes = count(Challenge, Challenge.answered_at.is_(None), Challenge.closed_at.is_(None))
    over = sessions.resume(token, "page", desk.clock.now) is None
    assert len({over, number == 0, waiting == 0, codes == 0}) == 1
    return over


@pytest.mark.parametrize("which", ["added", "removed"])
def test_an_objection_ends_all_that_is_open(desk, alice, make, request, which):
    event = request.getfixturevalue(which)
    token = open_everything(desk, alice)
    assert not is_all_over(desk, alice, token)
    assert make(event)
    assert is_all_over(desk, alice, token)


def test_it_ends_nothing_of_anybody_else(desk, alice, bob, make, removed):
    token = desk.sign_in(bob.address)
    handle = desk.ask_later(bob.address)
    make(removed)
    db.session.rollback()
    assert sessions.resume(token, "page", desk.clock.now)
    assert desk.challenge(handle).closed_at is None


def test_a_removal_is_undone_once(make, names, removed):
    assert (standing(removed), names()) == (Standing.OPEN, [])
    assert make(removed)
    assert (standing(removed), names()) == (Standing.DONE, ["My phone"])
    assert not make(removed)
    assert trail()[-1][0] == "factor.restored"
    assert count(Event, Event.kind == "factor.restored") == 1


@pytest.mark.parametrize("which", ["added", "removed"])
def test_of_two_presses_at_once_one_alone_does_it(app, desk, request, which):
    event = request.getfixturevalue(which)

    def press(_: int) -> bool:
        with transaction():
            return objections.make(event, Visitor(HERE), desk.settings, desk.clock.now)

    assert sum(in_parallel(app, 4, press)) == 1
    assert count(Event, Event.kind.in_(["factor.restored", "user.frozen"])) == 1


def test_one_removed_once_more_needs_its_own_link(desk, changed, make, names, removed):
    make(removed)
    desk.clock.now += BLINK
    again = changed.remove(removed.credential_id)
    assert standing(removed) is Standing.PASSED
    assert not make(removed)
    assert names() == []
    assert make(again)
    assert names() == ["My phone"]


def test_what_came_back_between_looking_and_doing_is_left_alone(make, monkeypatch, names, removed):
    make(removed)
    monkeypatch.setattr(objections, "standing", lambda _: Standing.OPEN)
    assert not make(removed)
    assert count(Event, Event.kind == "factor.restored") == 1


def test_what_was_removed_once_more_between_looking_and_doing_stays_removed(
    desk, changed, make, monkeypatch, names, removed
):
    make(removed)
    desk.clock.now += BLINK
    changed.remove(removed.credential_id)
    monkeypatch.setattr(objections, "standing", lambda _: Standing.OPEN)
    assert not make(removed)
    assert names() == []


def test_one_that_is_gone_for_good_stays_gone(make, removed):
    with transaction():
        db.session.execute(db.delete(Credential))
    assert standing(removed) is Standing.PASSED
    assert not make(removed)


def test_an_event_without_a_credential_undoes_nothing(make, removed):
    removed.credential_id = None
    assert standing(removed) is Standing.PASSED
    assert not make(removed)


def test_a_new_factor_freezes_and_stays(desk, alice, make, names, added):
    assert standing(added) is Standing.OPEN
    assert make(added)
    assert (standing(added), names()) == (Standing.DONE, ["My phone"])
    assert freezing.may_sign_in(alice.user_id) is False
    user = db.session.get(User, alice.user_id)
    assert (user.disabled_at, user.disabled_by) == (desk.clock.now, "owner")
    assert not make(added)
    assert count(Event, Event.kind == "user.frozen") == 1


def test_whom_an_operator_opened_is_not_frozen_by_the_same_link(desk, alice, make, added, changed):
    make(added)
    with transaction():
        assert freezing.thaw(alice.user_id, desk.settings, desk.clock.now)
    assert standing(added) is Standing.PASSED
    assert not make(added)
    assert freezing.may_sign_in(alice.user_id)
    assert make(changed.add("another"))


def test_what_was_hidden_by_removing_it_does_not_come_back_behind_an_operator(
    desk, alice, make, added, removed, names
):
    """Who added it reads the mails, removes it before the operator looks, and undoes that."""
    make(added)
    assert standing(removed) is Standing.OPEN, "its owner may have it back while frozen"
    with transaction():
        changes.withdraw(alice.user_id, added.at, desk.settings, desk.clock.now)
        freezing.thaw(alice.user_id, desk.settings, desk.clock.now)
    assert standing(removed) is Standing.PASSED
    assert not make(removed)
    assert names() == []


def test_who_was_opened_before_that_change_can_freeze(desk, alice, make, added, changed, bob):
    """And what happens to others counts for nothing."""
    later = changed.add("another")
    with transaction():
        freezing.freeze(bob.user_id, Visitor(), desk.settings, desk.clock.now)
        freezing.thaw(bob.user_id, desk.settings, desk.clock.now)
    assert standing(later) is Standing.OPEN
    assert make(later)


def test_of_a_user_who_is_gone_nothing_is_left_to_object_to(make, added, alice):
    with transaction():
        db.session.execute(db.delete(User))
    assert standing(added) is Standing.PASSED
    assert not make(added)
    added.user_id = None
    assert standing(added) is Standing.PASSED
    assert not make(added)


def test_undoing_and_freezing_are_told_everywhere(changed, make, added, removed, alice):
    make(removed)
    make(added)
    kinds = ["factor.enrolled", "factor.removed", "factor.restored", "user.frozen"]
    assert told() == [(kind, alice.address) for kind in kinds]


@pytest.mark.parametrize(
    ("kind", "can"),
    [
        ("factor.enrolled", True),
        ("factor.removed", True),
        ("factor.withdrawn", False),
        ("factor.restored", False),
        ("user.frozen", False),
        ("session.started", False),
    ],
)
def test_only_what_somebody_else_can_have_done_can_be_objected_to(kind, can):
    assert objections.can_be_made(Event(kind=kind)) is can


@pytest.mark.parametrize(
    ("after", "over"),
    [
        (timedelta(0), False),
        (timedelta(hours=72) - BLINK, False),
        (timedelta(hours=72), True),
    ],
)
def test_the_link_works_for_three_days(desk, added, after, over):
    assert objections.is_over(added, desk.clock.now + after) is over


def test_only_a_removal_is_undone(added, removed):
    assert objections.undoes(removed)
    assert not objections.undoes(added)


@pytest.mark.parametrize("hours", [0, 72])
def test_what_was_added_lately_is_withdrawn_by_an_operator(desk, alice, changed, names, hours):
    changed.add("old")
    desk.clock.advance(hours=1)
    since = desk.clock.now
    changed.add("new")
    desk.clock.advance(hours=hours)
    with transaction():
        assert changes.withdraw(alice.user_id, since, desk.settings, desk.clock.now) == 1
    assert names() == ["old"]
    event = changed.newest()
    assert (event.kind, event.detail, event.ip) == ("factor.withdrawn", "totp new", "")
    assert not objections.can_be_made(event), "whoever reads the mails may have added it"


@pytest.mark.parametrize(("after", "gone"), [(timedelta(0), True), (BLINK, False)])
def test_recovery_codes_made_lately_are_withdrawn_too(desk, alice, changed, after, gone):
    new = recovery_codes.NewCodes(("A",), b"salt", (b"hash",))
    with transaction():
        recovery_codes.enrol(alice.user_id, new, desk.clock.now)
        args = (alice.user_id, desk.clock.now + after, desk.settings, desk.clock.now)
        assert changes.withdraw(*args) == gone
    assert recovery_codes.left(alice.user_id) == (0 if gone else 1)
    kinds = [("factor.withdrawn", "recovery")] if gone else []
    found = db.session.query(Event.kind, Event.detail).filter_by(kind="factor.withdrawn")
    assert [tuple(row) for row in found] == kinds


def test_who_has_no_recovery_codes_has_none_withdrawn(desk, alice):
    assert not changes.has_codes_since(alice.user_id, desk.clock.now)


def test_what_was_removed_by_then_is_not_removed_again(desk, changed, added, removed):
    with transaction():
        held = credentials.get(added.credential_id)
        assert not changes.remove(held, Visitor(HERE), desk.settings, desk.clock.now)
    assert count(Event, Event.kind == "factor.removed") == 1
    assert count(Message) == 2


def test_beside_another_factor_a_removed_one_stays_away_and_the_sign_in_is_frozen(
    desk, make, names, changed, removed, alice
):
    """X52: else whoever stole the phone that it was removed for, and reads its mail, comes in."""
    changed.add("My tablet")
    assert not objections.undoes(removed)
    assert make(removed)
    assert names() == ["My tablet"]
    assert standing(removed) is Standing.DONE
    assert freezing.may_sign_in(alice.user_id) is False


def test_a_notice_that_waited_finds_the_changes_of_its_user_since(changed, desk, bob):
    first = changed.add()
    other = Changes(desk, bob.user_id).add("Bob's")
    second, third = changed.add("Other"), changed.remove(first.credential_id)
    desk.sign_in()
    assert [one.id for one in objections.later(first)] == [second.id, third.id]
    assert objections.later(third) == objections.later(other) == []
