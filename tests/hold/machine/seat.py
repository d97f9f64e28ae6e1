"""A browser of the state machine, and what the model knows its cookie to hold."""

import re
from dataclasses import replace
from datetime import datetime

from flask import Flask
from werkzeug.test import TestResponse

from tests.helpers.browser import new_browser
from tests.hold.machine.model.holders import Jar
from tests.hold.machine.model.people import Visitor
from tests.web.helpers import COOKIE, cookie, hold

CSRF = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Seat:
    """Somebody at a browser; `jar` changes in step with the cookie."""

    def __init__(self, app: Flask, network: str, number: int) -> None:
        self.visitor = Visitor(network, number)
        self.browser = new_browser(app)
        self.browser.checks = False  # a tenth of the time; other tests see every kind of page
        self.browser.environ_base["REMOTE_ADDR"] = network
        self.jar = Jar()
        self.form = ""
        self._csrf = ""

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        answer = self.browser.get(path)
        found = CSRF.search(answer.text)
        self._csrf = self._csrf or (found[1] if found else "")
        return answer

    def post(self, path: str, now: datetime, **fields: str) -> TestResponse:
        """Send a form from any page that this cookie was shown, as a tab left open would."""
        page = None if self._csrf else self.get("/sign-in")
        while page and page.status_code == 303:
            page = self.get(page.location)
        if page and page.request.path in ("/sign-in", "/prove/totp") and not self.is_in(now):
            self.saw_a_form()
        return self.browser.post(path, data={"csrf_token": self._csrf, **fields})

    def saw_a_form(self) -> None:
        """Note that the cookie holds a secret of this browser from here on."""
        self.jar.secret = self.jar.secret or object()

    def is_in(self, now: datetime) -> bool:
        """Say whether somebody is signed in here; whoever looks stays longer."""
        return self.jar.opens is not None and self.jar.opens.use(now)

    def start_anew(self, jar: Jar) -> None:
        """Note that the cookie was emptied but for what is in `jar`."""
        self.jar, self._csrf = jar, ""

    def copy(self) -> tuple[str, Jar, str]:
        """Return the cookie, as a thief would take it."""
        return cookie(self.browser), replace(self.jar, held=dict(self.jar.held)), self._csrf

    def put_back(self, copied: tuple[str, Jar, str]) -> None:
        """Hold a cookie that was copied before, here or elsewhere."""
        value, jar, self._csrf = copied
        self.jar = replace(jar, held=dict(jar.held))
        self.browser.delete_cookie(COOKIE, domain="auth.example.org")
        if value:
            hold(self.browser, value)
