"""One code, one challenge, one success: each verdict and when it is given."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Challenge, User
from otpapp.otp import hotp
from otpapp.rules import answers, challenges
from otpapp.rules.answers import Judged
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.helpers.people import RFC_CODES
from tests.rules.desk import ALICE, STRANGER, Desk, trail


def judge(desk: Desk, handle: str, code: str) -> Judged:
    with transaction():
        return answers.judge(challenges.find(handle), code, desk.settings, desk.clock.now)


def test_the_right_code_is_accepted_for_its_own_challenge_alone(desk, alice):
    before, handle, after = (desk.ask_later() for _ in range(3))
    assert desk.answer(handle, RFC_CODES[2]) is Verdict.ACCEPTED
    assert desk.challenge(handle).answered_at == desk.clock.now
    assert desk.challenge(before).answered_at is desk.challenge(after).answered_at is None


def test_a_code_works_only_once(desk, alice):
    handle = desk.ask()
    code = desk.code(handle)
    assert [desk.answer(handle, code) for _ in range(3)] == [
        Verdict.ACCEPTED,
        Verdict.SPENT,
        Verdict.SPENT,
    ]


def test_a_right_code_whose_challenge_was_consumed_meanwhile_is_spent(desk, alice, monkeypatch):
    """X04: the last statement decides, even if something else got between it and the first."""
    handle = desk.ask()
    code = desk.code(handle)

    def overtaken(*compared) -> bool:
        db.session.execute(update(Challenge).values(answered_at=desk.clock.now))
        return True

    monkeypatch.setattr(hotp, "matches", overtaken)
    assert desk.answer(handle, code) is Verdict.SPENT


@pytest.mark.parametrize("counter", [0, 2, 3])
def test_the_codes_before_and_after_are_wrong(desk, alice, counter):
    assert desk.answer(desk.ask(), RFC_CODES[counter]) is Verdict.WRONG


def test_a_wrong_code_costs_a_try_of_its_own_challenge_alone(desk, alice):
    handles = [desk.ask_later(handle=f"of form {number}") for number in range(4)]
    for handle in handles:
        desk.answer(handle, desk.wrong(handle))
    assert [desk.challenge(handle).tries for handle in handles] == [1] * 4


def test_each_wrong_code_costs_a_try_and_the_last_one_locks(desk, alice):
    handle = desk.ask()
    wrong = desk.wrong(handle)
    for tries in range(1, 5):
        assert desk.answer(handle, wrong) is Verdict.WRONG
        assert desk.challenge(handle).tries == tries
    assert desk.answer(handle, wrong) is Verdict.LOCKED
    assert desk.answer(handle, wrong) is Verdict.LOCKED
    assert desk.challenge(handle).tries == 5


def test_after_five_wrong_codes_even_the_right_one_is_refused(desk, alice):
    """X01."""
    handle = desk.ask()
    for _ in range(5):
        desk.answer(handle, desk.wrong(handle))
    assert desk.answer(handle, desk.code(handle)) is Verdict.LOCKED
    assert desk.challenge(handle).answered_at is None


def test_the_fifth_try_may_be_the_right_one(desk, alice):
    handle = desk.ask()
    for _ in range(4):
        desk.answer(handle, desk.wrong(handle))
    assert desk.answer(handle, desk.code(handle)) is Verdict.ACCEPTED


def test_a_challenge_with_more_tries_than_are_allowed_by_now_is_locked(desk, alice):
    """An operator lowered the setting while the code was under way."""
    handle = desk.ask()
    for _ in range(3):
        desk.answer(handle, desk.wrong(handle))
    desk.use(code_tries=2)
    assert desk.answer(handle, desk.code(handle)) is Verdict.LOCKED
    assert desk.challenge(handle).tries == 3


@pytest.mark.parametrize("over", ["spent", "closed", "expired", "locked"])
def test_an_answer_to_a_code_that_is_over_costs_no_try_and_is_no_guess(desk, alice, over):
    handle = desk.ask()
    if over == "spent":
        desk.answer(handle, desk.code(handle))
    elif over == "closed":
        with transaction():
            db.session.execute(update(Challenge).values(closed_at=desk.clock.now))
    elif over == "locked":
        for _ in range(5):
            desk.answer(handle, desk.wrong(handle))
    desk.clock.advance(minutes=10 if over == "expired" else 0)
    before = desk.challenge(handle).tries
    for code in (desk.code(handle), desk.wrong(handle)):
        assert not judge(desk, handle, code).is_guess
    assert desk.challenge(handle).tries == before


def test_an_answer_that_could_have_been_right_is_a_guess(desk, alice):
    handle, decoy = desk.ask(), desk.ask(STRANGER)
    assert judge(desk, decoy, "000000") == Judged(Verdict.WRONG, is_guess=True)
    assert judge(desk, handle, desk.wrong(handle)) == Judged(Verdict.WRONG, is_guess=True)
    assert judge(desk, handle, desk.code(handle)) == Judged(Verdict.ACCEPTED, is_guess=True)


@pytest.mark.parametrize(
    "answer", ["", "12345", "１２３４５６", "²²²²²²", "1" * 2000, "\x00", "\ud800"]
)
def test_what_is_no_code_is_wrong_and_never_an_error(desk, alice, answer):
    """X41."""
    assert desk.answer(desk.ask(), answer) is Verdict.WRONG


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(599, Verdict.ACCEPTED), (600, Verdict.EXPIRED), (601, Verdict.EXPIRED)],
)
def test_a_code_works_for_ten_minutes(desk, alice, seconds, verdict):
    """X06."""
    handle = desk.ask()
    assert desk.challenge(handle).expires_at == desk.clock.now + timedelta(minutes=10)
    desk.clock.advance(seconds=seconds)
    assert desk.answer(handle, desk.code(handle)) is verdict
    assert "clock.skewed" not in [kind for kind, _ in trail()]


def test_a_wrong_code_after_the_end_is_wrong_and_tells_nothing(desk, alice):
    handle = desk.ask()
    desk.clock.advance(minutes=11)
    assert desk.answer(handle, desk.wrong(handle)) is Verdict.WRONG
    assert desk.answer(handle, RFC_CODES[0]) is Verdict.WRONG


def test_an_expired_code_does_not_revive_for_whoever_asks_again(desk, alice):
    """I3."""
    old = desk.ask()
    desk.clock.advance(minutes=11)
    new = desk.ask()
    assert desk.answer(new, desk.code(old)) is Verdict.WRONG
    assert desk.answer(old, desk.code(new)) is Verdict.WRONG


def test_a_code_works_for_its_own_challenge_only(desk, alice):
    """X06, X11: whoever asks twice, in two browsers, has two codes; each fits its browser."""
    first, second = desk.ask(), desk.ask_later()
    assert desk.answer(first, desk.code(second)) is Verdict.WRONG
    assert desk.answer(second, desk.code(first)) is Verdict.WRONG
    assert desk.answer(second, desk.code(second)) is Verdict.ACCEPTED
    assert desk.answer(first, desk.code(first)) is Verdict.ACCEPTED


def test_a_decoy_accepts_nothing(desk, alice):
    handle = desk.ask(STRANGER)
    zero_key = hotp.code(bytes(20), desk.challenge(handle).counter)
    assert desk.answer(handle, zero_key) is Verdict.WRONG
    assert desk.answer(handle, RFC_CODES[0]) is Verdict.WRONG


def test_a_decoy_answers_like_a_challenge_to_the_last_try(desk, alice):
    """X12."""
    real, decoy = desk.ask(ALICE), desk.ask(STRANGER)
    for handle in (real, decoy):
        wrong = desk.wrong(real)
        verdicts = [desk.answer(handle, wrong) for _ in range(6)]
        assert verdicts == [Verdict.WRONG] * 4 + [Verdict.LOCKED] * 2


def test_a_code_sent_before_its_user_was_disabled_is_wrong(desk, alice):
    handle = desk.ask()
    code = desk.code(handle)
    with transaction():
        db.session.execute(update(User).values(disabled_at=desk.clock.now))
    assert desk.answer(handle, code) is Verdict.WRONG


def test_what_was_closed_once_was_closed_then(desk, alice, clock):
    handle, first = desk.ask(), clock.now
    for _ in range(2):
        with transaction():
            challenge = challenges.find(handle)
            challenges.close(challenge, clock.now)
            assert challenge.closed_at == first
            assert not challenges.is_open(challenge, desk.settings, clock.now)
        assert desk.challenge(handle).closed_at == first
        clock.advance(minutes=1)


def test_a_closed_challenge_accepts_nothing(desk, alice):
    handle = desk.ask()
    with transaction():
        db.session.execute(update(Challenge).values(closed_at=desk.clock.now))
    assert desk.answer(handle, desk.code(handle)) is Verdict.EXPIRED


@pytest.mark.parametrize(("back", "verdict"), [(5, Verdict.ACCEPTED), (6, Verdict.EXPIRED)])
def test_the_clocks_of_two_nodes_may_be_five_seconds_apart(desk, alice, clock, back, verdict):
    """X43."""
    handle = desk.ask()
    code = desk.code(handle)
    clock.advance(seconds=-back)
    assert desk.answer(handle, code) is verdict


def test_a_code_of_a_clock_that_was_ahead_is_over_and_stays_so(desk, alice, clock):
    """X43: nor does it come alive when the clock has caught up."""
    handle = desk.ask()
    code = desk.code(handle)
    clock.advance(minutes=-1)
    assert desk.answer(handle, code) is Verdict.EXPIRED
    assert trail()[-1] == ("clock.skewed", "")
    clock.advance(minutes=1)
    assert desk.answer(handle, code) is Verdict.EXPIRED
    assert [kind for kind, _ in trail()].count("clock.skewed") == 1
