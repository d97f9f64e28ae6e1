"""Nothing but development shows a code in an answer."""

import json

import pytest

from tests.api.program import path_of
from tests.helpers.people import RFC_CODES

ALICE = "alice@example.org"
TEMPTING = (
    *({"X-Debug": "1"}, {"X-OTPAPP-MODE": "development"}, {"Cookie": "mode=development"}),
    *({"X-Forwarded-For": "127.0.0.1"}, {"Host": "auth.example.org", "Accept": "text/html"}),
)
QUERIES = ("?OTP=1", "?mode=development", "?debug=true", "?OTPAPP_MODE=classroom")


@pytest.mark.parametrize("time_based", [False, True])
@pytest.mark.parametrize("query", ["", *QUERIES])
def test_production_shows_no_code(
    program, mailbox, clock, alice, time_code, set_counter, time_based, query
):
    set_counter(alice, 29)  # the next code is 026920, as a number 26920
    code = time_code(alice) if time_based else "026920"
    answer = program.get(path_of(ALICE, time_based) + query)
    assert answer.status_code == 200
    assert set(answer.json) == {"challenge", "channel", "digits", "reference", "expires_at"}
    assert code not in answer.text + str(answer.headers)
    assert mailbox.code_for(ALICE) == code


@pytest.mark.parametrize("headers", TEMPTING, ids=str)
def test_no_header_makes_production_show_a_code(program, alice, headers):
    answer = program.ask(ALICE, **headers)
    assert set(answer.json) == {"challenge", "channel", "digits", "reference", "expires_at"}
    assert RFC_CODES[1] not in answer.text + str(answer.headers)


def test_no_answer_to_a_code_tells_the_right_one(program, alice):
    program.ask(ALICE)
    for _ in range(6):
        answer = program.prove(ALICE, "000000")
        assert RFC_CODES[1] not in answer.text + str(answer.headers)


OFF_PRODUCTION = {
    "public_url": "http://127.0.0.1:5000",
    "sign_up": "open",
    "mail_server": "",
    "sms_url": "",
    "sms_regions": frozenset(),
}


class TestClassroom:
    """Codes are for the seat that asked, and for nobody beside it."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {**OFF_PRODUCTION, "mode": "classroom"}

    @pytest.mark.parametrize("identifier", ["ada@class.example", "+12025550143"])
    def test_no_code_is_shown(self, program, identifier):
        answer = program.ask(identifier)
        assert answer.status_code == 200
        assert set(answer.json) == {"challenge", "channel", "digits", "reference", "expires_at"}


class TestDevelopment:
    """Who learns here may see what is sent."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {**OFF_PRODUCTION, "mode": "development"}

    @pytest.mark.parametrize("time_based", [False, True])
    @pytest.mark.parametrize("identifier", [ALICE, "+12025550143", "+33612345678"])
    def test_the_code_shown_is_the_one_in_the_inbox(
        self, program, client, mailbox, texts, alice, bob, identifier, time_based
    ):
        code = program.ask(identifier, time_based=time_based).json["OTP"]
        assert isinstance(code, str) and len(code) == 6
        mailbox.deliver()
        texts()
        assert code in client.get("/inbox").text
        assert program.prove(identifier, code, time_based=time_based).status_code == 200

    def test_a_leading_zero_is_shown(self, program, alice, set_counter):
        set_counter(alice, 29)
        assert program.ask(ALICE).json["OTP"] == "026920"


class TestDevelopmentWithAMailServer:
    """The mail goes out and the answer shows its code all the same."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {"mode": "development", "public_url": "http://127.0.0.1:5000"}

    def test_the_code_shown_is_the_one_mailed(self, program, mailbox, alice):
        assert program.ask(ALICE).json["OTP"] == mailbox.code_for(ALICE) == RFC_CODES[1]

    def test_a_stranger_has_no_code_to_show(self, program, mailbox, alice):
        answer = program.ask("stranger@example.org")
        assert json.loads(answer.text)["OTP"] is None
        assert mailbox.deliver() == []
