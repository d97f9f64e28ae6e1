"""Opening ways in again, of whoever an operator has not shut out."""

from uuid import UUID

import pytest

from otpapp.rules import freezing
from otpapp.rules.factors import changes, credentials
from otpapp.rules.people import standing, unlocking
from otpapp.rules.people.outcomes import Outcome
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.people.crowd import ADMIN, trail


@pytest.fixture
def unlock(desk, alice):
    """Return what opens Alice's ways in again."""

    def unlock(user_id=alice.user_id, **how) -> tuple[Outcome, int]:
        with transaction():
            return unlocking.unlock(user_id, desk.settings, desk.clock.now, **how)

    return unlock


@pytest.fixture
def enrol(desk, alice):
    """Return what gives Alice one more factor."""

    def enrol(name: str) -> None:
        now = desk.clock.now
        with transaction():
            number = credentials.add(alice.user_id, "totp", name, b"k" * 20, now, desk.settings)
            changes.enrolled(
                alice.user_id, "totp", name, Visitor(), desk.settings, now, number=number
            )

    return enrol


def freeze(desk, alice) -> None:
    with transaction():
        assert freezing.freeze(alice.user_id, Visitor(), desk.settings, desk.clock.now)


def names(alice) -> list[str]:
    return [one.name for one in credentials.of(alice.user_id)]


def test_a_way_in_that_was_closed_is_open_again(desk, alice, unlock):
    desk.use(limit_failures_in_a_row=3)
    handle = desk.ask()
    for _ in range(3):
        desk.prove(handle, desk.wrong(handle))
    assert desk.prove(handle, desk.code(handle)).limit == "failures_in_a_row"
    assert unlock(by=ADMIN) == (Outcome.DONE, 0)
    assert desk.prove(handle, desk.code(handle)).token
    reopened = ("codes.reopened", alice.user_id, alice.address, f"by {ADMIN}")
    assert trail("codes.reopened") == [reopened]


@pytest.mark.parametrize(
    ("undo", "left", "taken"), [(True, ["old"], 1), (False, ["old", "new"], 0)]
)
def test_who_is_frozen_is_opened_without_or_with_what_is_in_doubt(
    desk, alice, unlock, enrol, undo, left, taken
):
    enrol("old")
    desk.clock.advance(hours=1)
    enrol("new")
    desk.clock.advance(hours=72)
    freeze(desk, alice)
    desk.clock.advance(days=9)
    assert unlock(undo=undo) == (Outcome.DONE, taken)
    assert names(alice) == left
    assert freezing.may_sign_in(alice.user_id)


def test_of_who_is_not_frozen_what_came_in_72_hours_is_in_doubt(desk, alice, unlock, enrol):
    enrol("old")
    desk.clock.advance(hours=73)
    enrol("new")
    assert unlock(undo=True) == (Outcome.DONE, 1)
    assert names(alice) == ["old"]


@pytest.mark.parametrize("is_frozen", [True, False])
def test_whom_an_operator_shut_out_stays_so(desk, alice, unlock, enrol, is_frozen):
    enrol("new")
    if is_frozen:
        freeze(desk, alice)
    with transaction():
        standing.disable(alice.user_id, desk.clock.now)
    assert unlock(undo=True) == (Outcome.DISABLED, 0)
    assert names(alice) == ["new"]
    assert trail("codes.reopened") == []
    assert not freezing.may_sign_in(alice.user_id)


def test_nobody_is_not_unlocked(unlock):
    assert unlock(UUID(int=9)) == (Outcome.GONE, 0)
