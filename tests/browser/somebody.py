"""Somebody in front of a real browser: what they open, type and read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

from playwright.sync_api import BrowserContext, Locator, Page, Route

from tests.browser.site import Site
from tests.helpers.authenticator import app_code

PHONE_PAGE = {"width": 360, "height": 740}
DESK_PAGE = {"width": 1280, "height": 800}
_people = count(1)
_phones: Iterator[int] = count(40)


def new_address() -> str:
    """Return an address that nobody has used yet."""
    return f"someone-{next(_people)}@example.org"


def new_number() -> str:
    """Return a number of the range kept for fiction that nobody has used yet."""
    return f"+120255501{next(_phones)}"


@contextmanager
def slow_answers(somebody: "Somebody") -> Iterator[list[Route]]:
    """Hold every form that is sent in the block until its end; the list grows with each."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    somebody.page.route("**/*", hold)
    yield held
    for route in held:
        route.continue_()
    somebody.page.unroute("**/*")


class Somebody:
    """One person with an address of their own and one tab of a browser."""

    def __init__(self, context: BrowserContext, site: Site, address: str = "") -> None:
        self.context = context
        self.site = site
        self.address = address or new_address()
        self.page: Page = context.new_page()
        self.app_key = ""

    def open_tab(self, address: str = "") -> "Somebody":
        """Return the same browser's next tab, by default for another address."""
        return Somebody(self.context, self.site, address)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.site.url + path)

    @property
    def shown(self) -> str:
        """The address as pages write it: a phone number has its groups apart."""
        return re.sub(r"^(\+1)(\d{3})(\d{3})(\d{4})$", r"\1 \2-\3-\4", self.address)

    @property
    def path(self) -> str:
        """The path of the open page."""
        return self.page.url.removeprefix(self.site.url).partition("?")[0]

    @property
    def title(self) -> str:
        """The heading of the open page."""
        return self.page.locator("h1").inner_text()

    @property
    def identifier(self) -> Locator:
        """The field of the entry page."""
        return self.page.get_by_label("Email address or phone number")

    @property
    def field(self) -> Locator:
        """The field of the code page."""
        return self.page.get_by_label("Sign-in code")

    def button(self, name: str) -> Locator:
        """The button that says `name`."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Click the button that says `name`, and wait for the page that comes of it."""
        with self.page.expect_navigation():
            self.button(name).click()

    def ask(self, path: str = "/sign-in") -> None:
        """Have a code sent, and wait for the page that takes it."""
        self.open(path)
        self.identifier.fill(self.address)
        self.press("Send me a code")

    @property
    def code(self) -> str:
        """The code in the newest message to this person."""
        return self.site.code_for(self.address)

    @property
    def wrong_code(self) -> str:
        """Six digits that are not the code."""
        return f"{(int(self.code) + 1) % 1_000_000:06}"

    def answer(self, code: str) -> None:
        """Type a code and send it."""
        self.field.fill(code)
        self.press("Continue")

    def add_app(self) -> None:
        """Sign in and give this person an authenticator app."""
        self.sign_in("/sign-in?next=/account/security/app")
        self.app_key = self.page.locator(".key").inner_text()
        self.page.get_by_label("Code from the app").fill(self.app_code())
        self.press("Add this app")

    def app_code(self) -> str:
        """Return what this person's authenticator app shows, by the clock of the server."""
        return app_code(self.app_key, datetime.now(UTC))

    def sign_out(self) -> None:
        """Go to the home page and leave."""
        self.open("/")
        self.press("Sign out")

    def sign_in(self, path: str = "/sign-in") -> None:
        """Go all the way to whichever page comes after signing in."""
        self.ask(path)
        self.answer(self.code)
