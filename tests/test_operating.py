"""docs/operating.md is run as it is written, but for the folders; two scripts play systemd."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests

from otpapp.rules import readiness
from tests.helpers.machine import Machine
from tests.helpers.mailbox import Mailbox
from tests.helpers.served import ROOT

PAGE = (ROOT / "docs" / "operating.md").read_text()
ALICE, BOB = "alice@example.org", "bob@example.org"


def section(*headings: str) -> str:
    """Return the commands under these headings, without the doctor, who finds no nginx here."""
    found = []
    for heading in headings:
        text = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]
        lines = re.findall(r"^    (.+)$", text, re.MULTILINE)
        found += [line for line in lines if not line.endswith("flask doctor")]
    return "\n".join(found)


pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def machine(tmp_path):
    with Mailbox() as mailbox:
        machine = Machine(tmp_path, mailbox)
        machine.install()
        machine.run(
            f".venv/bin/flask setup --env-file {machine.etc}/otpapp.env "
            f"--database-url sqlite:///{machine.lib}/otpapp.sqlite3 --public-url {machine.url} "
            f"--site-name Team --admin you@example.org --mail-server 127.0.0.1 "
            f"--mail-port {mailbox.port} --mail-sender codes@example.org; "
            f"deploy/systemd/flask users create {ALICE}; "
            f"deploy/systemd/flask users create {BOB}; systemctl start otpapp"
        )
        yield machine
        machine.run("systemctl stop otpapp")


def test_a_backup_is_put_back(machine):
    machine.run(section("Backup"))
    alice = machine.visitor()
    machine.sign_in(alice, ALICE)
    machine.run(section("Restore"))
    assert alice.open("/").status_code == 303, "everybody signs in once more"
    machine.sign_in(machine.visitor(), BOB)
    kept = Path(f"{machine.root}/root/otpapp.env")
    assert kept.read_text() == (machine.etc / "otpapp.env").read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    cron = (machine.root / "etc/cron.d/otpapp").read_text()
    assert re.fullmatch(r"17 3 \* \* \* otpapp cd .*%F.* -delete\n", cron)


def test_a_release_is_put_in_place_and_taken_back(machine):
    alice = machine.visitor()
    machine.sign_in(alice, ALICE)
    machine.run("sudo install -d -o otpapp -m 700 /var/backups/otpapp")
    machine.run(section("Upgrade") + "\nreadlink /opt/otpapp | grep -v otpapp-1")
    assert alice.open("/").status_code == 200, "nobody is signed out"
    (backup,) = (machine.root / "var/backups/otpapp").glob("before-upgrade-*.sqlite3")
    with closing(sqlite3.connect(backup)) as opened:
        assert opened.execute("SELECT count(*) FROM users").fetchone() == (3,)
    old = f"old={machine.opt.parent}/otpapp-1 before={readiness.newest_revision()}\n"
    machine.run(f"{old}{section('Rollback')}\nreadlink /opt/otpapp | grep otpapp-1")
    assert alice.open("/").status_code == 200


def test_root_reads_the_checkout_of_root():
    """Git refuses anybody else, which nobody notices where root plays everybody, as here."""
    assert "git -C" in PAGE
    assert not re.search("(?<!sudo )git (-C|clone)", PAGE)


def test_an_old_release_serves_on_while_the_database_is_made_ready(machine):
    """What the page promises of an upgrade, and of a rollback that forgets to take it back."""
    alice = machine.visitor()
    machine.sign_in(alice, ALICE)
    with closing(sqlite3.connect(machine.lib / "otpapp.sqlite3")) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
        opened.commit()
    assert alice.open("/").status_code == 200
    assert requests.get(f"{machine.url}/readyz", timeout=20).status_code == 503
    with pytest.raises(AssertionError, match="the database is at revision 9999"):
        machine.run("systemctl restart otpapp")
    with closing(sqlite3.connect(machine.lib / "otpapp.sqlite3")) as opened:
        newest = readiness.newest_revision()
        opened.execute("UPDATE alembic_version SET version_num = ?", (newest,))
        opened.commit()


def test_what_is_done_when_something_happened(machine):
    alice = machine.visitor()
    machine.sign_in(alice, ALICE)
    before = (machine.etc / "otpapp.env").read_text()
    machine.run("sudo install -d -o otpapp -m 700 /var/backups/otpapp")
    leaked, again = section("The secret key leaked").rsplit("\n", 1)
    machine.run(leaked)
    after = (machine.etc / "otpapp.env").read_text()
    assert re.sub("KEY=.*", "", after) == re.sub("KEY=.*", "", before)
    assert after != before
    sent = len(machine.mailbox.mails)
    machine.run(
        section(
            *("A laptop was stolen", "Mail is down", "The disk is full"),
            "Signing in by code is closed to somebody",
        )
    )
    assert len(machine.mailbox.mails) == sent + 1, "the test message"
    machine.run(again)
    assert alice.open("/").status_code == 303
    machine.sign_in(machine.visitor(), BOB)


def test_it_is_watched(machine):
    printed = machine.run(section("Monitoring"))
    assert printed.startswith("ok\n")
    assert '"status":"ready"' in printed
    for name in re.findall(r"otpapp_[a-z_]+", PAGE):
        counted = re.sub("_(total|bucket)$", "", name)
        known = (ROOT / "otpapp/metrics.py").read_text()
        known += (ROOT / "otpapp/web/health/gauges.py").read_text()
        assert f'"{counted}"' in known, name
    assert "otpapp_database_up{} 1" in printed
