"""A program asks for a code, proves it and uses the bearer token that it gets."""

import pytest

from tests.helpers.people import RFC_CODES


def test_a_program_signs_in_by_mail(program, mailbox, alice, clock):
    asked = program.ask("alice@example.org")
    assert asked.status_code == 200
    reference = asked.json["reference"]
    assert asked.json == {
        "challenge": asked.json["challenge"],
        "channel": "email",
        "digits": 6,
        "reference": reference,
        "expires_at": "2026-03-03T12:10:00+00:00",
    }
    mail = mailbox.newest_for("alice@example.org")
    assert reference in mail.as_string()

    proved = program.prove("alice@example.org", RFC_CODES[1])
    assert proved.status_code == 200
    assert proved.json == {
        "verdict": "ACCEPTED",
        "token": proved.json["token"],
        "token_type": "Bearer",
        "expires_at": "2026-03-04T00:00:00+00:00",
    }
    me = program.me(f"Bearer {proved.json['token']}")
    assert me.json == {
        "id": str(alice.user_id),
        "identifiers": [{"channel": "email", "address": "alice@example.org"}],
        "signed_in_at": "2026-03-03T12:00:00+00:00",
        "expires_at": "2026-03-04T00:00:00+00:00",
    }


def test_each_request_adds_one_to_the_counter(program, mailbox, alice, clock):
    codes = []
    for _ in range(3):
        assert program.ask("alice@example.org").status_code == 200
        codes.append(mailbox.code_for("alice@example.org"))
        clock.advance(minutes=3)
    assert codes == list(RFC_CODES[1:4])


class TestByTextMessage:
    """Bob has only a phone."""

    @pytest.fixture
    def overrides(self, gateway) -> dict:
        return {"sms_url": gateway}

    def test_a_program_signs_in_by_text_message(self, program, texts, bob):
        asked = program.ask("+12025550143")
        assert (asked.status_code, asked.json["channel"]) == (200, "sms")
        [text] = texts()
        assert asked.json["reference"] in text
        proved = program.prove("+12025550143", text[:6])
        assert (proved.status_code, proved.json["verdict"]) == (200, "ACCEPTED")
        me = program.me(f"Bearer {proved.json['token']}")
        assert me.json["identifiers"] == [{"channel": "sms", "address": "+12025550143"}]


class TestWhereAnyoneMaySignUp:
    """Asking for a code registers an identifier that nobody has."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {"sign_up": "open"}

    def test_the_first_request_registers_and_the_code_proves_it(self, program, mailbox):
        assert program.ask("new@example.org").status_code == 200
        proved = program.prove("new@example.org", mailbox.code_for("new@example.org"))
        assert proved.json["verdict"] == "ACCEPTED"


class TestWhereSomeDomainsMaySignUp:
    """Asking for a code registers only addresses of the listed domains."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {"sign_up": "domains", "sign_up_domains": frozenset({"school.org"})}

    def test_only_a_listed_domain_gets_a_code(self, program, mailbox):
        for address in ("pupil@school.org", "pupil@elsewhere.org", "pupil@my.school.org"):
            assert program.ask(address).status_code == 200
        assert [mail["To"] for mail in mailbox.deliver()] == ["pupil@school.org"]
