"""A code may come as a number that lost its leading zeros; nothing else that looks like one may."""

import pytest

from tests.api.program import tries


@pytest.fixture
def zero(program, mailbox, alice, set_counter) -> str:
    """A code that begins with a zero, sent to Alice."""
    set_counter(alice, 29)
    program.ask("alice@example.org")
    code = mailbox.code_for("alice@example.org")
    assert code == "026920"
    return code


@pytest.mark.parametrize("otp", [26920, "026920", " 026 920 ", "026-920", "０２６９２０"])
def test_a_leading_zero_may_be_kept_or_lost(program, zero, otp):
    assert program.prove("alice@example.org", otp).json["verdict"] == "ACCEPTED"


def test_a_zero_that_a_text_lost_is_not_made_up(program, app, zero):
    assert program.prove("alice@example.org", "26920").status_code == 422
    assert tries(app) == [0]


@pytest.mark.parametrize(
    "otp",
    [
        *(True, False, None, 26920.0, 2.692e4, -26920, 10**6, 10**40, 1_026_920),
        *("", " ", "abc", "-26920", "0269200", "026920 026921", "²²²²²²", "\ud800", "\x00"),
        *([26920], ["026920"], [], {}, {"otp": "026920"}),
    ],
    ids=repr,
)
def test_what_cannot_be_a_code_is_refused_and_costs_no_try(program, app, zero, otp):
    refused = program.prove("alice@example.org", otp)
    assert refused.status_code == 422
    assert "6-digit code" in refused.json["message"]
    assert "verdict" not in refused.json
    assert tries(app) == [0]
    assert program.prove("alice@example.org", zero).status_code == 200


def test_a_number_that_is_wrong_costs_a_try_like_a_text(program, app, zero):
    assert program.prove("alice@example.org", 26921).json["verdict"] == "WRONG"
    assert program.prove("alice@example.org", 0).json["verdict"] == "WRONG"
    assert tries(app) == [2]
