"""A real nginx on loopback that reads the shipped site file."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.helpers.certificates import Authority
from tests.helpers.mailbox import free_port
from tests.helpers.served import answers

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx" / "otpapp.conf"
HERE = "127.0.0.1"
NAME = "portal.example.net"
START_SECONDS = 10
SLOW_SECONDS = 20  # when a test gives up on a connection
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
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    access_log access.log;
    gzip on;
    underscores_in_headers on;
    large_client_header_buffers 4 64k;
    client_max_body_size 100m;
    proxy_request_buffering off;
    proxy_buffering off;
    include site.conf;
}}
"""


class Nginx:
    """Serves the site `NAME` over TLS on `port`, plain on `plain_port`, for an app on `app_port`.

    Of the shipped file only what its head tells operators to change is changed, and then `edits`.
    What stands `before` it in http{} is of another site.
    """

    def __init__(
        self, folder: Path, app_port: int, edits: dict[str, str] | None = None, before: str = ""
    ) -> None:
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://{NAME}"
        self.folder = folder
        self.authority = Authority(folder)
        self._tls = ssl.create_default_context(cafile=str(self.authority.file))
        (folder / "site.conf").write_text(self._site(before, app_port, edits or {}))
        user = "user root;" if os.getuid() == 0 else ""  # else its workers cannot read the folder
        (folder / "nginx.conf").write_text(MAIN.format(user=user))

    def _site(self, before: str, app_port: int, edits: dict[str, str]) -> str:
        certificate = str(self.authority.server_file(NAME))
        lines = before + SHIPPED.read_text()
        if not has_ipv6():
            lines = "".join(line for line in lines.splitlines(True) if "listen [::]" not in line)
        changes = {
            "/etc/letsencrypt/live/auth.example.org/fullchain.pem": certificate,
            "/etc/letsencrypt/live/auth.example.org/privkey.pem": certificate,
            "auth.example.org": NAME,
            "127.0.0.1:8000": f"127.0.0.1:{app_port}",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen [::]:80;": f"listen [::1]:{self.plain_port};",
            # A network holds little; loopback would swallow megabytes before a reader is slow.
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl sndbuf=16k;",
            "listen [::]:443 ssl;": f"listen [::1]:{self.port} ssl sndbuf=16k;",
            "/var/log/nginx/otpapp.log": "access.log",
        }
        for old, new in {**changes, **edits}.items():
            assert old in lines or "[::]" in old, f"{SHIPPED.name} does not say {old}"
            lines = lines.replace(old, new)
        return lines

    def test(self) -> str:
        """Return what `nginx -t` prints."""
        done = subprocess.run([*self._command, "-t"], text=True, capture_output=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stderr

    @property
    def log(self) -> str:
        """What its access log and its error log say."""
        return (self.folder / "access.log").read_text() + (self.folder / "error.log").read_text()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            assert self._process.poll() is None, (self.folder / "error.log").read_text()
            assert time.monotonic() < deadline, "nginx did not start in time"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once, its workers too."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def browser(self, source: str = HERE) -> requests.Session:
        """Return what opens pages of `url` here, from `source`, another address of loopback."""
        return browser_at(self.port, self.authority, source)

    def connect(self, source: str = HERE, window: int = 0, *, clear: bool = False) -> socket.socket:
        """Return a connection in clear text, to the port for it or to that of TLS.

        `window` is how many bytes of an answer the network may hold for it; 0 for as usual.
        """
        connection = socket.socket()
        connection.settimeout(SLOW_SECONDS)
        if window:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        connection.bind((source, 0))
        connection.connect((HERE, self.plain_port if clear else self.port))
        return connection

    def wrap(self, connection: socket.socket) -> ssl.SSLSocket:
        """Shake hands for TLS, and see that it is the site."""
        return self._tls.wrap_socket(connection, server_hostname=NAME)

    def say(self, text: str) -> str:
        """Send what no library would send; return everything that comes until nginx hangs up."""
        heard = b""
        with self.wrap(self.connect()) as connection, suppress(ConnectionError, ssl.SSLError):
            connection.sendall(text.encode())
            while more := connection.recv(65536):
                heard += more
        return heard.decode()

    @property
    def _command(self) -> list[str]:
        return [program(), "-p", str(self.folder), "-e", "error.log", "-c", "nginx.conf"]


class _Here(HTTPAdapter):
    """Leads to a port of loopback whatever name the address has; the certificate is checked."""

    def __init__(self, port: int, source: str) -> None:
        self._port, self._source = port, source
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, source_address=(self._source, 0))

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        where, how = super().build_connection_pool_key_attributes(*args, **kwargs)
        where |= {"host": HERE, "port": self._port}
        return where, how | {"server_hostname": NAME, "assert_hostname": NAME}


def browser_at(port: int, authority: Authority, source: str = HERE) -> requests.Session:
    """Return what opens pages of the site `NAME` on a port here, and trusts that authority."""
    session = requests.Session()
    session.trust_env = False
    session.verify = str(authority.file)
    session.headers.update({"Host": NAME, "Referer": f"https://{NAME}/"})
    session.mount("https://", _Here(port, source))
    return session


@contextmanager
def nginx(
    folder: Path, app_port: int, edits: dict[str, str] | None = None, before: str = ""
) -> Iterator[Nginx]:
    """Run one in a new `folder` for the length of the block."""
    folder.mkdir()
    server = Nginx(folder, app_port, edits, before)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def program() -> str:
    """Return where nginx is; without it the test is skipped."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip("nginx is not installed (apt-get install nginx)")
    return found


def has_ipv6() -> bool:
    """Say whether this machine has IPv6 on loopback."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
