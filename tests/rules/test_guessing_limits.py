"""Wrong codes: how many there may be for one user, from where, and what too many lead to."""

from datetime import timedelta

import pytest

from otpapp.rules import budgets, limits
from otpapp.rules.sign_in import Outcome
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, STRANGER, Desk, trail

ROOMY = {
    "limit_sends_per_identifier": 1000,
    "limit_sends_per_identifier_per_day": 1000,
    "limit_sends_per_ip": 1000,
    "limit_failures_per_ip": 1000,
}
TOKEN = "the token of a browser"


@pytest.fixture
def overrides() -> dict:
    """Room for as many codes as it takes."""
    return ROOMY


def fail(desk: Desk, who: str = ALICE, **more) -> Outcome | Limited:
    """Ask for a code as soon as that is possible, and answer with a wrong one."""
    handle = desk.ask_later(who)
    return desk.prove(handle, desk.no_code(handle), **more)


def names(outcomes: list) -> list[str]:
    return [one.limit if isinstance(one, Limited) else one.verdict for one in outcomes]


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_after_ten_in_a_row_each_wrong_code_costs_a_longer_wait(desk, alice, who):
    desk.use(code_tries=100, code_lifetime=timedelta(hours=9))
    handle = desk.ask(who)
    for _ in range(10):
        assert isinstance(desk.prove(handle, desk.no_code(handle)), Outcome)
    for wait in (30, 60, 120, 240, 480):
        refused = desk.prove(handle, desk.no_code(handle))
        assert refused.limit == "pause"
        assert (refused.until - desk.clock.now).total_seconds() == wait
        desk.clock.now = refused.until
        assert isinstance(desk.prove(handle, desk.no_code(handle)), Outcome)


def test_the_waits_end_at_one_hour(settings):
    limit = limits.failures_in_a_row(settings)
    waits = [limit.gap_after(times).total_seconds() for times in range(1, 101)]
    assert waits[:9] == [0] * 9
    assert waits[9:17] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[17:]) == {3600}


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_twenty_wrong_codes_a_day_over_all_codes_and_networks(desk, alice, who):
    """X02: neither a new code, a new network nor a new browser buys a guess."""
    began = desk.clock.now
    for number in range(20):
        desk.clock.advance(minutes=61 if number > 9 else 0)
        assert isinstance(fail(desk, who, ip=f"198.51.100.{number}"), Outcome)
    desk.clock.advance(hours=2)
    refused = fail(desk, who, ip="203.0.113.1")
    assert refused.limit == "failures_per_user"
    assert (refused.until - began).total_seconds() == pytest.approx(86_400, abs=300)
    handle = desk.ask_later(who)
    assert desk.prove(handle, desk.code(handle) if who == ALICE else "000000") == refused
    desk.clock.now = refused.until
    assert isinstance(fail(desk, who), Outcome)


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_a_hundred_in_a_row_close_the_way_in_until_it_is_reopened(desk, alice, who):
    for _ in range(100):
        desk.clock.advance(hours=3)
        assert isinstance(fail(desk, who), Outcome)
    desk.clock.advance(days=400)
    handle = desk.ask(who)
    refused = desk.prove(handle, desk.code(handle) if who == ALICE else "000000")
    assert (refused.limit, refused.most) == ("failures_in_a_row", 100)
    if who == ALICE:
        with transaction():
            budgets.reopen(str(alice.user_id), desk.settings)
        assert desk.prove(handle, desk.code(handle)).verdict is Verdict.ACCEPTED


def test_a_known_browser_whose_way_in_was_closed_is_let_in_again_too(desk, alice):
    desk.use(limit_failures_in_a_row=3)
    desk.sign_in(known=TOKEN)
    for _ in range(3):
        fail(desk, known=TOKEN)
    handle = desk.ask_later(known=TOKEN)
    assert desk.prove(handle, desk.code(handle), known=TOKEN).limit == "failures_in_a_row"
    with transaction():
        budgets.reopen(str(alice.user_id), desk.settings)
    assert desk.prove(handle, desk.code(handle), known=TOKEN).verdict is Verdict.ACCEPTED


def test_only_a_success_ends_a_row(desk, alice):
    for _ in range(9):
        fail(desk)
    desk.sign_in_later()
    for _ in range(10):
        assert isinstance(fail(desk), Outcome)
    handle = desk.ask_later()
    assert desk.prove(handle, desk.no_code(handle)).verdict is Verdict.WRONG


