"""Requests to an app as its visitors send them: through the proxy in front of it."""

import json
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import parse_qs, urlsplit

from otpapp.rules.gate.wanted import PORTS

LOCALHOST = "127.0.0.1"
SECONDS = 20.0  # more than any proxy waits for us
MOST = 100_000  # bytes of an answer
PAGE, PROGRAM = {"Accept": "text/html"}, {"Accept": "application/json"}


class NotReachedError(Exception):
    """Nothing answered; `fix` is what to do about it."""

    def __init__(self, said: str, fix: str) -> None:
        super().__init__(said)
        self.fix = fix


@dataclass(frozen=True)
class Heard:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_yes(self) -> bool:
        """Whether something was shown that asked nobody who they are."""
        return 200 <= self.status < 300

    @property
    def location(self) -> str:
        """Where it leads."""
        return self.headers.get("location", "")

    @property
    def wanted(self) -> str:
        """The address that it leads back to after a sign-in."""
        return parse_qs(urlsplit(self.location).query).get("rd", [""])[0]

    @property
    def proxy(self) -> str:
        """The kind of proxy that says it answered; nothing where none says so, as Traefik."""
        server, via = (self.headers.get(name, "").lower() for name in ("server", "via"))
        if server.startswith("nginx"):
            return "nginx"
        return "caddy" if "caddy" in server + via else ""

    def echo(self) -> dict[str, Any] | None:
        """Return what our own page says arrived; None if it is not that page."""
        try:
            found = json.loads(self.body) if self.is_yes else None
        except ValueError:
            return None
        return found if isinstance(found, dict) and {"scheme", "peer"} <= set(found) else None


@dataclass(frozen=True)
class Line:
    """Leads to `origin`, or in its name to `connect`, an address like 127.0.0.1:443."""

    origin: str
    connect: str = ""
    ca: str | None = None

    def ask(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        before: dict[str, str] | None = None,
    ) -> Heard:
        """Send one request, its path as it stands, and follow no redirect.

        Headers `before` the Host come over a connection that names no host either: what may be in
        them, some proxies ask another site of theirs. Raises NotReachedError.
        """
        connection = HTTPConnection("ignored")
        try:
            connection.sock = self._open(is_named=before is None)
            with closing(connection):
                connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
                host = {"Host": self._netloc}
                for name, value in {**(before or {}), **host, **(headers or PAGE)}.items():
                    connection.putheader(name, value)
                connection.endheaders()
                answer = connection.getresponse()
                found = {name.lower(): answer.getheader(name, "") for name in answer.headers}
                return Heard(answer.status, found, answer.read(MOST))
        except (OSError, HTTPException) as error:
            raise self._not_reached(error) from error

    @property
    def _netloc(self) -> str:
        return urlsplit(self.origin).netloc

    @property
    def _where(self) -> tuple[str, int]:
        parts = urlsplit(f"//{self.connect}" if self.connect else self.origin)
        usual, host = urlsplit(self.origin), parts.hostname or ""
        # RFC 6761 section 6.3: browsers know that wiki.localhost is this machine, Debian does not.
        here = LOCALHOST if host.endswith(".localhost") else host
        return here, parts.port or usual.port or PORTS[usual.scheme]

    def _open(self, *, is_named: bool) -> socket.socket:
        connection = socket.create_connection(self._where, SECONDS)
        if not self.origin.startswith("https:"):
            return connection
        context = ssl.create_default_context(cafile=self.ca)
        if not is_named:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE  # that of another site may come
        name = urlsplit(self.origin).hostname if is_named else None
        return context.wrap_socket(connection, server_hostname=name)

    def _not_reached(self, error: Exception) -> NotReachedError:
        host, port = self._where
        match error:
            case ssl.SSLCertVerificationError():
                said = f"the certificate is not valid: {error.verify_message}"
                fix = "ssl_certificate names it in nginx; say --ca FILE if its authority is yours"
            case ssl.SSLError():
                said = f"{host}:{port} does not speak TLS ({error.reason})"
                fix = f"have the proxy serve it with TLS, in nginx: listen {port} ssl;"
            case socket.gaierror():
                said = f"the name {host} is not known here"
                fix = f"add it to the DNS, or say where the proxy is: --connect {LOCALHOST}:{port}"
            case ConnectionRefusedError():
                said = f"nothing takes connections at {host}:{port}"
                fix = f"start the proxy, have it listen {port}; or say --connect HOST:PORT"
            case _:
                said = f"{host}:{port} does not answer ({str(error) or type(error).__name__})"
                fix = "see whether the proxy runs, and what its log of errors says"
        return NotReachedError(said, fix)
