"""What a proxy asks of the gate, read from the headers of one of its two habits and no others."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from otpapp.rules.gate import keys, wanted
from otpapp.rules.gate.wanted import Wanted
from otpapp.web.redirects import LONGEST

_METHOD = re.compile(r"[A-Z][A-Z-]{0,19}")
START = "/.otpapp/start"
LONGEST_RD = (
    LONGEST - 200
)  # characters of a percent-encoded address; room for what stands around it


@dataclass(frozen=True)
class Asked:
    """One request that a proxy asks about: for what, how, and what it brought along."""

    wanted: Wanted
    method: str
    cookie: str
    authorization: str
    is_navigation: bool
    referer: str

    @property
    def key(self) -> str:
        """The access key that a program sends; nothing where it sends none (RFC 6750)."""
        scheme, _, token = self.authorization.partition(" ")
        is_ours = scheme.lower() == "bearer" and token.strip().startswith(keys.PREFIX)
        return token.strip() if is_ours else ""

    @property
    def is_lost(self) -> bool:
        """Whether a form was sent with it, which nobody can send again."""
        return self.method not in ("GET", "HEAD")

    @property
    def way_in(self) -> str:
        """Where a browser goes to sign in, and what it comes back to; absolute, of the app."""
        back = self._page_before() if self.is_lost else self.wanted.url
        lost = "&lost=1" if self.is_lost else ""
        return f"{self.wanted.origin}{START}?rd={_short(back, self.wanted.origin)}{lost}"

    def _page_before(self) -> str:
        before = wanted.read(self.referer)
        return before.url if before and before.origin == self.wanted.origin else self.wanted.origin


def by_nginx(environ: dict[str, Any]) -> Asked | None:
    """Return what an `auth_request` of nginx asks; None if its headers are missing or unclear."""
    return _read(environ, _of(environ, "X_ORIGINAL_URL"), _of(environ, "X_ORIGINAL_METHOD"))


def by_forward(environ: dict[str, Any]) -> Asked | None:
    """Return what Traefik and Caddy ask; None if their headers are missing or unclear."""
    origin = f"{_of(environ, 'X_FORWARDED_PROTO')}://{_of(environ, 'X_FORWARDED_HOST')}"
    path = _of(environ, "X_FORWARDED_URI")
    # Read apart: else a host with a slash in it, or a path without one, would shift the border.
    if not (wanted.canonical_origin(origin) and path.startswith("/")):
        return None
    return _read(environ, origin + path, _of(environ, "X_FORWARDED_METHOD"))


def _read(environ: dict[str, Any], url: str, method: str) -> Asked | None:
    found = wanted.read(url)
    if found is None or not _METHOD.fullmatch(method):
        return None
    return Asked(
        found,
        method,
        _of(environ, "COOKIE"),
        _of(environ, "AUTHORIZATION"),
        _is_navigation(environ),
        _of(environ, "REFERER"),
    )


def _is_navigation(environ: dict[str, Any]) -> bool:
    """Say whether a person waits for a page: neither a script, nor a WebSocket, nor a program."""
    mode = _of(environ, "SEC_FETCH_MODE")
    by_script = _of(environ, "X_REQUESTED_WITH") or _of(environ, "SEC_WEBSOCKET_KEY")
    return mode in ("", "navigate") and not by_script and "text/html" in _of(environ, "ACCEPT")


def _short(url: str, origin: str) -> str:
    for one in (url, url.partition("?")[0]):
        if len(quote(one, safe="")) <= LONGEST_RD:
            return quote(one, safe="")
    return quote(origin + "/", safe="")


def _of(environ: dict[str, Any], name: str) -> str:
    found: str = environ.get(f"HTTP_{name}", "")
    return found