def test_sweeping_forgets_no_row_of_wrong_codes(desk, alice):
    for _ in range(10):
        fail(desk)
    desk.clock.advance(days=3)
    with transaction():
        budgets.forget_old(desk.clock.now)
    handle = desk.ask()
    desk.prove(handle, desk.no_code(handle))
    assert desk.prove(handle, desk.no_code(handle)).limit == "pause"


@pytest.mark.parametrize("how", ["locked", "expired", "spent"])
def test_answers_to_a_code_that_is_over_use_up_nothing_of_its_user(desk, alice, how):
    handle = desk.ask()
    if how == "spent":
        desk.prove(handle, desk.code(handle))
    for _ in range(5 if how == "locked" else 0):
        desk.prove(handle, desk.no_code(handle))
    desk.clock.advance(minutes=11 if how == "expired" else 0)
    for _ in range(30):
        assert isinstance(desk.prove(handle, desk.no_code(handle)), Outcome)
    desk.clock.advance(minutes=2)
    assert desk.sign_in()


def test_a_stranger_locks_nobody_out_of_a_browser_that_is_known(desk, alice):
    """D6."""
    desk.sign_in(known=TOKEN)
    for _ in range(20):
        desk.clock.advance(hours=1)
        fail(desk)
    assert isinstance(fail(desk), Limited)
    handle = desk.ask(known=TOKEN)
    assert desk.prove(handle, desk.code(handle), known=TOKEN).verdict is Verdict.ACCEPTED


def test_a_known_browser_has_ten_wrong_codes_a_day_of_its_own(desk, alice):
    desk.sign_in(known=TOKEN)
    outcomes = [fail(desk, known=TOKEN) for _ in range(11)]
    assert names(outcomes) == ["WRONG"] * 10 + ["failures_per_known_browser"]
    assert isinstance(fail(desk), Outcome), "others have theirs"


def test_a_success_from_a_known_browser_ends_the_row_of_strangers_too(desk, alice):
    desk.sign_in(known=TOKEN)
    for _ in range(10):
        fail(desk)
    handle = desk.ask_later()
    desk.prove(handle, desk.no_code(handle))
    assert desk.prove(handle, desk.no_code(handle)).limit == "pause"
    desk.sign_in(known=TOKEN)
    assert isinstance(desk.prove(handle, desk.no_code(handle)), Outcome)


def test_no_success_buys_strangers_more_guesses_a_day(desk, alice):
    """D5: a user who signs in often must not be easier to guess at."""
    desk.sign_in(known=TOKEN)
    wrong = 0
    for _ in range(10):
        wrong += sum(isinstance(fail(desk), Outcome) for _ in range(4))
        desk.sign_in_later(known=TOKEN)
    assert wrong == 20


class TestUnderABurst:
    """New codes are longer, and operators are told once."""

    @pytest.mark.parametrize("who", [ALICE, STRANGER])
    def test_ten_wrong_codes_in_a_row_make_the_next_codes_of_this_user_longer(
        self, desk, alice, who
    ):
        for number in range(10):
            assert desk.challenge(desk.ask_later(who)).digits == 6, number
            fail(desk, who)
        handle = desk.ask_later(who)
        assert desk.challenge(handle).digits == 8
        assert desk.challenge(desk.ask("nobody@example.org")).digits == 6
        for _ in range(2):
            assert [pair[0] for pair in trail()].count("burst.began") == 1
            fail(desk, who)
            assert desk.challenge(desk.ask_later(who)).digits == 8

    def test_a_success_makes_them_short_again(self, desk, alice):
        for _ in range(10):
            fail(desk)
        handle = desk.ask_later()
        code = desk.code(handle)
        assert len(code) == 8
        assert desk.prove(handle, code).verdict is Verdict.ACCEPTED
        assert desk.challenge(desk.ask_later()).digits == 6

    def test_a_rain_of_wrong_codes_on_the_site_makes_all_new_codes_longer(self, desk, alice):
        desk.use(limit_failures_per_site=4)
        for number in range(6):
            rains = number >= 4
            assert desk.challenge(desk.ask_later()).digits == (8 if rains else 6), number
            assert [pair[0] for pair in trail()].count("burst.began") == rains, number
            fail(desk, f"{number}@example.org")
        desk.clock.advance(hours=1)
        assert desk.challenge(desk.ask_later()).digits == 6

    def test_sending_a_new_code_again_lengthens_it_too(self, desk, alice):
        handle = desk.ask()
        desk.use(limit_failures_per_site=1)
        fail(desk, "somebody@example.org")
        desk.clock.advance(minutes=8)
        sent = desk.send_again(handle)
        assert desk.challenge(sent.handle).digits == 8
