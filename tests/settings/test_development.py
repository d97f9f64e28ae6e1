"""Development and the classroom start by themselves, on machines that are not public only."""

import stat

import pytest

from otpapp.settings import Settings, from_env, reading
from tests.settings.helpers import CLASSROOM, DEVELOPMENT, SECRET, faults

NEAR = (
    *("http://127.0.0.1:5000", "http://localhost", "https://otp.localhost", "http://192.168.1.20"),
    *("http://10.1.2.3:8000", "http://class.local", "http://a.test", "http://[fd00::1]"),
)
PUBLIC = (
    *("https://auth.example.org", "http://8.8.8.8", "http://local.example.org"),
    *("http://[2606:4700::1111]", "http://0x7f000001.example.org", "http://evil-local"),
)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty checkout in place of ours."""
    monkeypatch.setattr(reading, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("mode", ["development", "classroom"])
def test_only_the_mode_needs_to_be_set(root, mode):
    settings = from_env({"OTPAPP_MODE": mode})
    assert settings.sign_up == "open"
    assert settings.public_url == "http://127.0.0.1:5000"
    assert not settings.is_production


@pytest.mark.parametrize("mode", ["development", "classroom"])
def test_each_mode_has_a_database_of_its_own(root, mode):
    url = from_env({"OTPAPP_MODE": mode}).database_url
    assert url == f"sqlite:///{root}/instance/{mode}.sqlite3"
    assert url != Settings().database_url
    other = {"OTPAPP_MODE": mode, "OTPAPP_DATABASE_URL": "sqlite:////tmp/x"}
    assert from_env(other).database_url == "sqlite:////tmp/x"


def test_the_secret_is_made_once_and_kept(root):
    first = from_env({"OTPAPP_MODE": "development"}).secret_key
    assert len(first) >= 43
    assert from_env({"OTPAPP_MODE": "development"}).secret_key == first


def test_only_its_owner_can_read_the_secret(root):
    from_env({"OTPAPP_MODE": "development"})
    path = root / "instance" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_checkouts_have_two_secrets(tmp_path, monkeypatch):
    found = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(reading, "ROOT", tmp_path / name)
        found.add(from_env({"OTPAPP_MODE": "development"}).secret_key)
    assert len(found) == 2


def test_a_secret_that_is_set_is_used_and_none_is_made(root):
    assert from_env(DEVELOPMENT).secret_key == SECRET
    assert not (root / "instance").exists()


def test_production_makes_no_secret(root):
    assert "OTPAPP_SECRET_KEY is missing" in faults({})[0]
    assert not (root / "instance").exists()


@pytest.mark.parametrize("mode", [DEVELOPMENT, CLASSROOM], ids=["development", "classroom"])
@pytest.mark.parametrize("url", NEAR)
def test_a_machine_nearby_is_fine(mode, url):
    assert from_env({**mode, "OTPAPP_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize("mode", [DEVELOPMENT, CLASSROOM], ids=["development", "classroom"])
@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_machine_is_refused_because_codes_are_shown(mode, url):
    (fault,) = faults({**mode, "OTPAPP_PUBLIC_URL": url})
    assert "shows codes" in fault


@pytest.mark.parametrize(
    "delivery",
    [
        {"OTPAPP_MAIL_SERVER": "127.0.0.1"},
        {"OTPAPP_SMS_URL": "json://gateway.example.org/{to}"},
    ],
)
def test_a_classroom_sends_nothing_out(delivery):
    (fault,) = faults({**CLASSROOM, **delivery})
    assert fault == "OTPAPP_MAIL_SERVER and OTPAPP_SMS_URL cannot be set in a classroom"


def test_development_may_use_a_mail_server():
    assert from_env({**DEVELOPMENT, "OTPAPP_MAIL_SERVER": "127.0.0.1"}).mail_server == "127.0.0.1"
