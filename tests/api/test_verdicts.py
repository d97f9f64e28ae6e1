"""Each refusal has a stable name, the right status and, for a limit, the seconds to wait."""

from dataclasses import replace

import pytest

from otpapp import create_app
from otpapp.extensions import db
from tests.api.program import new_program, tries
from tests.helpers.people import RFC_CODES

ALICE = "alice@example.org"
RIGHT = RFC_CODES[1]


@pytest.fixture(autouse=True)
def asked(program, alice) -> str:
    """Alice has asked for a code: the name of her challenge."""
    answer = program.ask(ALICE)
    assert answer.status_code == 200
    return answer.json["challenge"]


def verdicts(answers) -> list[tuple[int, str]]:
    return [(answer.status_code, answer.json["verdict"]) for answer in answers]


def test_a_wrong_code_is_wrong_four_times_and_then_locks(program, app, asked):
    answers = [program.prove(ALICE, "000000") for _ in range(4)]
    assert verdicts(answers) == [(422, "WRONG")] * 4
    assert "1 try left" in answers[-1].json["message"]
    assert verdicts([program.prove(ALICE, "000000")]) == [(422, "LOCKED")]
    assert verdicts([program.prove(ALICE, RIGHT, challenge=asked)]) == [(422, "LOCKED")]
    assert tries(app) == [5]


def test_the_fifth_try_may_still_be_right(program):
    for _ in range(4):
        program.prove(ALICE, "000000")
    assert verdicts([program.prove(ALICE, RIGHT)]) == [(200, "ACCEPTED")]


def test_a_code_works_only_once(program, asked):
    answers = [program.prove(ALICE, RIGHT, challenge=asked) for _ in range(3)]
    assert verdicts(answers) == [(200, "ACCEPTED"), (422, "SPENT"), (422, "SPENT")]
    assert "token" not in answers[1].json


def test_a_code_runs_out_after_ten_minutes(program, clock, asked):
    clock.advance(minutes=10)
    answer = program.prove(ALICE, RIGHT, challenge=asked)
    assert verdicts([answer]) == [(422, "EXPIRED")]
    assert answer.json["message"] == "That code ran out at 12:10 UTC."


def test_a_code_works_until_its_last_second(program, clock):
    clock.advance(minutes=9, seconds=59)
    assert program.prove(ALICE, RIGHT).status_code == 200


def test_without_a_request_there_is_no_code_to_prove(program):
    answer = program.prove("bert@example.org", "000000")
    assert verdicts([answer]) == [(422, "EXPIRED")]
    assert "Ask for one first" in answer.json["message"]


@pytest.mark.parametrize("how", ["used", "locked", "over"])
def test_how_a_code_ended_is_told_only_to_whoever_names_it(program, clock, how):
    """X12: only people who are known here can have used one."""
    program.prove(ALICE, RIGHT if how == "used" else "000000")
    for _ in range(4):
        program.prove(ALICE, "000000") if how == "locked" else None
    clock.advance(minutes=10 if how == "over" else 0)
    for who in (ALICE, "bert@example.org"):
        answer = program.prove(who, RIGHT)
        assert verdicts([answer]) == [(422, "EXPIRED")]
        assert answer.json["message"].endswith("Ask for one first.")


def test_probing_for_challenges_is_a_failure_like_any_other(program, app, settings):
    answers = [
        program.prove(f"nobody{number}@example.org", "000000")
        for number in range(settings.limit_failures_per_ip + 1)
    ]
    assert verdicts(answers[-2:]) == [(422, "EXPIRED"), (429, "LIMITED")]
    assert int(answers[-1].headers["Retry-After"]) == 3600


@pytest.mark.parametrize("digits", [7, 8])
def test_codes_that_were_sent_before_the_setting_changed_still_work(
    program, app, settings, clock, digits
):
    changed = create_app(replace(settings, code_digits=digits))
    assert verdicts([new_program(changed).prove(ALICE, RIGHT)]) == [(200, "ACCEPTED")]
    with changed.app_context():
        db.engine.dispose()


def test_asking_again_is_limited_for_30_then_60_then_120_seconds(program, clock):
    for gap in (30, 60, 120, 120):
        answer = program.ask(ALICE)
        assert verdicts([answer]) == [(429, "LIMITED")]
        assert answer.headers["Retry-After"] == str(gap)
        clock.advance(seconds=gap)
        assert program.ask(ALICE).status_code == 200
    answer = program.ask(ALICE)
    assert answer.headers["Retry-After"] == str(3600 - 330)
    assert answer.json["message"].startswith("We have sent 5 codes in the last hour.")


def test_who_waits_as_long_as_told_is_served(program, clock):
    for _ in range(11):
        clock.advance(seconds=int(program.ask(ALICE).headers["Retry-After"]))
        assert program.ask(ALICE).status_code == 200


def test_one_address_asks_for_twenty_codes_an_hour(program):
    statuses = [program.ask(f"person{number}@example.org").status_code for number in range(20)]
    assert statuses == [200] * 19 + [429]
    assert int(program.ask("someone@example.org").headers["Retry-After"]) == 3600


def test_thirty_wrong_codes_from_one_address_close_it_for_an_hour(program, clock):
    for number in range(6):
        program.ask(f"person{number}@example.org")
        for _ in range(5):
            assert program.prove(f"person{number}@example.org", "000000").status_code == 422
    clock.advance(minutes=5)
    answer = program.prove(ALICE, RIGHT)
    assert verdicts([answer]) == [(429, "LIMITED")]
    assert answer.headers["Retry-After"] == str(55 * 60)
    assert tries(program.application)[0] == 0
    clock.advance(minutes=55)
    program.ask(ALICE)
    assert program.prove(ALICE, RFC_CODES[2]).status_code == 200
