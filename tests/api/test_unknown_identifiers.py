"""Where sign-up is by invitation, no answer tells whether an identifier is known."""

import re

import pytest

from tests.api.program import new_program
from tests.helpers.people import RFC_CODES

ALICE = "alice@example.org"
STRANGER = "zelda@example.org"


def looks(answer) -> tuple:
    """Return all of an answer that may not depend on who is asked about."""
    headers = [header for header in answer.headers if header[0] != "Date"]
    body = dict(answer.json)
    if "reference" in body:
        body |= {"challenge": len(body["challenge"]), "reference": len(body["reference"])}
    else:
        body["message"] = re.sub(r"reference [A-Z]{3}", "reference XXX", body["message"])
    return answer.status_code, headers, body


@pytest.fixture
def pair(program, app, mailbox, alice):
    """Do the same with Alice and with a stranger, and compare each answer."""

    def both(act) -> tuple:
        known, unknown = act(new_program(app), ALICE), act(new_program(app), STRANGER)
        assert looks(known) == looks(unknown)
        return known, unknown

    return both


@pytest.mark.parametrize("time_based", [False, True])
def test_asking_looks_the_same_and_nothing_is_sent(pair, mailbox, time_based):
    known, unknown = pair(lambda program, who: program.ask(who, time_based=time_based))
    assert known.json["challenge"] != unknown.json["challenge"]
    assert [mail["To"] for mail in mailbox.deliver()] == [ALICE]


@pytest.mark.parametrize("time_based", [False, True])
def test_six_wrong_codes_and_more_look_the_same(pair, time_based):
    pair(lambda program, who: program.ask(who, time_based=time_based))
    for _ in range(7):
        pair(lambda program, who: program.prove(who, "000000", time_based=time_based))


def test_a_code_that_ran_out_looks_the_same_to_who_does_not_know_it(pair, clock):
    pair(lambda program, who: program.ask(who))
    clock.advance(minutes=11)
    pair(lambda program, who: program.prove(who, "000000"))


@pytest.mark.parametrize("later", [{"minutes": 0}, {"minutes": 11}, {"days": 40}])
def test_somebody_who_was_here_before_looks_like_somebody_who_never_was(
    program, pair, clock, later
):
    assert program.ask(ALICE).status_code == 200
    assert program.prove(ALICE, RFC_CODES[1]).status_code == 200
    clock.advance(**later)
    for code in ("000000", RFC_CODES[1]):
        pair(lambda program, who, code=code: program.prove(who, code))


def test_limits_look_the_same(pair, clock):
    for _ in range(6):
        pair(lambda program, who: program.ask(who))
        pair(lambda program, who: program.ask(who))
        clock.advance(minutes=2)


def test_without_a_request_answers_look_the_same(pair):
    pair(lambda program, who: program.prove(who, "000000"))
    pair(lambda program, who: program.prove(who, "000000", challenge="x"))
    pair(lambda program, who: program.prove(who, "no code"))


def test_no_code_signs_a_stranger_in(program, app, mailbox, alice):
    """Neither another's code nor those of an empty key, which a decoy is compared to."""
    challenge = program.ask(STRANGER).json["challenge"]
    for code in ("328482", "812658", RFC_CODES[0], RFC_CODES[1]):
        answer = program.prove(STRANGER, code, challenge=challenge)
        assert answer.json["verdict"] == "WRONG"


def test_nobody_is_registered(program, app, alice):
    from otpapp.extensions import db
    from otpapp.models import User

    program.ask(STRANGER)
    program.prove(STRANGER, "000000")
    with app.app_context():
        assert db.session.query(User).count() == 1


def test_a_disabled_user_looks_like_a_stranger(pair, disable, mailbox, alice):
    disable(alice)
    pair(lambda program, who: program.ask(who))
    for _ in range(6):
        pair(lambda program, who: program.prove(who, RFC_CODES[1]))
    assert mailbox.deliver() == []
