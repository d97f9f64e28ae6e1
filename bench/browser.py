"""The least that behaves like a browser: one kept connection, cookies, forms, redirects.

A full HTTP library would take as much of the shared cores as the servers that are measured.
"""

import re
import socket
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

TIMEOUT = 60.0  # seconds
_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: (?:http://[^/]+)?([^\r]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes


class Browser:
    """Somebody's browser at a server of this machine."""

    def __init__(self, port: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self._line = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def get(self, path: str) -> bytes:
        """Return the page at `path`, after any redirects."""
        return self._follow(self.exchange("GET", path))

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        """Send a form and return the page that it leads to."""
        return self._follow(self.exchange("POST", path, fields))

    def exchange(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Ask once, without following redirects."""
        body = urlencode(fields).encode() if fields else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n"
        if self._cookies:
            head += "Cookie: " + "; ".join(f"{k}={v}" for k, v in self._cookies.items()) + "\r\n"
        if fields:
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += f"Content-Length: {len(body)}\r\n"
        self._line.sendall(head.encode() + b"\r\n" + body)
        return self._read()

    def _read(self) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length, head
        while len(body) < int(length[1]):
            body += self._more()
        for name, value in _COOKIE.findall(head):
            self._cookies[name.decode()] = value.decode()
        location = _LOCATION.search(head)
        return Answer(int(head[9:12]), location[1].decode() if location else "", body)

    def _more(self) -> bytes:
        received = self._line.recv(65536)
        assert received, "the server hung up"
        return received

    def _follow(self, answer: Answer) -> bytes:
        while answer.status in (301, 302, 303):
            answer = self.exchange("GET", answer.location)
        assert answer.status == 200, (answer.status, answer.body[-2000:])
        return answer.body


def hidden_fields(page: bytes) -> dict[str, str]:
    """Return the hidden fields of the forms on a page."""
    inputs = (dict(_ATTRIBUTE.findall(one)) for one in _INPUT.findall(page.decode()))
    return {
        one["name"]: unescape(one.get("value", ""))
        for one in inputs
        if one.get("type") == "hidden" and "name" in one
    }
