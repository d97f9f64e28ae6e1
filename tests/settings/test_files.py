"""Every setting can come from a file named by `…_FILE`."""

import pytest

from otpapp.settings import from_env
from otpapp.settings.model import NAMES
from tests.helpers.certificates import Authority
from tests.settings.helpers import PRODUCTION, SECRET, faults

OTHER = "another secret, which a file holds, 9876543210 long enough"


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text(OTHER + "\n")
    return path


def without(name: str) -> dict[str, str]:
    return {key: text for key, text in PRODUCTION.items() if key != name}


def test_a_secret_can_stand_in_a_file_and_loses_its_line_end(secret_file):
    environ = without("OTPAPP_SECRET_KEY")
    assert from_env({**environ, "OTPAPP_SECRET_KEY_FILE": str(secret_file)}).secret_key == OTHER


def test_a_name_and_its_file_cannot_both_be_set(secret_file):
    for environ in (
        {**PRODUCTION, "OTPAPP_SECRET_KEY_FILE": str(secret_file)},
        {"OTPAPP_SECRET_KEY_FILE": str(secret_file), **PRODUCTION},
    ):
        assert faults(environ) == [
            "OTPAPP_SECRET_KEY and OTPAPP_SECRET_KEY_FILE are both set; keep one"
        ]


def test_a_missing_file_is_named_once_and_nothing_else_is_said_of_it(tmp_path):
    path = str(tmp_path / "missing")
    assert faults({**without("OTPAPP_SECRET_KEY"), "OTPAPP_SECRET_KEY_FILE": path}) == [
        f"OTPAPP_SECRET_KEY_FILE: cannot read {path} (FileNotFoundError)"
    ]


def test_a_folder_and_a_file_of_other_bytes_cannot_be_read(tmp_path):
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, binary):
        (fault,) = faults({**without("OTPAPP_SECRET_KEY"), "OTPAPP_SECRET_KEY_FILE": str(path)})
        assert "cannot read" in fault


def test_an_empty_file_counts_as_not_set(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    (fault,) = faults({**without("OTPAPP_SECRET_KEY"), "OTPAPP_SECRET_KEY_FILE": str(path)})
    assert "missing" in fault


def test_no_fault_shows_what_a_secret_or_its_file_holds(tmp_path):
    path = tmp_path / "secret"
    path.write_text("hunter2")
    (told,) = faults({**without("OTPAPP_SECRET_KEY"), "OTPAPP_SECRET_KEY_FILE": str(path)})
    assert "hunter2" not in told
    assert "hunter2" not in faults({**PRODUCTION, "OTPAPP_SECRET_KEY": "hunter2"})[0]


def test_a_name_that_ends_in_file_itself_is_not_read_as_one(tmp_path):
    Authority(tmp_path)
    own = str(next(tmp_path.glob("*.pem")))
    settings = from_env({**PRODUCTION, "OTPAPP_MAIL_CA_FILE": own})
    assert settings.mail_ca_file == own
    path = tmp_path / "which"
    path.write_text(own)
    settings = from_env({**PRODUCTION, "OTPAPP_MAIL_CA_FILE_FILE": str(path)})
    assert settings.mail_ca_file == own


@pytest.mark.parametrize("name", sorted(NAMES.keys() - PRODUCTION.keys()))
def test_every_other_name_has_its_file_too(name, tmp_path):
    path = tmp_path / "empty"
    path.touch()
    assert from_env({**PRODUCTION, f"{name}_FILE": str(path)}) == from_env(PRODUCTION)


def test_older_secrets_are_a_list_and_come_after_the_newest(tmp_path):
    path = tmp_path / "older"
    path.write_text(f"{'0123456789abcdef' * 3}\n{'fedcba9876543210' * 3}\n")
    settings = from_env({**PRODUCTION, "OTPAPP_SECRET_KEY_FALLBACKS_FILE": str(path)})
    assert settings.secrets == (SECRET, "0123456789abcdef" * 3, "fedcba9876543210" * 3)
