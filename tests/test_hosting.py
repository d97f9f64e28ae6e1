"""docs/hosting.md is run as it is written, up to a sign-in through nginx with a code by opensmtpd.

Scripts play what would change the machine: apt, adduser, systemd, and certbot, whose certificate is
of the tests' own authority. The doctor is left out, for the name of the site leads nowhere here.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.helpers.authenticator import app_code
from tests.helpers.certificates import Authority
from tests.helpers.local_mail import local_mail
from tests.helpers.machine import Machine, MailServer
from tests.helpers.mailbox import Mailbox, code_in, free_port, text_of
from tests.helpers.nginx import MAIN, NAME, browser_at, has_ipv6, program
from tests.helpers.served import ROOT, answers
from tests.helpers.visitor import HttpVisitor, wait_for

PAGE = (ROOT / "docs" / "hosting.md").read_text()
YOU = "you@example.org"
NOTHING = "#!/bin/bash\n"
CERTBOT = """#!/bin/bash
[[ " $* " == *" -d {name} "* ]] || exit 1
mkdir -p {live}
for file in fullchain privkey; do cp {certificate} {live}/$file.pem; done
"""
NGINX = '#!/bin/bash\nexec {program} -p {folder} -e error.log -c nginx.conf "$@"\n'
CREATEDB = '#!/bin/bash\nPGHOST={host} PGUSER=otpapp exec {program} "$@"\n'


class Empty(Machine):
    """A machine on which Debian was just installed, and nginx, which serves nothing yet."""

    def __init__(self, root: Path, mailbox: MailServer) -> None:
        super().__init__(root, mailbox)
        self.authority, self.tls_port, self.url = Authority(root), free_port(), f"https://{NAME}"
        self.nginx_folder = root / "etc/nginx"
        for folder in ("etc/nginx/conf.d", "etc/systemd/system", "var/log/nginx", "var/www/html"):
            (root / folder).mkdir(parents=True)
        for folder in (self.etc, self.lib):
            folder.rmdir()  # the page makes it
        main = MAIN.format(user="user root;").replace("site.conf", "conf.d/*.conf")
        (self.nginx_folder / "nginx.conf").write_text(main)
        self.source = self.publish(self._edit)
        for name in ("apt-get", "adduser", "createuser"):
            self.play(name, NOTHING)
        live, own = root / "etc/letsencrypt/live" / NAME, root / "etc/ssl/otpapp"
        certificate = self.authority.server_file(NAME)
        own.mkdir(parents=True)
        for name in ("fullchain.pem", "privkey.pem"):
            (own / name).write_bytes(certificate.read_bytes())
        self.play("certbot", CERTBOT.format(name=NAME, live=live, certificate=certificate))
        self.play("nginx", NGINX.format(program=program(), folder=self.nginx_folder))

    def _edit(self, release: Path) -> None:
        """Give nginx the ports and the folders of this machine."""
        site = release / "deploy/nginx/otpapp.conf"
        lines = site.read_text().splitlines(True)
        text = "".join(line for line in lines if has_ipv6() or "listen [::]" not in line)
        text = re.sub(r"(listen \S*?)443", rf"\g<1>{self.tls_port}", text)
        text = re.sub(r"(listen \S*?)80;", rf"\g<1>{free_port()};", text)
        text = re.sub(r"(?<=[ ])(?=/(etc|var)/)", str(self.root), text)
        site.write_text(text.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}"))

    def here(self, commands: str) -> str:
        """Return commands of the page with the names and folders of this machine."""
        commands = re.sub("(?m)^source=.*", f"source={self.source}", commands)
        commands = commands.replace("site=auth.example.org", f"site={NAME}")
        commands = commands.replace("-g otpapp ", "")
        mail = "--mail-server 127.0.0.1"
        return super().here(commands).replace(mail, f"{mail} --mail-port {self.mailbox.port}")

    @contextmanager
    def nginx(self) -> Iterator[None]:
        """Run nginx for the length of the block, as its package starts it."""
        process = subprocess.Popen([self.root / "bin/nginx"], stderr=subprocess.DEVNULL)
        try:
            wait_for((self.nginx_folder / "nginx.pid").exists)
            yield
        finally:
            process.terminate()
            process.wait(timeout=10)

    def browser(self) -> HttpVisitor:
        """Return somebody who opens the site by its name, over TLS."""
        return self.visitor(browser_at(self.tls_port, self.authority))


def commands() -> str:
    """Return all that is typed, in order, without the doctor; what is set deeper is a choice."""
    typed, _ = PAGE.split("## With PostgreSQL")
    lines = re.findall(r"^    (\S(?:.*\\\n)*.*)$", typed, re.MULTILINE)
    return "\n".join(line for line in lines if not line.endswith("flask doctor"))


@contextmanager
def made(folder: Path, mailbox: MailServer, typed: str, createdb: str = NOTHING) -> Iterator[Empty]:
    """Type all that on an empty machine; it is there for the length of the block."""
    machine = Empty(folder, mailbox)
    machine.play("createdb", createdb)
    with machine.nginx():
        try:
            machine.run(typed)
            wait_for(lambda: answers(machine.tls_port))
            yield machine
        finally:
            machine.run("systemctl stop otpapp")


def sent(mailbox: MailServer, address: str) -> list[EmailMessage]:
    """Return the codes that came to an address: notices come among them when they like."""
    mails = [mail for mail in mailbox.mails if mail["To"] == address]
    return [mail for mail in mails if re.match("[0-9]+ is your", text_of(mail))]


def code_mail(mailbox: MailServer, address: str) -> EmailMessage:
    wait_for(lambda: sent(mailbox, address))
    return sent(mailbox, address)[-1]


pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def test_the_page_makes_a_site_where_one_signs_in(tmp_path):
    with local_mail("you", "alice") as mail, made(tmp_path, mail, commands()) as machine:
        wait_for(lambda: len(mail.mails) == 1)
        assert mail.mails[0]["To"] == YOU, "the test message"
        you = machine.browser()
        you.ask(YOU)
        came = code_mail(mail, YOU)
        assert f"codes@{NAME}" in came["From"]
        assert f"https://{NAME}" in text_of(came)
        page = you.answer(code_in(came))
        assert "One more thing to set up" in page
        you.open("/account/security/app")
        key = re.search(r"[?;&]secret=([A-Z2-7]+)", you.page)[1]
        you.submit("/account/security/app", code=app_code(key, datetime.now(UTC)))
        assert you.is_in
        alice = machine.browser()
        alice.ask("alice@example.org")
        assert "You are signed in" in alice.answer(code_in(code_mail(mail, "alice@example.org")))


def with_own_certificate(typed: str) -> str:
    """Return what is typed by whoever has a certificate."""
    own = re.search(r"^ {8}(sudo sed .+)$", PAGE, re.MULTILINE)[1]
    typed = re.sub("(?m)^sudo certbot .*\n", "", typed)
    return typed.replace("sudo nginx -t", f"{own}\nsudo nginx -t")


def test_with_postgresql_and_a_certificate_of_ones_own(tmp_path, postgres):
    host = postgres.partition("host=")[2]
    _, _, section = PAGE.partition("## With PostgreSQL")
    before = "".join(re.findall(r"^    (\S.*\n)", section, re.MULTILINE))
    url = re.search(r"--database-url (\".+\")", section)[1].replace("/var/run/postgresql", host)
    typed = re.sub(r"(?<=--database-url )\S+", url, with_own_certificate(commands()))
    createdb = CREATEDB.format(host=host, program=shutil.which("createdb"))
    with Mailbox() as mailbox, made(tmp_path, mailbox, before + typed, createdb) as machine:
        machine.sign_in(machine.browser(), "alice@example.org")
        assert not list(machine.lib.iterdir())
        assert not (tmp_path / "etc/letsencrypt").exists()
