"""Debian's opensmtpd on loopback, which delivers to people of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.helpers.mailbox import free_port
from tests.helpers.served import answers
from tests.helpers.visitor import wait_for

NOBODY = 65534
# There can be one on a machine: this place is built into it.
CONTROL = "/run/smtpd.sock"
SETTINGS = """
table people {{ {people} }}
listen on 127.0.0.1 port {port}
action "local" maildir "{maildir}" userbase <people>
match for domain "example.org" action "local"
match for any reject
"""


class LocalMail:
    """Takes mail for some people at example.org on `port`; nothing leaves the machine."""

    def __init__(self, home: Path, people: tuple[str, ...]) -> None:
        self.port = free_port()
        self._maildir = home / "Maildir"
        rows = ", ".join(f'"{name}" = "{NOBODY}:{NOBODY}:{home}"' for name in people)
        self.settings = home / "smtpd.conf"
        told = {"people": rows, "port": self.port, "maildir": self._maildir}
        self.settings.write_text(SETTINGS.format(**told))

    @property
    def mails(self) -> list[EmailMessage]:
        """What was delivered, the oldest first."""
        files = sorted(self._maildir.glob("new/*"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@contextmanager
def local_mail(*people: str) -> Iterator[LocalMail]:
    """Run one for the length of the block; where none can run, skip the test."""
    program = _program()
    # Not in the folder of a test, which only its owner may enter: opensmtpd delivers as others.
    home = Path(tempfile.mkdtemp(prefix="otpapp-mail-"))
    os.chown(home, NOBODY, NOBODY)
    server = LocalMail(home, people)
    process = subprocess.Popen(
        [program, "-d", "-f", server.settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: answers(server.port))
        yield server
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(home)


def _program() -> str:
    found = shutil.which("smtpd", path="/usr/sbin")
    if found is None:
        pytest.skip("opensmtpd is not installed (apt-get install opensmtpd)")
    if os.getuid() != 0:
        pytest.skip("opensmtpd runs as root only")
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(CONTROL) == 0:
            pytest.skip("this machine runs an opensmtpd already")
    return found
