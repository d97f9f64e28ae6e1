"""`flask check-config` says what is wrong, unsafe or unfinished in the settings, and no secret."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest

from otpapp import create_bare_app
from tests.helpers.served import BIN, ROOT
from tests.settings.helpers import DEVELOPMENT, PRODUCTION, SECRET

GOOD = {**PRODUCTION, "OTPAPP_TRUSTED_PROXIES": "1"}


def check(environ: dict[str, str], *arguments: str):
    runner = create_bare_app(environ).test_cli_runner()
    return runner.invoke(args=["check-config", *arguments])


def warnings(environ: dict[str, str]) -> list[str]:
    done = check(environ, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["faults"] == []
    return found["warnings"]


def test_settings_that_are_fine_say_what_comes_next():
    done = check(GOOD)
    assert (done.exit_code, done.output) == (
        0,
        "otpapp starts with these settings. What is behind them: flask doctor\n",
    )


def test_all_faults_are_said_at_once():
    done = check({"OTPAPP_SECRETKEY": "x", "OTPAPP_CODE_DIGITS": "9"})
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert "WRONG    OTPAPP_SECRETKEY is not a setting of otpapp; is it misspelt?" in lines
    assert [line for line in lines if "OTPAPP_CODE_DIGITS" in line]
    assert [line for line in lines if "OTPAPP_PUBLIC_URL is missing" in line]
    assert lines[-1] == f"{len(lines) - 1} to put right; otpapp does not start so."
    found = json.loads(check({"OTPAPP_SECRETKEY": "x"}, "--json").stdout)
    assert len(found["faults"]) == 4 and found["warnings"] == []


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"OTPAPP_TRUSTED_PROXIES": "0"}, "OTPAPP_TRUSTED_PROXIES is 0: behind a proxy"),
        ({"OTPAPP_PUBLIC_URL": "http://localhost:5000"}, "OTPAPP_PUBLIC_URL is http: for trying"),
        ({"OTPAPP_PROOFS_OF_ADMINS": "one"}, "OTPAPP_PROOFS_OF_ADMINS=one: whoever reads"),
        ({"OTPAPP_GATE_PEERS": "::1 0.0.0.0/0"}, "OTPAPP_GATE_PEERS=0.0.0.0/0: anybody"),
        ({"OTPAPP_GATE_COOKIE_DOMAIN": "example.org"}, "OTPAPP_GATE_COOKIE_DOMAIN: an app"),
        (
            {"OTPAPP_SECRET_KEY_FALLBACKS": "an_older_secret_of_the_tests_0123456789"},
            "OTPAPP_SECRET_KEY_FALLBACKS still",
        ),
        ({"OTPAPP_SMS_URL": "json://127.0.0.1/{to}"}, "OTPAPP_SMS_REGIONS is empty"),
        ({"OTPAPP_SENDER": "none"}, "OTPAPP_SENDER=none: nothing is sent unless"),
        (
            {
                "OTPAPP_SMS_URL": "json://127.0.0.1/{to}",
                "OTPAPP_SMS_REGIONS": "FR",
                "OTPAPP_SIGN_UP": "open",
            },
            "OTPAPP_SIGN_UP=open lets anybody",
        ),
    ],
)
def test_what_is_unsafe_or_unfinished_is_a_warning(changes, begins):
    (said,) = warnings({**GOOD, **changes})
    assert said.startswith(begins)
    assert f"warning  {said}" in check({**GOOD, **changes}).output


def test_off_production_it_warns_of_what_is_shown():
    (said,) = warnings(DEVELOPMENT)
    assert said.startswith("OTPAPP_MODE=development shows codes")


@pytest.mark.parametrize(("mode", "count"), [(0o600, 0), (0o640, 0), (0o644, 1)])
def test_a_secret_that_everybody_here_can_read_is_said(tmp_path: Path, mode, count):
    file = tmp_path / "secret"
    file.write_text(SECRET)
    file.chmod(mode)
    environ = {name: text for name, text in GOOD.items() if name != "OTPAPP_SECRET_KEY"}
    said = warnings({**environ, "OTPAPP_SECRET_KEY_FILE": str(file)})
    assert len(said) == count
    assert all(f"chmod o= {file}" in one for one in said)


@pytest.mark.parametrize("more", [{}, {"OTPAPP_CODE_DIGITS": "9"}], ids=["well", "wrong"])
def test_no_secret_is_shown(more):
    secrets = {
        "OTPAPP_SECRET_KEY": "the first secret of all, 0123456789 abcdef",
        "OTPAPP_SECRET_KEY_FALLBACKS": "the_second_secret_of_all_0123456789_abcdef",
        "OTPAPP_MAIL_USERNAME": "postman",
        "OTPAPP_MAIL_PASSWORD": "hunter2hunter2",
        "OTPAPP_SMS_URL": "jsons://sid:tokentoken@127.0.0.1/{to}",
        "OTPAPP_DATABASE_URL": "postgresql://otpapp:swordfish@db/otpapp",
    }
    for arguments in ((), ("--json",)):
        said = check({**GOOD, **secrets, **more}, *arguments).output
        for secret in ("first secret", "second_secret", "hunter2", "tokentoken", "swordfish"):
            assert secret not in said


def test_it_runs_where_no_server_would_start():
    environ = {name: text for name, text in os.environ.items() if not name.startswith("OTPAPP_")}
    run = partial(subprocess.run, cwd=ROOT, env=environ, text=True, capture_output=True)
    done = run([str(BIN / "flask"), "check-config"])
    assert done.returncode == 1
    assert "WRONG    OTPAPP_SECRET_KEY is missing" in done.stdout
    assert done.stderr == ""
    other = run([str(BIN / "flask"), "keys", "rotate"])
    assert other.stderr.startswith("otpapp cannot start:")
