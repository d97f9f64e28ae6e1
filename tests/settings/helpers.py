"""The smallest environments that start."""

import pytest

from otpapp.settings import BadSettings, from_env

SECRET = "a secret of the tests, long enough to pass 0123456789"
PRODUCTION = {
    "OTPAPP_SECRET_KEY": SECRET,
    "OTPAPP_PUBLIC_URL": "https://auth.example.org",
    "OTPAPP_MAIL_SERVER": "127.0.0.1",
    "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
}
DEVELOPMENT = {"OTPAPP_MODE": "development", "OTPAPP_SECRET_KEY": SECRET}
CLASSROOM = {"OTPAPP_MODE": "classroom", "OTPAPP_SECRET_KEY": SECRET}


def faults(environ: dict[str, str]) -> list[str]:
    """Return why `environ` is refused; fail if it is not."""
    with pytest.raises(BadSettings) as caught:
        from_env(environ)
    return caught.value.faults
