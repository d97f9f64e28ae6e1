"""Why: the sentence that `flask apps why` has, on a page."""

import pytest

from tests.web.helpers import ALICE, problem, words

WHY = "/admin/why"
PAGE = "https://wiki.example.org/office/x"


@pytest.fixture
def ask(admin, wiki):
    """Return what asks, and follows to the answer."""

    def ask(who: str = ALICE, url: str = PAGE):
        admin.get(WHY)
        answer = admin.submit(WHY, who=who, url=url)
        return admin.follow(answer) if answer.status_code == 303 else answer

    return ask


def test_who_is_not_meant_is_told_who_is_and_by_which_rule(ask):
    page = words(ask().text)
    assert "No. wiki is for the group office at /office." in page
    assert "Rule /office of Our wiki For the group office Signed in with two different" in page


def test_who_may_is_told_by_which_rule(ask):
    page = words(ask(url="https://wiki.example.org/a?b=c").text)
    assert "Yes. wiki is for everyone who is signed in at /." in page


def test_what_was_asked_stays_to_be_changed(ask, admin):
    ask("ALICE@example.org")
    assert admin.page.form(WHY)["who"] == ALICE
    assert admin.page.form(WHY)["url"] == PAGE


def test_the_address_of_the_answer_names_nobody_by_their_own(ask):
    assert "alice" not in ask().request.full_path


@pytest.mark.parametrize(
    ("who", "url", "said"),
    [
        ("nobody@example.org", PAGE, "That belongs to nobody who may sign in here"),
        ("alice", PAGE, "Enter an email address or a phone number"),
        (ALICE, "https://other.example.org/", "That is of no app behind the gate"),
        (ALICE, "nonsense", "That is of no app behind the gate"),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_typed_is_lost(ask, admin, who, url, said):
    page = ask(who, url)
    assert page.status_code == 422
    assert problem(page).startswith(said)
    assert (admin.page.form(WHY)["who"], admin.page.form(WHY)["url"]) == (who, url)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "user=x&url=https://wiki.example.org/",
        "user=00000000-0000-0000-0000-000000000009&url=https://wiki.example.org/",
        "url=https://wiki.example.org/",
        "user=&url=",
    ],
)
def test_an_address_that_asks_nothing_is_the_empty_page(admin, wiki, query):
    page = admin.get(f"{WHY}?{query}")
    assert page.status_code == 200
    assert 'id="said"' not in page.text
