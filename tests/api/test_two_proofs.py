"""Where two proofs are demanded a code alone gives a program no token (ASVS 6.3.4)."""

import json

import jsonschema_rs
import pytest

from otpapp.web.api.routes import OPENAPI
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows

SCHEMAS = json.loads(OPENAPI.read_text())["components"]["schemas"]


@pytest.fixture
def overrides() -> dict:
    """A site that demands two different proofs."""
    return {"proofs": "two"}


def test_the_right_code_is_said_to_be_right_and_not_enough(app, program, alice):
    program.ask(ALICE)
    answer = program.prove(ALICE, RFC_CODES[1])
    assert answer.status_code == 403
    jsonschema_rs.validate(SCHEMAS["MoreProofs"], answer.json)
    assert answer.json["message"].endswith("sign in with a browser.")
    assert rows(app)["user_sessions"] == []


def test_a_wrong_one_is_wrong_as_ever(program, alice):
    program.ask(ALICE)
    assert program.prove(ALICE, "000000").json["verdict"] == "WRONG"
