"""People are told how much they have left, so that no limit bites unannounced."""

from datetime import timedelta

import pytest

from otpapp.rules import budgets
from otpapp.rules.budgets import GuessesLeft
from otpapp.rules.lanes import Lane
from otpapp.rules.verdicts import Limited, Verdict
from tests.conftest import make_settings
from tests.rules.desk import Desk

ROOMY = {"limit_sends_per_identifier": 1000, "limit_sends_per_identifier_per_day": 1000}


def fail(desk: Desk, times: int = 1, ip: str = "192.0.2.7") -> GuessesLeft:
    """Answer so many codes wrongly, each by a code of its own; return what is left after that."""
    for _ in range(times):
        handle = desk.ask_later(ip=ip)
        outcome = desk.prove(handle, desk.no_code(handle), ip=ip)
    return outcome.guesses_left


class TestMessages:
    """How many more may be asked for, and from when on."""

    @pytest.fixture
    def lane(self) -> Lane:
        """Somebody who asks for codes to Alice's address."""
        return Lane("alice", "alice@example.org", "192.0.2.7", "email")

    @pytest.fixture
    def left(self, context, clock, lane):
        """Send so many messages in this lane, each after its wait; return how many are left."""

        def left(sent: int, of=lane, **changes) -> int:
            rules = make_settings(**changes)
            for _ in range(sent):
                assert budgets.may_send(of, rules, clock.now) is None
                clock.advance(minutes=2)
            return budgets.sends_left(of, rules, clock.now)

        return left

    def test_there_are_five_an_hour(self, left):
        assert [left(0), left(1), left(3), left(1)] == [5, 4, 1, 0]

    @pytest.mark.parametrize(
        "smallest", ["sends_per_identifier", "sends_per_identifier_per_day", "sends_per_ip"]
    )
    def test_the_smallest_of_its_budgets_decides(self, left, smallest):
        changes = {f"limit_{smallest}": 2}
        assert [left(0, **changes), left(1, **changes), left(1, **changes)] == [2, 1, 0]

    def test_what_others_ask_for_from_here_counts_too(self, left):
        others = Lane("bob", "bob@example.org", "192.0.2.7", "email")
        assert left(2, others, limit_sends_per_ip=4) == 2
        assert left(0, limit_sends_per_ip=4) == 2
        assert left(0, Lane("alice", "alice@example.org", "192.0.2.8", "email")) == 5

    def test_of_several_waits_the_one_that_ends_last_is_told(self, context, clock, lane):
        rules = make_settings(limit_sends_per_ip=1)
        began = clock.now
        assert budgets.next_send(lane, rules, clock.now) is None
        budgets.may_send(lane, rules, clock.now)
        found = budgets.next_send(lane, rules, clock.advance(seconds=1))
        assert found == Limited("sends_per_ip", began + timedelta(hours=1), 1)


class TestGuesses:
    """How many more wrong codes there may be until a wait, and until the end."""

    @pytest.fixture
    def overrides(self) -> dict:
        """Room for as many codes as it takes."""
        return {**ROOMY, "limit_sends_per_ip": 1000}

    def test_ten_until_the_first_wait_and_a_hundred_in_all(self, desk, alice):
        assert fail(desk) == GuessesLeft(before_wait=9, before_end=99, waiting=None)
        assert fail(desk, 8) == GuessesLeft(before_wait=1, before_end=91, waiting=None)
        left = fail(desk)
        assert (left.before_wait, left.before_end) == (0, 90)
        assert left.waiting == Limited("pause", desk.clock.now + timedelta(seconds=30))
        assert fail(desk).before_wait == 0

    def test_a_success_begins_anew(self, desk, alice):
        fail(desk, 3)
        desk.sign_in_later()
        assert fail(desk) == GuessesLeft(before_wait=9, before_end=99, waiting=None)

    def test_the_wrong_code_that_locks_counts_like_any_other(self, desk, alice):
        handle = desk.ask_later()
        outcomes = [desk.prove(handle, desk.no_code(handle)) for _ in range(5)]
        assert outcomes[-1].verdict is Verdict.LOCKED
        assert [one.guesses_left.before_end for one in outcomes] == [99, 98, 97, 96, 95]

    @pytest.mark.parametrize("smallest", ["failures_per_user", "failures_per_ip"])
    def test_the_smallest_of_its_budgets_decides(self, desk, alice, smallest):
        desk.use(**{f"limit_{smallest}": 3})
        assert [fail(desk).before_wait for _ in range(2)] == [2, 1]
        left = fail(desk)
        assert (left.before_wait, left.waiting.limit) == (0, smallest)

    def test_of_several_waits_the_one_that_ends_last_is_told(self, desk, alice):
        desk.use(limit_failures_per_user=10)
        assert fail(desk, 10).waiting.limit == "failures_per_user"
