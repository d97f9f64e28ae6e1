"""Whatever programs send by the OpenAPI file, the answers are those that the file describes."""

import json
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from otpapp.web.api.routes import OPENAPI
from tests.api.program import Program

PUBLIC_URL = "http://localhost"
MANY = 1_000_000
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)
MAILS = st.builds("{}@{}.example.org".format, NAMES, NAMES)
PHONES = st.integers(100, 199).map("+12025550{}".format)
CONFIG = {
    "generation": {"max-examples": 30, "deterministic": True, "mode": "all"},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx"]}},
    "operations": [
        {
            # A code that nobody was sent is well formed all the same.
            "include-method": "POST",
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422"]}},
        }
    ],
}


class Door:
    """A WSGI app that is, in each test, the app of that test; those who come are all next door."""

    def __call__(self, environ, start_response):
        environ["REMOTE_ADDR"] = "127.0.0.1"
        return self.app(environ, start_response)


door = Door()
schemathesis.openapi.format("identifier", MAILS | PHONES)
described = schemathesis.openapi.from_dict(
    json.loads(OPENAPI.read_text()), config=SchemathesisConfig.from_dict(CONFIG)
)
described.app = door


@pytest.fixture
def overrides() -> dict:
    return {
        "mode": "development",
        "public_url": PUBLIC_URL,
        "sign_up": "open",
        "mail_server": "",
        "sms_url": "",
        "limit_sends_per_identifier": MANY,
        "limit_sends_per_identifier_per_day": MANY,
        "limit_sends_per_ip": MANY,
        "limit_sends_per_site": MANY,
        "limit_failures_per_ip": MANY,
    }


@pytest.fixture
def seen(app):
    """Count the statuses; a run that was never let in would prove nothing."""
    door.app = app
    seen = Counter()
    yield seen
    assert seen[200] + seen[204] >= 2, seen
    assert not seen[429], seen


@described.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case, clock, program, seen):
    clock.advance(minutes=3)
    headers = {}
    if "Session" in case.operation.tags:
        headers["Authorization"] = f"Bearer {a_token(program)}"
    elif case.method == "POST" and case.meta.generation.mode.is_positive:
        with_the_right_code(program, case, every=2)
    response = case.call_and_validate(headers=headers)
    seen[response.status_code] += 1


def a_token(program: Program) -> str:
    asked = program.ask("alice@example.org")
    return program.prove("alice@example.org", asked.json["OTP"]).json["token"]


def with_the_right_code(program: Program, case, every: int) -> None:
    """Put the code that was really sent into every second body, as text or as a number."""
    path = case.formatted_path
    asked = program.get(path)
    otp = case.body["otp"]
    if asked.status_code == 200 and len(str(otp) + path) % every:
        case.body["otp"] = type(otp)(asked.json["OTP"])
        case.body.pop("challenge", None)
