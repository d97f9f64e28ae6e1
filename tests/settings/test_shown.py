"""What is configured is told with where it comes from, and no secret is told to anybody."""

import re
from dataclasses import fields

import pytest

from otpapp.settings import Settings, from_env
from otpapp.settings.advice import advice
from otpapp.settings.meanings import MEANINGS
from otpapp.settings.shown import HIDDEN, HIDES, Shown, overview
from tests.settings.helpers import DEVELOPMENT, PRODUCTION, SECRET

SEEMS_SECRET = re.compile("secret|password|username|key|token|_url$")
HOLDS_NONE = {"public_url", "passwords", "mail_otp_token_header"}


def shown(environ: dict[str, str]) -> dict[str, Shown]:
    """Return what is told of each setting, by its name."""
    found = overview(from_env(environ), environ)
    return {
        one.name.removeprefix("OTPAPP_").lower(): one for rows in found.values() for one in rows
    }


def test_every_setting_stands_under_its_heading():
    assert list(overview(from_env(PRODUCTION), PRODUCTION)) == list(MEANINGS)
    assert set(shown(PRODUCTION)) == {field.name for field in fields(Settings)}


def test_one_of_the_environment_names_its_variable():
    one = shown(PRODUCTION)["mail_server"]
    assert (one.value, one.variable, one.file) == ("127.0.0.1", "OTPAPP_MAIL_SERVER", "")
    assert not one.is_usual and one.unless_set == "", "it must be set"


def test_one_of_a_file_names_the_file(tmp_path):
    file = tmp_path / "site_name"
    file.write_text("Our site\n")
    one = shown({**PRODUCTION, "OTPAPP_SITE_NAME_FILE": str(file)})["site_name"]
    assert (one.value, one.variable, one.file) == ("Our site", "OTPAPP_SITE_NAME_FILE", str(file))


@pytest.mark.parametrize("more", [{}, {"OTPAPP_SITE_NAME": " "}])
def test_one_that_was_not_set_names_nothing(more):
    one = shown({**PRODUCTION, **more})["site_name"]
    assert (one.value, one.variable, one.is_usual) == ("otpapp", "", True)
    assert one.unless_set == "otpapp"


def test_one_that_the_mode_or_another_decides_is_unusual_and_names_nothing():
    found = shown(DEVELOPMENT)
    assert (found["site_name"].value, found["site_name"].variable) == ("Example", "")
    assert (found["mail_port"].value, found["mail_port"].is_usual) == ("25", False)


def test_values_are_written_as_one_would_write_them():
    found = shown({**PRODUCTION, "OTPAPP_SMS_REGIONS": "us, de", "OTPAPP_PASSWORDS": "yes"})
    assert found["sms_regions"].value == "DE US"
    assert found["passwords"].value == "true"
    assert found["mail_use_tls"].value == "false"
    assert found["trusted_proxies"].value == "0"
    assert found["code_lifetime"].value == "600 seconds"
    assert found["gate_peers"].value == "127.0.0.0/8 ::1"
    assert found["phone_region"].value == ""


def test_whatever_seems_to_be_a_secret_is_hidden():
    names = {field.name for field in fields(Settings)}
    assert {one for one in names if SEEMS_SECRET.search(one)} - HOLDS_NONE == HIDDEN


def test_no_secret_is_told_and_what_is_hidden_and_empty_is_told_as_empty(tmp_path):
    secrets = {
        "OTPAPP_SECRET_KEY_FALLBACKS": "an_older_secret_of_the_tests_0123456789",
        "OTPAPP_DATABASE_URL": "postgresql://owner:hunter2@db.example/otpapp?password=hunter3",
        "OTPAPP_SMS_URL": "jsons://sender:hunter4@sms.example/{to}?token=hunter5",
        "OTPAPP_MAIL_USERNAME": "apikey-hunter6",
        "OTPAPP_MAIL_PASSWORD": "hunter7",
        "OTPAPP_MAIL_USE_TLS": "true",
    }
    environ = {**PRODUCTION, **secrets}
    told = f"{overview(from_env(environ), environ)} {advice(from_env(environ), environ)}"
    for text in (SECRET, "hunter", "older_secret", "db.example", "sms.example", "owner", "apikey"):
        assert text not in told, text
    found = shown(environ)
    assert {found[name].value for name in HIDDEN} == {HIDES}
    assert shown(PRODUCTION)["mail_password"].value == ""


def test_a_file_that_is_gone_since_the_start_is_no_fault(tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(0o644)
    plain = {name: text for name, text in PRODUCTION.items() if name != "OTPAPP_SECRET_KEY"}
    environ = {**plain, "OTPAPP_SECRET_KEY_FILE": str(path)}
    settings = from_env(environ)
    assert [one for one in advice(settings, environ) if "can be read by everybody" in one]
    path.unlink()
    assert not [one for one in advice(settings, environ) if "can be read by everybody" in one]
    assert shown_of(settings, environ) == (HIDES, str(path))


def shown_of(settings: Settings, environ: dict[str, str]) -> tuple[str, str]:
    """Return what is told of the secret key, and from where."""
    one = next(row for rows in overview(settings, environ).values() for row in rows)
    return one.value, one.file
