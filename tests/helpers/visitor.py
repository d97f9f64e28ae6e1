"""Somebody in front of a real server: a requests session that fills the sign-in forms in."""

import time
from typing import Any

import requests

from tests.helpers.browser import Page
from tests.helpers.nginx import Nginx
from tests.helpers.served import Served


class HttpVisitor:
    """Opens the pages of a served otpapp over HTTP, or of the nginx before it with its browser.

    `page` is what came last, and `took` how many seconds that was in coming.
    """

    def __init__(self, server: Served | Nginx, http: requests.Session | None = None) -> None:
        self._url = server.url
        self._http = http or requests.Session()
        self._http.trust_env = False
        self.page = ""
        self.took = 0.0

    @property
    def cookie(self) -> str:
        """What this browser holds, as a Cookie header."""
        return "; ".join(f"{one.name}={one.value}" for one in self._http.cookies)

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the open page's form that posts to `action`."""
        return Page(self.page).form(action)

    def open(self, path: str, method: str = "GET", **sent: Any) -> requests.Response:
        """Make one request, following no redirect, and keep the page that comes back."""
        began = time.perf_counter()
        answer = self._http.request(
            method, self._url + path, allow_redirects=False, timeout=20, **sent
        )
        self.took = time.perf_counter() - began
        self.page = answer.text
        return answer

    def submit(self, action: str, **changes: str) -> requests.Response:
        """Send the open page's form that posts to `action`, with some fields changed."""
        return self.open(action, "POST", data=self.form(action) | changes)

    def ask(self, identifier: str) -> float:
        """Ask for a code on the entry page; return the seconds that the POST took."""
        self.open("/sign-in")
        answer = self.submit("/sign-in", identifier=identifier)
        took = self.took
        assert answer.status_code == 303, answer.text
        self.open(answer.headers["Location"])
        return took

    def answer(self, code: str) -> str:
        """Type `code` and return the page that follows."""
        return self._follow(self.submit("/sign-in/code", code=code))

    def sign_out(self) -> str:
        """Press the button of the page that follows a sign-in, and return the next page."""
        return self._follow(self.submit("/sign-out"))

    @property
    def is_in(self) -> bool:
        """Whether this visitor is signed in."""
        return self.open("/").status_code == 200

    def _follow(self, answer: requests.Response) -> str:
        if answer.status_code == 303:
            self.open(answer.headers["Location"])
        return self.page


def wait_for(arrived, seconds: float = 20.0) -> float:
    """Wait until `arrived()` is true; return how long that took."""
    began = time.monotonic()
    while not arrived():
        assert time.monotonic() - began < seconds, "it did not come in time"
        time.sleep(0.02)
    return time.monotonic() - began
