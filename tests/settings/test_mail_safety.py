"""A mail server is only used where codes stay between it and us."""

import pytest

from otpapp.settings import from_env
from tests.settings.helpers import PRODUCTION, faults


@pytest.mark.parametrize("server", ["mail.example.org", "10.0.0.25", "localhost.example.org"])
def test_plain_mail_goes_to_loopback_only(server):
    (fault,) = faults({**PRODUCTION, "OTPAPP_MAIL_SERVER": server})
    assert fault.startswith("OTPAPP_MAIL_USE_TLS or _SSL must be true")


@pytest.mark.parametrize("server", ["127.0.0.1", "::1", "localhost"])
def test_plain_mail_to_loopback_is_fine(server):
    assert from_env({**PRODUCTION, "OTPAPP_MAIL_SERVER": server}).mail_server == server


@pytest.mark.parametrize("kind", ["OTPAPP_MAIL_USE_TLS", "OTPAPP_MAIL_USE_SSL"])
def test_mail_over_tls_goes_anywhere(kind):
    from_env({**PRODUCTION, "OTPAPP_MAIL_SERVER": "mail.example.org", kind: "true"})


def test_both_kinds_of_tls_at_once_are_refused():
    both = {"OTPAPP_MAIL_USE_TLS": "true", "OTPAPP_MAIL_USE_SSL": "true"}
    assert "keep one" in faults({**PRODUCTION, **both})[0]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("OTPAPP_MAIL_USERNAME", "OTPAPP_MAIL_PASSWORD"),
        ("OTPAPP_MAIL_PASSWORD", "OTPAPP_MAIL_USERNAME"),
    ],
)
def test_a_user_name_and_a_password_need_each_other(given, missing):
    assert faults({**PRODUCTION, given: "x"}) == [f"{missing} is missing, and {given} needs it"]


def test_a_password_file_that_cannot_be_read_is_one_fault():
    environ = {"OTPAPP_MAIL_USERNAME": "x", "OTPAPP_MAIL_PASSWORD_FILE": "/nowhere/at/all"}
    (fault,) = faults({**PRODUCTION, **environ})
    assert fault.startswith("OTPAPP_MAIL_PASSWORD_FILE: cannot read")


@pytest.mark.parametrize(
    "sender",
    [
        "codes@",
        "not-an-address",
        "Codes",
        "a@b@c",
        "<>",
        "x <y>",
        "a@b.c, d@e.f",
        "codes@example.org\nBcc: x@y.z",
        "ködes@example.org",
    ],
)
def test_the_sender_is_an_address(sender):
    assert faults({**PRODUCTION, "OTPAPP_MAIL_DEFAULT_SENDER": sender}) == [
        "OTPAPP_MAIL_DEFAULT_SENDER must be one address, as codes@example.org"
    ]


@pytest.mark.parametrize(
    "sender", ["codes@example.org", "Codes <codes@intranet>", "root@localhost"]
)
def test_the_sender_may_have_a_name_and_live_next_door(sender):
    environ = {**PRODUCTION, "OTPAPP_MAIL_DEFAULT_SENDER": sender}
    assert from_env(environ).mail_default_sender == sender


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_certificate_authority_is_a_file_of_certificates(tmp_path, text):
    path = tmp_path / "authority.pem"
    if text:
        path.write_text(text)
    assert faults({**PRODUCTION, "OTPAPP_MAIL_CA_FILE": str(path)}) == [
        "OTPAPP_MAIL_CA_FILE is not a file of certificates that can be read"
    ]


@pytest.mark.parametrize("name", ["OTPAPP_MAIL_SERVER", "OTPAPP_MAIL_DEFAULT_SENDER"])
def test_production_needs_a_mail_server_and_a_sender(name):
    environ = {key: text for key, text in PRODUCTION.items() if key != name}
    (fault,) = faults(environ)
    assert fault.startswith(f"{name} is missing")


@pytest.mark.parametrize(
    "address", ["help", "help@", "a@b.c, d@e.f", "help@example.org\nBcc: x@y.z"]
)
def test_answers_go_to_one_address(address):
    assert faults({**PRODUCTION, "OTPAPP_MAIL_REPLY_TO": address}) == [
        "OTPAPP_MAIL_REPLY_TO must be one address, as help@example.org"
    ]
