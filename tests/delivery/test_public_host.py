"""Messages name our host, so it must be one that mail and text messages can carry."""

import pytest

from otpapp.settings import BadSettings, from_env
from tests.conftest import SECRET


@pytest.mark.parametrize("host", ["bücher.example", "日本.example"], ids=ascii)
def test_a_host_with_letters_beyond_ascii_is_refused_or_put_into_ascii(host):
    environ = {
        "OTPAPP_SECRET_KEY": SECRET,
        "OTPAPP_PUBLIC_URL": f"https://{host}",
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
    }
    try:
        settings = from_env(environ)
    except BadSettings:
        return
    assert settings.public_url.isascii()
