"""What tests of pages say again and again."""

import html
import re
from datetime import datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules.gate import apps
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.helpers.browser import Browser, Page
from tests.helpers.people import RFC_CODES, Person

ALICE = "alice@example.org"
STRANGER = "carol@example.org"  # as long as Alice's, and nobody's
WRONG = "000000"
COOKIE = "__Host-otpapp"


def words(page: str) -> str:
    """Return what a page says, without tags, one blank between words."""
    body = re.sub(r"<head>.*?</head>", " ", page, flags=re.DOTALL)
    body = re.sub(r"</?(a|b|strong|span|time|wbr)\b[^>]*>", "", body)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body))).strip()


def title(page: str) -> str:
    """Return the title of a page."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return html.unescape(found[1].strip())


def part(page: str, mark: str) -> str:
    """Return the words of the element whose tag holds `mark`; nothing if there is none."""
    found = re.search(rf"<(\w+)[^>]*{mark}[^>]*>(.*?)</\1>", page, re.DOTALL)
    return words(found[2]) if found else ""


def problem(answer: TestResponse) -> str:
    """Return the sentence of the error summary."""
    return part(answer.text, 'id="error-summary"').removeprefix("There is a problem ")


def notice(answer: TestResponse) -> str:
    """Return the sentence of the notice."""
    return part(answer.text, 'class="notice" id="notice"')


def delivery(answer: TestResponse) -> tuple[str | None, str]:
    """Return the word and the sentence for how messages leave the site, on a code page."""
    (found,) = [one for one in Page(answer.text).all("p") if one.get("id") == "delivery"]
    return found["data-flow"], part(answer.text, 'id="delivery"')


def field(page: Page, name: str) -> dict[str, str | None]:
    """Return the attributes of the one input called `name`."""
    (found,) = [one for one in page.all("input") if one.get("name") == name]
    return found


def reference(answer: TestResponse) -> str:
    """Return the reference letters of a code page."""
    return part(answer.text, 'class="reference"')


def cookie(browser: Browser) -> str:
    """Return the value of the browser's cookie of ours."""
    found = browser.get_cookie(COOKIE, domain="auth.example.org")
    return found.value if found else ""


def hold(browser: Browser, value: str) -> None:
    """Put a value of our cookie into the browser, as a thief or a tab left behind would."""
    browser.set_cookie(COOKIE, value, domain="auth.example.org")


def sign_in(browser: Browser, number: int = 1, **changes: str) -> TestResponse:
    """Sign Alice in with her `number`-th code; return what answered the code."""
    browser.ask(ALICE, **changes)
    answer = browser.answer(RFC_CODES[number])
    assert answer.status_code == 303, words(answer.text)
    return answer


def is_in(browser: Browser) -> bool:
    """Say whether the browser is signed in."""
    return browser.get("/").status_code == 200


def rows(app: Flask) -> dict[str, list]:
    """Return every row of the database."""
    with app.app_context(), db.engine.connect() as connection:
        tables = db.metadata.sorted_tables
        return {table.name: connection.execute(select(table)).all() for table in tables}


def keep_app(app: Flask, *given: Rule, name: str = "wiki") -> None:
    """Put an app with these rules behind the gate, as `flask apps` does."""
    with app.app_context(), transaction():
        plan = Plan(name, f"Our {name}", f"https://{name}.example.org", given)
        apps.keep(plan, utc_now())


def disable(app: Flask, person: Person, now) -> None:
    """Disable a user, as an operator would."""
    with app.app_context(), transaction():
        db.session.get(User, person.user_id).disabled_at = now


def will_leave(app: Flask, user_id: UUID, then: datetime) -> None:
    """Have a user deleted at `then`, as they would ask for."""
    with app.app_context(), transaction():
        db.session.get(User, user_id).leaves_at = then
