"""Somebody in front of a real server: a requests session that fills the sign-in forms in."""

import time
from typing import Any

import requests

from tests.helpers.browser import Page
from tests.helpers.nginx import Nginx
from tests.helpers.served import Served


class HttpVisitor:
    """Opens the pages of a served otpapp over HTTP, or of the nginx before it with its browser."""

    def __init__(self, server: Served | Nginx, http: requests.Session | None = None) -> None:
        self._url = server.url
        self._http = http or requests.Session()
        self._http.trust_env = False
        self.page = ""

    @property
    def cookie(self) -> str:
        """What this browser holds, as a Cookie header."""
        return "; ".join(f"{one.name}={one.value}" for one in self._http.cookies)

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the open page's form that posts to `action`."""
        return Page(self.page).form(action)

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page = self._http.get(self._url + path, timeout=10).text

    def ask(self, identifier: str) -> float:
        """Ask for a code on the entry page; return the seconds that the POST took."""
        self.open("/sign-in")
        form = self.form("/sign-in") | {"identifier": identifier}
        began = time.perf_counter()
        answer = self._http.post(
            f"{self._url}/sign-in", data=form, allow_redirects=False, timeout=10
        )
        took = time.perf_counter() - began
        assert answer.status_code == 303, answer.text
        self.open(answer.headers["Location"])
        return took

    def answer(self, code: str) -> str:
        """Type `code` and return the page that follows."""
        form = self.form("/sign-in/code") | {"code": code}
        answer: Any = self._http.post(f"{self._url}/sign-in/code", data=form, timeout=10)
        self.page = str(answer.text)
        return self.page

    def sign_out(self) -> str:
        """Press the button of the page that follows a sign-in, and return the next page."""
        form = self.form("/sign-out")
        return str(self._http.post(f"{self._url}/sign-out", data=form, timeout=10).text)


def wait_for(arrived, seconds: float = 20.0) -> float:
    """Wait until `arrived()` is true; return how long that took."""
    began = time.monotonic()
    while not arrived():
        assert time.monotonic() - began < seconds, "it did not come in time"
        time.sleep(0.02)
    return time.monotonic() - began
