"""The time-based variant: the counter is the number of the 50-second step, and ends with it."""

import pytest

from tests.api.program import tries

ALICE = "alice@example.org"


def ask(program):
    return program.ask(ALICE, time_based=True)


def prove(program, code, **named) -> str:
    return program.prove(ALICE, code, time_based=True, **named).json["verdict"]


@pytest.mark.parametrize("seconds", [0, 1, 49, 50, 12_345])
def test_the_code_is_what_every_authenticator_shows(
    program, mailbox, alice, clock, time_code, seconds
):
    clock.advance(seconds=seconds)
    ask(program)
    code = mailbox.code_for(ALICE)
    assert code == time_code(alice)
    assert prove(program, code) == "ACCEPTED"


def test_the_answer_tells_when_the_step_ends(program, alice, clock):
    clock.advance(seconds=20)
    assert ask(program).json["expires_at"] == "2026-03-03T12:00:50+00:00"


@pytest.mark.parametrize(("later", "verdict"), [(0, "ACCEPTED"), (29, "ACCEPTED"), (30, "EXPIRED")])
def test_the_code_ends_with_its_step(program, alice, clock, time_code, later, verdict):
    clock.advance(seconds=20)
    name = ask(program).json["challenge"]
    code = time_code(alice)
    clock.advance(seconds=later)
    assert prove(program, code, challenge=name) == verdict


def test_the_code_of_the_next_step_is_wrong(program, alice, clock, time_code):
    name = ask(program).json["challenge"]
    clock.advance(seconds=50)
    assert prove(program, time_code(alice), challenge=name) == "WRONG"


def test_two_challenges_of_one_step_let_in_once(program, app, alice, clock, time_code):
    first = ask(program).json["challenge"]
    clock.advance(seconds=30)
    second = ask(program).json["challenge"]
    code = time_code(alice)
    assert prove(program, code, challenge=first) == "ACCEPTED"
    assert prove(program, code, challenge=second) == "SPENT"
    assert prove(program, code, challenge=second) == "SPENT"
    assert prove(program, code) == "EXPIRED"


def test_the_next_step_lets_in_again(program, alice, clock, time_code):
    for _ in range(2):
        ask(program)
        assert prove(program, time_code(alice)) == "ACCEPTED"
        clock.advance(seconds=50)


def test_a_step_before_one_that_was_used_is_spent(program, app, alice, clock, time_code):
    early = ask(program).json["challenge"]
    early_code = time_code(alice)
    clock.advance(seconds=50)
    ask(program)
    assert prove(program, time_code(alice)) == "ACCEPTED"
    clock.advance(seconds=-10)
    assert prove(program, early_code, challenge=early) == "SPENT"


def test_five_wrong_codes_lock_it(program, app, alice, time_code):
    name = ask(program).json["challenge"]
    assert [prove(program, "000000") for _ in range(5)] == ["WRONG"] * 4 + ["LOCKED"]
    assert prove(program, time_code(alice), challenge=name) == "LOCKED"
    assert tries(app) == [5]


def test_it_answers_only_by_its_own_method(program, app, alice, time_code):
    name = ask(program).json["challenge"]
    for named in ({}, {"challenge": name}):
        refused = program.prove(ALICE, time_code(alice), **named)
        assert refused.json["verdict"] == "EXPIRED"
    assert tries(app) == [0]


def test_both_variants_share_the_limits(program, alice):
    ask(program)
    assert program.ask(ALICE).status_code == 429
