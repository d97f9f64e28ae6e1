"""An answer may name the challenge it means; otherwise the newest live one counts."""

import pytest

from tests.api.program import new_program, tries
from tests.helpers.people import RFC_CODES

ALICE = "alice@example.org"
PUBLIC_URL = "https://auth.example.org"


def is_unknown(answer) -> bool:
    return (answer.status_code, answer.json["verdict"]) == (422, "EXPIRED")


@pytest.fixture
def two(program, alice, clock) -> list[str]:
    """The names of two live challenges of Alice's, with RFC_CODES[1] and [2]."""
    first = program.ask(ALICE).json["challenge"]
    clock.advance(seconds=30)
    return [first, program.ask(ALICE).json["challenge"]]


@pytest.mark.parametrize("which", [0, 1])
def test_a_named_challenge_takes_its_own_code_only(program, app, two, which):
    other = program.prove(ALICE, RFC_CODES[2 - which], challenge=two[which])
    assert other.json["verdict"] == "WRONG"
    own = program.prove(ALICE, RFC_CODES[1 + which], challenge=two[which])
    assert own.json["verdict"] == "ACCEPTED"


def test_without_a_name_the_newest_live_challenge_counts(program, app, two):
    assert program.prove(ALICE, RFC_CODES[1]).json["verdict"] == "WRONG"
    assert tries(app) == [0, 1]
    assert program.prove(ALICE, RFC_CODES[2]).json["verdict"] == "ACCEPTED"
    # Now the first is the newest that lives.
    assert program.prove(ALICE, RFC_CODES[1]).json["verdict"] == "ACCEPTED"


def test_without_a_name_only_those_of_the_same_network_count(app, two):
    """X10: a stranger elsewhere costs them no try and cannot use a code that was read out."""
    stranger = new_program(app)
    stranger.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    for code in ["000000"] * 5 + [RFC_CODES[2]]:
        assert is_unknown(stranger.prove(ALICE, code))
    assert tries(app) == [0, 0]


def test_any_spelling_of_the_identifier_finds_its_challenge(program, two):
    assert program.prove("Alice@EXAMPLE.org", RFC_CODES[1], challenge=two[0]).status_code == 200
    assert program.prove(" ALICE@example.org", RFC_CODES[2]).status_code == 200


def test_a_program_elsewhere_may_answer_what_it_can_name(app, two):
    assert new_program(app).prove(ALICE, RFC_CODES[1], challenge=two[0]).status_code == 200


@pytest.mark.parametrize("name", ["x", "0", "null", "../x", "A" * 32, "é", "\ud800", "\x00"])
def test_a_name_that_nobody_gave_finds_nothing(program, app, two, name):
    assert is_unknown(program.prove(ALICE, RFC_CODES[2], challenge=name))
    assert tries(app) == [0, 0]


@pytest.mark.parametrize("name", [None, True, 1, 1.5, [], ["x"], {}])
def test_a_name_that_is_no_text_is_refused(program, app, two, name):
    refused = program.prove(ALICE, RFC_CODES[2], challenge=name)
    assert refused.status_code == 422
    assert refused.json["message"] == "The field challenge must be text."
    assert tries(app) == [0, 0]


def test_a_challenge_answers_only_for_its_own_identifier(program, app, alice, bob, two):
    program.ask("+12025550143")
    for stranger in ("+12025550143", "carol@example.org"):
        assert is_unknown(program.prove(stranger, RFC_CODES[2], challenge=two[1]))
    assert tries(app) == [0, 0, 0]


def test_a_challenge_answers_only_by_its_own_method(program, app, two):
    assert is_unknown(program.prove(ALICE, RFC_CODES[2], challenge=two[1], time_based=True))
    assert is_unknown(program.prove(ALICE, RFC_CODES[2], time_based=True))
    assert tries(app) == [0, 0]


class TestAChallengeAskedForOnThePage:
    """It belongs to its browser; the API neither finds, answers nor spoils it."""

    @pytest.fixture
    def name(self, client, alice) -> str:
        client.ask(ALICE)
        with client.session_transaction(base_url=PUBLIC_URL) as cookie:
            [(_, name)] = cookie["challenges"]
        return name

    def test_it_cannot_be_named(self, program, app, client, mailbox, name):
        code = mailbox.code_for(ALICE)
        assert is_unknown(program.prove(ALICE, code, challenge=name))
        assert is_unknown(program.prove(ALICE, code, challenge=name, time_based=True))
        assert tries(app) == [0]
        assert client.answer(code).status_code == 303

    def test_it_is_never_the_newest(self, program, app, client, mailbox, clock, name):
        assert is_unknown(program.prove(ALICE, mailbox.code_for(ALICE)))
        clock.advance(seconds=30)
        program.ask(ALICE)
        clock.advance(seconds=60)
        client.ask("alice+tag@example.org")
        assert program.prove(ALICE, RFC_CODES[2]).json["verdict"] == "ACCEPTED"
        assert tries(app) == [0, 1, 0]
