"""A client that sends exactly what it is told to loopback, and keeps the cookies of each host."""

import json
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

from tests.helpers.browser import Page

HTML = "text/html,application/xhtml+xml"
SECONDS = 15
MOST_HOPS = 15
_REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


@dataclass
class Heard:
    """One answer: where it came from, its status, headers and body."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        """Return the first header of this name; nothing if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def seen(self) -> dict[str, list[str]]:
        """What the app behind the gate saw: all values of each header, in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in json.loads(self.body)["headers"]:
            found.setdefault(name.lower(), []).append(value)
        return found


@dataclass
class Wire:
    """Speaks to hosts whose ports are of loopback; `tls` verifies those that are https.

    `ports` says where a host is that has no port in its address.
    """

    ports: dict[str, int] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    jar: dict[str, dict[str, str]] = field(default_factory=dict)

    def send(self, origin: str, head: str, body: str = "") -> Heard:
        """Send a head as it stands to the server of `origin`, and hear all that comes back."""
        heard = self.raw(origin, head, body)
        top, _, rest = heard.partition("\r\n\r\n")
        first, *lines = top.split("\r\n")
        headers = [
            (name, value.strip()) for name, _, value in (line.partition(":") for line in lines)
        ]
        self._keep(origin, headers)
        status = int(first.split()[1]) if first else 0
        return Heard(origin, status, headers, _unchunked(headers, rest))

    def raw(self, origin: str, head: str, body: str = "") -> str:
        """Send the same, and return every byte that comes back."""
        parts = urlsplit(origin)
        port = parts.port or self.ports[parts.netloc]
        found = b""
        connection: socket.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        if parts.scheme == "https":
            assert self.tls
            connection = self.tls.wrap_socket(connection, server_hostname=parts.hostname)
        with connection, suppress(ConnectionError, ssl.SSLError):
            connection.sendall((head + "Connection: close\r\n\r\n" + body).encode("latin-1"))
            while more := connection.recv(65536):
                found += more
        return found.decode("latin-1")

    def get(
        self, url: str, *lines: str, method: str = "GET", accept: str = HTML, body: str = ""
    ) -> Heard:
        """Send one request with the cookies of its host, and more header lines."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        path = url.removeprefix(origin) or "/"
        held = "; ".join(f"{name}={value}" for name, value in self.cookies(origin).items())
        head = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", *lines]
        head += [f"Accept: {accept}"] * bool(accept) + [f"Cookie: {held}"] * bool(held)
        if body:
            head += [f"Content-Length: {len(body)}"]
        heard = self.send(origin, "\r\n".join(head) + "\r\n", body)
        heard.url = url
        return heard

    def post(self, url: str, fields: dict[str, str]) -> Heard:
        """Send a form."""
        parts = urlsplit(url)
        site = (
            "Sec-Fetch-Site: same-origin",
            f"Referer: {parts.scheme}://{parts.netloc}/",
            "Content-Type: application/x-www-form-urlencoded",
        )
        return self.get(url, *site, method="POST", body=urlencode(fields))

    def go_on(self, heard: Heard) -> Heard:
        """Follow redirects, and pages that lead on by themselves, to the end."""
        for _ in range(MOST_HOPS):
            refresh = _REFRESH.search(heard.body)
            where = unescape(refresh[1]) if refresh else heard.header("Location")
            if not where or (heard.status not in (301, 302, 303) and not refresh):
                return heard
            heard = self.get(urljoin(heard.url, where))
        raise AssertionError(f"goes round for ever, by {heard.url}")

    def open(self, url: str) -> Heard:
        """Open an address as a browser does."""
        return self.go_on(self.get(url))

    def submit(self, heard: Heard, action: str, **fields: str) -> Heard:
        """Fill in a form of the page that was heard, send it, and go on."""
        filled = Page(heard.body).form(action)
        return self.go_on(self.post(urljoin(heard.url, action), {**filled, **fields}))

    def cookies(self, origin: str) -> dict[str, str]:
        """Return the cookies that belong to the host of `origin`: they know no ports."""
        return self.jar.setdefault(urlsplit(origin).hostname or "", {})

    def _keep(self, origin: str, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                if "Max-Age=0" in value:
                    self.cookies(origin).pop(key, None)
                else:
                    self.cookies(origin)[key] = kept


def _unchunked(headers: list[tuple[str, str]], body: str) -> str:
    if not any(value == "chunked" for _, value in headers):
        return body.encode("latin-1").decode("utf-8", "replace")
    whole = ""
    while body:
        size, _, body = body.partition("\r\n")
        count = int(size, 16)
        whole, body = whole + body[:count], body[count + 2 :]
    return whole.encode("latin-1").decode("utf-8", "replace")
