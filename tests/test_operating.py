"""docs/operating.md is run as it is written, but for the folders; two scripts play systemd."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import requests

from otpapp.rules import readiness
from tests.helpers.mailbox import Mailbox, code_in, free_port
from tests.helpers.served import ROOT
from tests.helpers.visitor import HttpVisitor, wait_for

PAGE = (ROOT / "docs" / "operating.md").read_text()
ALICE, BOB = "alice@example.org", "bob@example.org"
SUDO = """#!/bin/bash
[ "$1" = -u ] && shift 2
exec "$@"
"""
SYSTEMCTL = """#!/bin/bash
# Starts and stops the one service there is, as its unit says.
cd {opt}
if [ "$1" != start ] && [ -e {run}/pid ]; then
    pid=$(cat {run}/pid); rm {run}/pid; kill $pid
    while kill -0 $pid 2>/dev/null; do sleep 0.05; done
fi
[ "$1" = stop ] && exit
set -a; . {etc}/otpapp.env; set +a
setsid .venv/bin/granian --interface wsgi --no-ws --port {port} wsgi:app >>{run}/log 2>&1 &
echo $! >{run}/pid
for _ in $(seq 200); do
    curl --silent --fail http://127.0.0.1:{port}/healthz >/dev/null && exit
    sleep 0.05
done
cat {run}/log >&2; exit 1
"""
# Nothing here has a journal or a cron.
JOURNALCTL = "#!/bin/bash\n"


class Machine:
    """A folder that stands for the whole machine; `url` is where its site is."""

    def __init__(self, root: Path, mailbox: Mailbox) -> None:
        self.root, self.mailbox, self.port = root, mailbox, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.etc, self.lib = root / "etc/otpapp", root / "var/lib/otpapp"
        self.opt, self.run_folder = root / "opt/otpapp", root / "run"
        for folder in (self.etc, self.lib, self.run_folder, root / "bin", root / "opt"):
            folder.mkdir(parents=True)
        for folder in (root / "root", root / "etc/cron.d"):
            folder.mkdir()
        self._release(root / "opt/otpapp-1")
        self.opt.symlink_to("otpapp-1")
        places = {"opt": self.opt, "run": self.run_folder, "etc": self.etc, "port": self.port}
        programs = {"sudo": SUDO, "systemctl": SYSTEMCTL.format(**places), "journalctl": JOURNALCTL}
        for name, text in programs.items():
            (root / "bin" / name).write_text(text)
            (root / "bin" / name).chmod(0o755)

    def _release(self, folder: Path) -> None:
        """Make the first release: a clone of all that is here."""
        origin = self.root / "origin"
        never = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, origin, ignore=never)
        me = ["-c", "user.name=otpapp", "-c", "user.email=otpapp@example.org"]
        for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "All of it"]):
            subprocess.run(["git", *me, *command], cwd=origin, check=True)
        subprocess.run(["git", "clone", "-q", origin, folder], check=True)
        (folder / ".venv").symlink_to(ROOT / ".venv")

    def here(self, commands: str) -> str:
        """Return commands of the page with the folders of this machine."""
        for name in ("etc", "var", "opt"):
            commands = re.sub(rf"(?<![\w.])/{name}/", f"{self.root}/{name}/", commands)
        commands = commands.replace("/root/", f"{self.root}/root/")
        commands = commands.replace("/run/otpapp", f"{self.run_folder}/otpapp")
        commands = commands.replace("-o otpapp ", "").replace(":8000", f":{self.port}")
        # The environment is that of these tests; to make one takes minutes, and the network.
        return commands.replace("make .venv/run", f"ln -s {ROOT}/.venv .venv")

    def run(self, commands: str) -> str:
        """Run commands as they stand on the page; return what they print."""
        environ = {name: text for name, text in os.environ.items() if "OTPAPP_" not in name}
        environ |= {"PATH": f"{self.root}/bin:{environ['PATH']}"}
        environ |= {"ENV_FILE": str(self.etc / "otpapp.env")}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(commands)],
            cwd=self.opt,
            env=environ,
            text=True,
            capture_output=True,
            timeout=180,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def visitor(self, http: requests.Session | None = None) -> HttpVisitor:
        """Return somebody in front of the site."""
        return HttpVisitor(self, http)  # type: ignore[arg-type]

    def sign_in(self, visitor: HttpVisitor, address: str = ALICE) -> None:
        """Sign somebody in who is not."""
        before = len(self.mailbox.mails)
        visitor.ask(address)
        wait_for(lambda: len(self.mailbox.mails) > before)
        page = visitor.answer(code_in(self.mailbox.mails[-1]))
        assert "You are signed in" in page, page


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
    machine.sign_in(alice)
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
    machine.sign_in(alice)
    machine.run("sudo install -d -o otpapp -m 700 /var/backups/otpapp")
    machine.run(section("Upgrade") + "\nreadlink /opt/otpapp | grep -v otpapp-1")
    assert alice.open("/").status_code == 200, "nobody is signed out"
    (backup,) = (machine.root / "var/backups/otpapp").glob("before-upgrade-*.sqlite3")
    with closing(sqlite3.connect(backup)) as opened:
        assert opened.execute("SELECT count(*) FROM users").fetchone() == (3,)
    old = f"old={machine.opt.parent}/otpapp-1 before={readiness.newest_revision()}\n"
    machine.run(f"{old}{section('Rollback')}\nreadlink /opt/otpapp | grep otpapp-1")
    assert alice.open("/").status_code == 200


def test_an_old_release_serves_on_while_the_database_is_made_ready(machine):
    """What the page promises of an upgrade, and of a rollback that forgets to take it back."""
    alice = machine.visitor()
    machine.sign_in(alice)
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
    machine.sign_in(alice)
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
