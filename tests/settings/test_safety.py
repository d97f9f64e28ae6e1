"""Settings that are fine one by one but unsafe together do not start."""

import pytest

from otpapp.settings import from_env
from tests.settings.helpers import CLASSROOM, DEVELOPMENT, PRODUCTION, faults

SMS = "jsons://gateway.example.org/{to}"


@pytest.mark.parametrize(
    "url", ["https://auth.example.org", "http://127.0.0.1:5000", "http://localhost", "http://[::1]"]
)
def test_production_is_https_or_on_loopback(url):
    assert from_env({**PRODUCTION, "OTPAPP_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://auth.example.org",
        "http://10.0.0.1",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://intranet.local",
    ],
)
def test_production_over_plain_http_elsewhere_is_refused(url):
    assert faults({**PRODUCTION, "OTPAPP_PUBLIC_URL": url}) == [
        "OTPAPP_PUBLIC_URL must be https, or http on a loopback address for trying it out"
    ]


@pytest.mark.parametrize(
    "url",
    [
        "auth.example.org",
        "ftp://auth.example.org",
        "https://",
        "https://auth.example.org/sign-in",
        "https://auth.example.org/?a=b",
        "https://auth.example.org/#top",
        "https://user@auth.example.org",
        "https://auth.example.org:port",
        "https://auth.example.org:99999",
        "https://[::1",
    ],
)
def test_a_public_url_that_is_no_origin_is_one_fault(url):
    (fault,) = faults({**PRODUCTION, "OTPAPP_PUBLIC_URL": url})
    assert fault.startswith("OTPAPP_PUBLIC_URL")


def test_the_public_url_is_kept_in_one_spelling():
    url = from_env({**PRODUCTION, "OTPAPP_PUBLIC_URL": "HTTPS://Auth.Example.org/"}).public_url
    assert url == "https://auth.example.org"


def test_a_host_too_long_for_a_text_message_is_refused():
    host = ".".join(["a" * 30] * 4)
    assert "host" in faults({**PRODUCTION, "OTPAPP_PUBLIC_URL": f"https://{host}"})[0]


@pytest.mark.parametrize("secret", ["s" * 64, "short but 0123456789", "0123456789abcdef" * 2])
def test_a_plain_secret_is_refused(secret):
    plain = len(secret) < 32 or len(set(secret)) < 10
    if plain:
        (fault,) = faults({**PRODUCTION, "OTPAPP_SECRET_KEY": secret})
        assert "OTPAPP_SECRET_KEY is too plain" in fault
    else:
        assert from_env({**PRODUCTION, "OTPAPP_SECRET_KEY": secret}).secret_key == secret


def test_a_plain_older_secret_is_refused_as_well():
    assert "too plain" in faults({**PRODUCTION, "OTPAPP_SECRET_KEY_FALLBACKS": "short"})[0]


@pytest.mark.parametrize("name", ["A\tB", "A\x1b[0m", "Example\nBcc: x@example.org", "E" * 41])
def test_a_site_name_is_short_and_printable(name):
    assert "OTPAPP_SITE_NAME" in faults({**PRODUCTION, "OTPAPP_SITE_NAME": name})[0]


def test_sign_up_by_domain_needs_domains():
    needed = "OTPAPP_SIGN_UP_DOMAINS is missing, and OTPAPP_SIGN_UP=domains needs it"
    assert faults({**PRODUCTION, "OTPAPP_SIGN_UP": "domains"}) == [needed]


def test_domains_without_sign_up_by_domain_are_refused():
    assert "is set, but" in faults({**PRODUCTION, "OTPAPP_SIGN_UP_DOMAINS": "example.org"})[0]


@pytest.mark.parametrize("name", ["OTPAPP_SMS_REGIONS", "OTPAPP_PHONE_REGION"])
def test_a_region_is_a_code_of_two_letters(name):
    assert "XX is none" in faults({**PRODUCTION, name: "XX"})[0]
    from_env({**PRODUCTION, name: "FR"})


def test_a_phone_region_may_be_spelt_in_small_letters():
    assert from_env({**PRODUCTION, "OTPAPP_PHONE_REGION": "fr"}).phone_region == "FR"


def test_a_text_message_address_holds_the_number():
    assert "{to}" in faults({**PRODUCTION, "OTPAPP_SMS_URL": "json://gateway.example.org/to"})[0]
    assert from_env({**PRODUCTION, "OTPAPP_SMS_URL": SMS}).sms_url == SMS


@pytest.mark.parametrize("url", ["nothing://x/{to}", "{to}", "twilio://SID:TOKEN@FROM/{to}"])
def test_a_text_message_address_is_one_that_apprise_understands(url):
    assert "Apprise" in faults({**PRODUCTION, "OTPAPP_SMS_URL": url})[0]


@pytest.mark.parametrize("mode", [PRODUCTION, DEVELOPMENT, CLASSROOM])
def test_cookies_are_secure_exactly_where_people_come_over_https(mode):
    for url in ("https://localhost", "http://localhost"):
        flask = from_env({**mode, "OTPAPP_PUBLIC_URL": url}).flask()
        assert flask["SESSION_COOKIE_SECURE"] is (url[:5] == "https")
        assert str(flask["SESSION_COOKIE_NAME"]).startswith("__Host-") is (url[:5] == "https")


