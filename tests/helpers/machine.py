"""A folder that stands for a whole machine: the pages for operators are run in it as written."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import requests

from tests.helpers.mailbox import code_in, free_port
from tests.helpers.served import ROOT
from tests.helpers.visitor import HttpVisitor, wait_for

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


class MailServer(Protocol):
    """Takes mail on `port`, and keeps it in `mails`, the oldest first."""

    port: int

    @property
    def mails(self) -> list[EmailMessage]: ...


class Machine:
    """A folder that stands for the whole machine; `url` is where its site is."""

    def __init__(self, root: Path, mailbox: MailServer) -> None:
        self.root, self.mailbox, self.port = root, mailbox, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.etc, self.lib = root / "etc/otpapp", root / "var/lib/otpapp"
        self.opt, self.run_folder = root / "opt/otpapp", root / "run"
        for folder in (self.etc, self.lib, self.run_folder, root / "bin", root / "opt"):
            folder.mkdir(parents=True)
        for folder in (root / "root", root / "etc/cron.d"):
            folder.mkdir()
        places = {"opt": self.opt, "run": self.run_folder, "etc": self.etc, "port": self.port}
        programs = {"sudo": SUDO, "systemctl": SYSTEMCTL.format(**places), "journalctl": JOURNALCTL}
        for name, text in programs.items():
            self.play(name, text)

    def play(self, name: str, text: str) -> None:
        """Have a script stand for a program that this machine has not."""
        (self.root / "bin" / name).write_text(text)
        (self.root / "bin" / name).chmod(0o755)

    def publish(self, edit: Callable[[Path], None] = lambda _: None) -> Path:
        """Make the repository that releases come from: all that is here, edited."""
        origin = self.root / "origin"
        never = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, origin, ignore=never)
        edit(origin)
        me = ["-c", "user.name=otpapp", "-c", "user.email=otpapp@example.org"]
        for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "All of it"]):
            subprocess.run(["git", *me, *command], cwd=origin, check=True)
        return origin

    def install(self) -> None:
        """Put the first release in its place."""
        release = self.root / "opt/otpapp-1"
        subprocess.run(["git", "clone", "-q", self.publish(), release], check=True)
        (release / ".venv").symlink_to(ROOT / ".venv")
        self.opt.symlink_to(release.name)

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
            cwd=self.opt if self.opt.exists() else self.root,
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

    def sign_in(self, visitor: HttpVisitor, address: str) -> None:
        """Sign somebody in who is not."""
        before = len(self.mailbox.mails)
        visitor.ask(address)
        wait_for(lambda: len(self.mailbox.mails) > before)
        page = visitor.answer(code_in(self.mailbox.mails[-1]))
        assert "You are signed in" in page, page
