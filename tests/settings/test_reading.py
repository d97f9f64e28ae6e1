"""Each name of the environment becomes a typed value, or a fault that names it."""

from datetime import timedelta

import pytest

from otpapp.settings import BadSettings, from_env
from tests.settings.helpers import PRODUCTION, faults


def test_four_names_make_a_production_server():
    settings = from_env(PRODUCTION)
    assert settings.is_production
    assert (settings.code_digits, settings.code_tries) == (6, 5)
    assert settings.code_lifetime == timedelta(minutes=10)
    assert settings.sign_up == "invited"
    assert settings.trusted_proxies == 0


def test_an_empty_environment_is_told_everything_that_is_missing():
    text = "\n".join(faults({}))
    for name in ("SECRET_KEY", "PUBLIC_URL", "MAIL_SERVER"):
        assert f"OTPAPP_{name} is missing" in text


def test_every_fault_stands_in_one_message():
    wrong = {"OTPAPP_CODE_DIGITS": "9", "OTPAPP_SENDRE": "none", "OTPAPP_MAIL_PORT": "x"}
    with pytest.raises(BadSettings) as caught:
        from_env({**wrong, "OTPAPP_SECRET_KEY": "short"})
    names = ("CODE_DIGITS", "SENDRE", "MAIL_PORT", "SECRET_KEY", "PUBLIC_URL", "MAIL_SERVER")
    for name in names:
        assert str(caught.value).count(f"OTPAPP_{name}") >= 1
    assert len(caught.value.faults) == len(names)


def test_names_without_our_prefix_are_not_our_business():
    assert from_env({**PRODUCTION, "OTPAP_MODE": "x", "otpapp_mode": "x"}) == from_env(PRODUCTION)


def test_an_unknown_name_is_refused():
    assert faults({**PRODUCTION, "OTPAPP_SECRETKEY": "x"}) == [
        "OTPAPP_SECRETKEY is not a setting of otpapp; is it misspelt?"
    ]


def test_an_empty_value_counts_as_not_set():
    assert from_env({**PRODUCTION, "OTPAPP_CODE_DIGITS": " "}).code_digits == 6


@pytest.mark.parametrize("name", ["CODE_DIGITS", "CODE_LIFETIME", "CODE_TRIES", "MAIL_PORT"])
@pytest.mark.parametrize("text", ["0", "-1", "1e3", "6.0", "six", "６", "²", "99999999999"])
def test_a_number_out_of_range_or_of_other_digits_is_refused(name, text):
    (fault,) = faults({**PRODUCTION, f"OTPAPP_{name}": text})
    assert fault.startswith(f"OTPAPP_{name}: must be a whole number from")


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("CODE_DIGITS", 6, 8),
        ("CODE_LIFETIME", 120, 600),
        ("CODE_TRIES", 1, 10),
        ("MAIL_PORT", 1, 65535),
        ("TRUSTED_PROXIES", 0, 10),
        ("KEEP_EVENTS_DAYS", 30, 36500),
    ],
)
def test_the_ends_of_a_range_belong_to_it_and_their_neighbours_do_not(name, lowest, highest):
    for number in (lowest, highest):
        from_env({**PRODUCTION, f"OTPAPP_{name}": str(number)})
    for number in (lowest - 1, highest + 1):
        assert len(faults({**PRODUCTION, f"OTPAPP_{name}": str(number)})) == 1


@pytest.mark.parametrize("name", ["LIMIT_SENDS_PER_IP", "LIMIT_FAILURES_PER_IP"])
def test_a_limit_can_be_raised_but_not_switched_off(name):
    settings = from_env({**PRODUCTION, f"OTPAPP_{name}": "2000"})
    assert getattr(settings, name.lower()) == 2000
    assert len(faults({**PRODUCTION, f"OTPAPP_{name}": "0"})) == 1


@pytest.mark.parametrize("text", ["true", "yes", "on", "1", "TRUE", " Yes "])
def test_words_for_true(text):
    assert from_env({**PRODUCTION, "OTPAPP_MAIL_USE_TLS": text}).mail_use_tls is True


@pytest.mark.parametrize("text", ["false", "no", "off", "0", "False"])
def test_words_for_false(text):
    assert from_env({**PRODUCTION, "OTPAPP_MAIL_USE_TLS": text}).mail_use_tls is False


@pytest.mark.parametrize("text", ["maybe", "2", "t", "tru"])
def test_other_words_are_neither(text):
    assert "true or false" in faults({**PRODUCTION, "OTPAPP_MAIL_USE_TLS": text})[0]


@pytest.mark.parametrize("name", ["MODE", "SIGN_UP", "SENDER"])
def test_a_choice_takes_only_its_own_words(name):
    (fault,) = faults({**PRODUCTION, f"OTPAPP_{name}": "anything"})
    assert fault.startswith(f"OTPAPP_{name}: must be one of")


def test_lists_take_commas_and_blanks():
    listed = {"OTPAPP_SIGN_UP": "domains", "OTPAPP_SIGN_UP_DOMAINS": "Example.org, example.com"}
    settings = from_env({**PRODUCTION, **listed, "OTPAPP_SMS_REGIONS": "us fr,DE"})
    assert settings.sign_up_domains == {"example.org", "example.com"}
    assert settings.sms_regions == {"US", "FR", "DE"}


def test_the_mail_port_follows_the_kind_of_tls():
    assert from_env(PRODUCTION).mail_port == 25
    assert from_env({**PRODUCTION, "OTPAPP_MAIL_USE_TLS": "1"}).mail_port == 587
    assert from_env({**PRODUCTION, "OTPAPP_MAIL_USE_SSL": "1"}).mail_port == 465
    assert from_env({**PRODUCTION, "OTPAPP_MAIL_PORT": "2525"}).mail_port == 2525


def test_the_folder_of_counts_is_named_from_the_root_on():
    assert from_env({**PRODUCTION, "OTPAPP_METRICS": "/run/otpapp"}).metrics == "/run/otpapp"
    (fault,) = faults({**PRODUCTION, "OTPAPP_METRICS": "true"})
    assert fault == (
        "OTPAPP_METRICS: must name a folder from the root on, as /run/otpapp, not 'true'"
    )