@pytest.mark.parametrize(
    "url",
    [
        *("nonsense", "mysql://u@h/n", "postgres://u@h/n", "postgresql+psycopg2://u@h/n"),
        *("sqlite://", "sqlite:///:memory:", "sqlite:///sub/x.sqlite3", "sqlite:///"),
        *("postgresql://u@h:port/n", "postgresql://u@h:/n"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused(url):
    (fault,) = faults({**PRODUCTION, "OTPAPP_DATABASE_URL": url})
    assert fault.startswith("OTPAPP_DATABASE_URL must ")


@pytest.mark.parametrize(
    "url", ["sqlite:////var/lib/x.sqlite3", "postgresql://u:p@h:5433/n", "postgresql+psycopg://h/n"]
)
def test_a_file_and_a_postgresql_can_be_used(url):
    assert from_env({**PRODUCTION, "OTPAPP_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "server", ["smtp://mail.example.org", "mail.example.org:587", "a b", "a,b"]
)
def test_a_mail_server_is_a_name_alone(server):
    environ = {**PRODUCTION, "OTPAPP_MAIL_SERVER": server, "OTPAPP_MAIL_USE_TLS": "true"}
    (fault,) = faults(environ)
    assert fault.startswith("OTPAPP_MAIL_SERVER must be the name of a server")


@pytest.mark.parametrize(
    "host", ["a b", "*.example.org", "a,b", "exa<mple", "-example.org", "example.org:0", "a_b"]
)
def test_a_public_url_names_a_host_that_browsers_know(host):
    (fault,) = faults({**PRODUCTION, "OTPAPP_PUBLIC_URL": f"https://{host}"})
    assert fault.startswith("OTPAPP_PUBLIC_URL")


@pytest.mark.parametrize("domain", ["@example.org", "https://example.org", "example", "*.x.org"])
def test_a_sign_up_domain_is_a_domain(domain):
    environ = {"OTPAPP_SIGN_UP": "domains", "OTPAPP_SIGN_UP_DOMAINS": f"example.net {domain}"}
    assert faults({**PRODUCTION, **environ}) == [
        f"OTPAPP_SIGN_UP_DOMAINS takes names like example.org; {domain} is none"
    ]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("json://gateway.example.org/{to}", "must be encrypted"),
        ("JSON://gateway.example.org/{to}", "must be encrypted"),
        ("smseagle://token@gateway.example.org/{to}", "must be encrypted"),
        ("signal://gateway.example.org/+12025550100/{to}", "must be encrypted"),
        ("matrix://user:password@gateway.example.org/{to}", "must be encrypted"),
        ("jsons://gateway.example.org/{to}?verify=no", "must be encrypted"),
        ("jsons://gateway.example.org/{to}?verify=false", "must be encrypted"),
        ("jsons://gateway.example.org/{to}?verify=0", "must be encrypted"),
        ("jsons://gateway.example.org/{to}?verify=n%6f", "must be encrypted"),
        ("jsons://a.example.org/{to},jsons://b.example.org/{to}", "must be one address"),
        ("jsons://a.example.org/{to} jsons://b.example.org/{to}", "must be one address"),
    ],
)
def test_a_gateway_keeps_codes_to_itself(url, words):
    (fault,) = faults({**PRODUCTION, "OTPAPP_SMS_URL": url})
    assert words in fault


@pytest.mark.parametrize(
    "url",
    [
        "signals://gateway.example.org/+12025550100/{to}",
        f"twilio://AC{'a' * 32}:{'b' * 32}@+12025550100/{{to}}",
        f"vonage://{'a' * 8}:{'b' * 16}@12025550100/{{to}}",
        "json://127.0.0.1:8080/{to}",
        "signal://localhost/+12025550100/{to}",
    ],
)
def test_a_gateway_that_is_encrypted_or_on_this_machine_is_fine(url):
    assert from_env({**PRODUCTION, "OTPAPP_SMS_URL": url}).sms_url == url


@pytest.mark.parametrize("name", ["OTPAPP_PROOFS", "OTPAPP_PROOFS_OF_ADMINS"])
def test_passkeys_are_demanded_only_where_there_can_be_any(name):
    where = {"https://auth.example.org": 0, "http://localhost": 0, "http://127.0.0.1:5000": 1}
    for url, many in {**where, "https://192.0.2.1": 1, "https://[2001:db8::1]": 1}.items():
        found = faults({**PRODUCTION, "OTPAPP_PUBLIC_URL": url, name: "passkey"}) if many else []
        said = f"{name}=passkey needs a name in OTPAPP_PUBLIC_URL, and https"
        assert found == [said] * many
        if not many:
            assert from_env({**PRODUCTION, "OTPAPP_PUBLIC_URL": url, name: "passkey"})


def test_a_misspelt_name_hides_no_other_fault():
    environ = {name: text for name, text in PRODUCTION.items() if name != "OTPAPP_SECRET_KEY"}
    found = faults({**environ, "OTPAPP_SECRET_KEY_FALLBACK": "x"})
    assert len(found) == 2
    assert "OTPAPP_SECRET_KEY is missing" in found[1]
