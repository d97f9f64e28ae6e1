"""`flask setup` makes a whole site where there was none, and changes nothing that is there."""

import os
import subprocess

import pytest

from otpapp import create_bare_app
from tests.commands.test_check_config import check
from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import BIN, ROOT, START_SECONDS, answers, free_port
from tests.helpers.visitor import HttpVisitor, wait_for

ADMIN = "you@example.org"
ODD = 'Bob\'s "$HOME" team'


def options(folder, **changes: str) -> list[str]:
    """Return what is told the command for a site whose files are in `folder`."""
    given = {
        "public-url": "https://auth.example.org",
        "site-name": ODD,
        "admin": ADMIN,
        "mail-server": "mail.example.org",
        "mail-sender": "codes@example.org",
        "database-url": f"sqlite:///{folder / 'site.sqlite3'}",
        "env-file": str(folder / "otpapp.env"),
        **{name.replace("_", "-"): text for name, text in changes.items()},
    }
    return [f"--{name}={text}" for name, text in given.items() if text]


def setup(arguments: list[str], typed: str = ""):
    return create_bare_app({}).test_cli_runner().invoke(args=["setup", *arguments], input=typed)


def read(file) -> dict[str, str]:
    """Return what a shell makes of a file of settings."""
    command = ["bash", "-c", f"set -a; . {file}; env -0"]
    printed = subprocess.run(command, env={}, text=True, capture_output=True, check=True).stdout
    pairs = (line.split("=", 1) for line in printed.split("\0") if "=" in line)
    return {name: text for name, text in pairs if name.startswith("OTPAPP_")}


def test_what_it_writes_makes_a_server_that_is_fine(tmp_path):
    done = setup(options(tmp_path))
    assert done.exit_code == 0, done.output
    file = tmp_path / "otpapp.env"
    assert file.stat().st_mode & 0o777 == 0o600
    environ = read(file)
    assert environ["OTPAPP_SITE_NAME"] == ODD
    assert environ["OTPAPP_MAIL_USE_TLS"] == "true"
    assert environ["OTPAPP_TRUSTED_PROXIES"] == "1"
    assert len(environ["OTPAPP_SECRET_KEY"]) == 64
    assert environ["OTPAPP_SECRET_KEY"] not in done.output
    assert check(environ).output.startswith("otpapp starts with these settings.")
    assert f". {file}; set +a" in done.output


def test_either_database_will_do(tmp_path, either_new_url):
    done = setup(options(tmp_path, database_url=either_new_url))
    assert done.exit_code == 0, done.output
    again = setup(options(tmp_path, database_url=either_new_url, env_file=str(tmp_path / "b")))
    assert "There is a site in this database already" in again.output


def test_secrets_are_fresh(tmp_path):
    found = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert setup(options(tmp_path / name)).exit_code == 0
        found.add(read(tmp_path / name / "otpapp.env")["OTPAPP_SECRET_KEY"])
    assert len(found) == 2


def test_it_asks_for_what_is_not_told(tmp_path):
    told = options(tmp_path, admin="", mail_sender="", mail_username="otpapp")
    done = setup(told, typed=f"{ADMIN}\ncodes@example.org\nhunter2 hunter2\n")
    assert done.exit_code == 0, done.output
    assert "Your email address: " in done.output
    assert "hunter2" not in done.output
    environ = read(tmp_path / "otpapp.env")
    assert environ["OTPAPP_MAIL_PASSWORD"] == "hunter2 hunter2"
    assert environ["OTPAPP_MAIL_DEFAULT_SENDER"] == "codes@example.org"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"public_url": "http://auth.example.org"}, "OTPAPP_PUBLIC_URL must be https"),
        ({"mail_security": "none"}, "OTPAPP_MAIL_USE_TLS or _SSL must be true"),
        ({"database_url": "mysql://x/y"}, "OTPAPP_DATABASE_URL must begin with sqlite:"),
        ({"admin": "you"}, "you is no address that can sign in."),
        ({"database_url": "postgresql://nobody@/none?host=/nowhere"}, "The database cannot be"),
        ({"env_file": "/proc/nothing/otpapp.env"}, "cannot be written"),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(tmp_path, changes, said):
    done = setup(options(tmp_path, **changes))
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.glob("*.env")) == []


def test_a_file_that_is_there_stays_as_it_is(tmp_path):
    file = tmp_path / "otpapp.env"
    file.write_text("of another site")
    done = setup(options(tmp_path))
    assert done.exit_code == 1
    assert f"{file} is there already, and stays as it is." in done.output
    assert file.read_text() == "of another site"
    assert list(tmp_path.glob("*.sqlite3")) == []


def test_a_database_with_users_is_not_made_anew(tmp_path):
    assert setup(options(tmp_path)).exit_code == 0
    done = setup(options(tmp_path, env_file=str(tmp_path / "another.env")))
    assert done.exit_code == 1
    assert "There is a site in this database already" in done.output
    assert not (tmp_path / "another.env").exists()


def test_without_any_setting_it_makes_a_site_where_the_first_admin_signs_in(tmp_path):
    """The commands that it prints, in processes of their own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    bare = {name: text for name, text in os.environ.items() if not name.startswith("OTPAPP_")}
    with Mailbox() as mailbox:
        mail = {"mail_server": "127.0.0.1", "mail_port": str(mailbox.port)}
        command = [str(BIN / "flask"), "setup", *options(tmp_path, public_url=url, **mail)]
        made = subprocess.run(command, cwd=ROOT, env=bare, text=True, capture_output=True)
        assert made.returncode == 0, made.stderr
        serve = f"{BIN}/granian --interface wsgi --no-ws --port {port} wsgi:app"
        shell = f"set -a; . {tmp_path / 'otpapp.env'}; set +a; exec {serve}"
        server = subprocess.Popen(["bash", "-c", shell], cwd=ROOT, env=bare)
        try:
            wait_for(lambda: answers(port), seconds=START_SECONDS)
            visitor = HttpVisitor(_At(url))
            visitor.ask(ADMIN)
            wait_for(lambda: mailbox.mails)
            page = visitor.answer(code_in(mailbox.mails[0]))
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert "second" in page, "admins are asked for a second proof"


class _At:
    """Where a server is."""

    def __init__(self, url: str) -> None:
        self.url = url
