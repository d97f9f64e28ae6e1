"""A browser without scripts that complains about every page that is not as pages should be."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page(HTMLParser):
    """What a page holds, as far as tests ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[dict] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect tags; put inputs into the form they stand in."""
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "form":
            self.forms.append({"action": found.get("action"), "fields": {}, **found})
        elif tag == "input" and self.forms and _counts(found):
            self.forms[-1]["fields"][found["name"]] = found.get("value") or ""
        elif tag == "button" and found.get("formaction"):
            (form,) = [one for one in self.forms if one.get("id") == found["form"]]
            self.forms.append({**form, "action": found["formaction"]})

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every such tag."""
        return [found for name, found in self.tags if name == tag]

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the form that posts to `action`, as a browser would fill them."""
        fields = next((form["fields"] for form in self.forms if form["action"] == action), None)
        assert fields is not None, f"no form posts to {action}"
        return dict(fields)


def _counts(field: dict[str, str | None]) -> bool:
    is_chosen = field.get("type") not in ("radio", "checkbox") or "checked" in field
    return bool(field.get("name")) and is_chosen


class Browser(FlaskClient):
    """Opens pages, fills forms in; every page it sees is checked, unless told otherwise."""

    html = ""
    checks = True

    def open(self, *args, **kwargs) -> TestResponse:
        """Make one request and check the page that comes back."""
        public_url = self.application.extensions["otpapp.settings"].public_url
        kwargs.setdefault("base_url", public_url)
        self.environ_base["HTTP_REFERER"] = public_url + "/"
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.data:
            self.html = answer.text
            if self.checks and not answer.request.path.endswith("/html"):
                check_page(answer.text)
        return answer

    @property
    def page(self) -> Page:
        """The page now open."""
        return Page(self.html)

    def submit(self, action: str, **changes: str) -> TestResponse:
        """Send the open page's form that posts to `action`, with some fields changed."""
        return self.post(action, data={**self.page.form(action), **changes})

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where `answer` redirects to."""
        assert answer.status_code == 303, (answer.status_code, answer.text)
        target = urljoin(answer.request.url, answer.location)
        return self.get(re.sub(r"^https?://[^/]+", "", target))

    def ask(self, identifier: str, **changes: str) -> TestResponse:
        """Walk from the entry page to the code page."""
        self.get("/sign-in")
        return self.follow(self.submit("/sign-in", identifier=identifier, **changes))

    def answer(self, code: str) -> TestResponse:
        """Type a code on the open code page and send it."""
        return self.submit("/sign-in/code", code=code)


def new_browser(app: Flask) -> Browser:
    """Return another browser: its own cookies, the same site."""
    return Browser(app, Response, use_cookies=True)


def check_page(html: str) -> None:
    """One title, one h1, a label for each field, CSRF in each POST form alone, nothing inline."""
    page = Page(html)
    assert "<!doctype html>" in html.lower()
    assert len(page.all("h1")) == 1
    assert re.search(r"<title>\s*\S.*</title>", html)
    assert page.all("html")[0].get("lang")
    ids = [found["id"] for _, found in page.tags if found.get("id")]
    assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(ids)}"
    labelled = {found.get("for") for found in page.all("label")}
    for field in page.all("input"):
        assert field.get("type") == "hidden" or field.get("id") in labelled, field
    for form in page.forms:
        is_search = form.get("method") == "get" and form.get("role") == "search"
        assert is_search or form.get("method") == "post"
        # What is sent by GET stands in addresses and logs; a token has no business there.
        assert bool(form["fields"].get("csrf_token")) is not is_search, form
    for tag, found in page.tags:
        assert "style" not in found, (tag, found)
        assert tag != "style"
        assert tag != "script" or found.get("src"), "an inline script"
        assert not any(name.startswith("on") for name in found), (tag, found)
