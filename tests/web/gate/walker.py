"""A browser in front of apps whose proxy asks the gate, without the proxy: every hop by hand."""

import html
import re
from urllib.parse import urljoin, urlsplit

from werkzeug.test import TestResponse

from tests.helpers.browser import Browser

HTML = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate"}
PORTAL = "https://auth.example.org"
WIKI, BOOKS = "https://wiki.example.org", "https://books.example.org"
MOST_HOPS = 12
IDENTITY = ("Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups", "Remote-Method")


class Walker:
    """Opens addresses of apps: asks the gate as nginx does, and goes where it is sent."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def check(self, url: str, method: str = "GET", habit: str = "nginx", **headers) -> TestResponse:
        """Return what the gate says to a request of this browser for `url`."""
        return ask(self.browser, url, method, habit, {**HTML, **headers})

    def status(self, url: str, **how) -> int:
        """Return the status of that answer."""
        return self.check(url, **how).status_code

    def get(self, url: str, **headers: str) -> TestResponse:
        """Open one address of this site, or of ours at an app, without following it."""
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        headers = {"Accept": HTML["Accept"], **headers}
        return self.browser.get(url.removeprefix(base), base_url=base, headers=headers)

    def go_on(self, answer: TestResponse) -> TestResponse:
        """Follow redirects, to the page that a person sees or to the page of an app."""
        for _ in range(MOST_HOPS):
            refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
            if answer.status_code not in (301, 302, 303) and not refresh:
                return answer
            where = html.unescape(refresh[1]) if refresh else answer.location
            url = urljoin(answer.request.url, where)
            if not self.is_ours(url):
                answer.location = url
                return answer
            answer = self.get(url)
        raise AssertionError("goes round for ever")

    def open(self, url: str, method: str = "GET", **headers) -> TestResponse:
        """Open an address of an app: the page that one sees, or the redirect that leads there."""
        checked = self.check(url, method, **headers)
        if checked.status_code != 401:
            return checked
        return self.go_on(self.get(checked.headers["Location"]))

    def ticket_for(self, origin: str) -> str:
        """Return the address by which this browser, which is signed in, is handed over."""
        way = self.get(f"{origin}/.otpapp/start").location
        return self.get(way, **{"Sec-Fetch-Site": "cross-site"}).location

    def sign_in_for(self, url: str) -> TestResponse:
        """Open an address of an app and sign in on the way."""
        from tests.helpers.people import RFC_CODES
        from tests.web.helpers import ALICE

        self.open(url)
        asked = self.browser.submit("/sign-in", identifier=ALICE)
        self.browser.follow(asked)
        return self.go_on(self.browser.answer(RFC_CODES[1]))

    def cookie(self, url: str, name: str = "__Host-otpapp-gate") -> str:
        """Return the value of a cookie that this browser holds at the host of `url`."""
        found = self.browser.get_cookie(name, domain=urlsplit(url).hostname)
        return found.value if found else ""

    @staticmethod
    def is_ours(url: str) -> bool:
        """Say whether we answer this address, and not an app."""
        return url.startswith(PORTAL + "/") or urlsplit(url).path.startswith("/.otpapp/")


def ask(
    browser: Browser, url: str, method: str = "GET", habit: str = "nginx", headers=None
) -> TestResponse:
    """Ask the gate about one request, as a proxy does; the browser's cookies come along."""
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    if habit == "nginx":
        said = {"X-Original-URL": url, "X-Original-Method": method}
    else:
        said = {
            "X-Forwarded-Proto": parts.scheme,
            "X-Forwarded-Host": parts.netloc,
            "X-Forwarded-Uri": url.removeprefix(base),
            "X-Forwarded-Method": method,
        }
    return browser.get(f"/gate/{habit}", base_url=base, headers={**said, **(headers or {})})
