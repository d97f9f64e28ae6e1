"""Apps behind a real nginx or Caddy that asks the gate, its sites written by the command."""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest

from otpapp.rules.gate import files
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from tests.helpers.backend import Backend, backend
from tests.helpers.mailbox import free_port
from tests.helpers.nginx import program
from tests.helpers.served import Served, answers, served
from tests.helpers.wire import Heard, Wire

NAMES = ("wiki", "books")
EVERYONE = Rule("/", ("everyone",))
RULES = (
    EVERYONE,
    Rule("/office", ("group:office",)),
    Rule("/admin", ("group:admins",)),
    Rule("/public", ("anyone",)),
    Rule("/vault", ("everyone",), "two"),
)
ROOMY = {
    "OTPAPP_LIMIT_SENDS_PER_IP": "1000",
    "OTPAPP_LIMIT_SENDS_PER_SITE": "1000",
    "OTPAPP_LIMIT_FAILURES_PER_IP": "1000",
}
PATIENCE = 10.0  # seconds
TO_SIGN_IN = (302, 303)  # nginx makes no difference; the gate says 303 where a form was sent
# As Debian's, and laxer: for other sites an operator may have allowed whatever he liked.
MAIN = """
{user}
daemon off;
worker_processes 2;
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    access_log access.log;
    underscores_in_headers on;
    large_client_header_buffers 4 64k;
    proxy_intercept_errors off;
    include *.site;
}}
"""
CADDY = """
{
    admin off
    auto_https off
    storage file_system storage
}
import *.site
"""


@dataclass
class Gated:
    """`apps` are the origins of the apps by name; what they serve is the one backend.

    In front of them stands nginx.
    """

    kind = "nginx"
    server: Served
    backend: Backend
    folder: Path
    apps: dict[str, str] = field(default_factory=dict)
    cache_seconds: int = 0

    def write(self, name: str, *options: str, edits: dict[str, str] | None = None) -> None:
        """Write the site of an app as `flask apps snippet` has it, but for `edits`."""
        lines = self.flask("apps", "snippet", name, "--for", self.kind, "--to", self.to, *options)
        for old, new in (edits or {}).items():
            assert old in lines, f"the snippet does not say {old}"
            lines = lines.replace(old, new)
        (self.folder / f"{name}.site").write_text(lines)

    @property
    def to(self) -> str:
        """Where the app is served."""
        return f"http://127.0.0.1:{self.backend.port}"

    @property
    def wiki(self) -> str:
        """The origin of the first app."""
        return self.apps["wiki"]

    @property
    def books(self) -> str:
        """The origin of the second."""
        return self.apps["books"]

    def flask(self, *arguments: str) -> str:
        """Run a flask command of the site; return what it prints."""
        done = self.server.flask(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start the proxy, and wait until it takes connections."""
        command = self._command()
        log = self.folder / "error.log"
        with log.open("a") as errors:
            self._process = subprocess.Popen(command, stderr=errors, cwd=self.folder)
        deadline = time.monotonic() + PATIENCE
        while not all(answers(int(origin.rpartition(":")[2])) for origin in self.apps.values()):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)

    def _command(self) -> list[str]:
        """Return what starts the proxy, when it finds nothing wrong with its configuration."""
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(MAIN.format(user=user))
        command = [program(), "-p", str(self.folder), "-e", "error.log", "-c", "nginx.conf"]
        tested = subprocess.run([*command, "-t"], text=True, capture_output=True, timeout=20)
        assert tested.returncode == 0, tested.stderr
        assert "warn" not in tested.stderr, tested.stderr
        return command

    def stop(self) -> None:
        """End the proxy."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def reload(self) -> None:
        """Have the proxy read its sites anew; those that it served before are over."""
        self.stop()
        self.start()

    def code_for(self, address: str) -> str:
        """Wait for a code to an address, and return the newest."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with urllib.request.urlopen(f"{self.server.url}/inbox") as answer:
                page = answer.read().decode()
            for article in re.findall(r"<article.*?</article>", page, re.DOTALL):
                found = re.search(r"\b\d{6}\b", unescape(re.sub(r"<[^>]*>", " ", article)))
                if f"<b>{address}</b>" in article and found:
                    return found[0]
            assert time.monotonic() < deadline, f"no code came to {address}"
            time.sleep(0.03)

    def sign_in(self, wire: Wire, address: str, url: str = "") -> Heard:
        """Open an address of an app and sign in on the way; return the page it ends with."""
        page = wire.open(url or self.wiki + "/")
        page = wire.submit(page, "/sign-in", identifier=address)
        return wire.submit(page, "/sign-in/code", code=self.code_for(address))


class GatedByCaddy(Gated):
    """The same behind Caddy."""

    kind = "caddy"

    def _command(self) -> list[str]:
        caddy = shutil.which("caddy")
        if caddy is None:
            pytest.skip("caddy is not installed (apt-get install caddy)")
        (self.folder / "Caddyfile").write_text(CADDY)
        command = ["--config", "Caddyfile", "--adapter", "caddyfile"]
        tested = subprocess.run(
            [caddy, "validate", *command],
            cwd=self.folder,
            text=True,
            capture_output=True,
            timeout=20,
        )
        assert tested.returncode == 0, tested.stderr
        return [caddy, "run", *command]


PROXIES = (Gated, GatedByCaddy)


@contextmanager
def gated(
    folder: Path,
    workers: int = 1,
    prefix: tuple[str, ...] = (),
    kind: type[Gated] = Gated,
    **environ: str,
) -> Iterator[Gated]:
    """Serve a site with two apps behind its gate, in `folder`, for the length of the block."""
    with served(folder, workers, prefix, **ROOMY, **environ) as server, backend() as app:
        site = kind(server, app, folder / kind.kind)
        site.folder.mkdir()
        site.apps |= {name: f"http://{name}.localhost:{free_port()}" for name in NAMES}
        rules = {"wiki": RULES, "books": (EVERYONE,)}
        plans = [Plan(name, name.capitalize(), url, rules[name]) for name, url in site.apps.items()]
        (site.folder / "apps.toml").write_text(files.write(plans))
        site.flask("apps", "import", str(site.folder / "apps.toml"))
        for name in NAMES:
            site.write(name)
        site.start()
        try:
            yield site
        finally:
            site.stop()
