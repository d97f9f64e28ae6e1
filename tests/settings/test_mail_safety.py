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


@pytest.mark.parametrize("name", ["OTPAPP_MAIL_USERNAME", "OTPAPP_MAIL_PASSWORD"])
def test_a_user_name_and_a_password_need_each_other(name):
    assert faults({**PRODUCTION, name: "x"}) == [
        "OTPAPP_MAIL_USERNAME and OTPAPP_MAIL_PASSWORD need each other"
    ]


@pytest.mark.parametrize("name", ["OTPAPP_MAIL_SERVER", "OTPAPP_MAIL_DEFAULT_SENDER"])
def test_production_needs_a_mail_server_and_a_sender(name):
    environ = {key: text for key, text in PRODUCTION.items() if key != name}
    (fault,) = faults(environ)
    assert fault.startswith(f"{name} is missing")
