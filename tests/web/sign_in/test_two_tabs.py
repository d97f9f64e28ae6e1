"""Several tabs of one browser, each with its own wish."""

from itertools import count

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, is_in, notice, reference, sign_in, words


def test_two_tabs_with_two_addresses_do_not_disturb_each_other(client, alice):
    first = client.ask(ALICE)
    form = client.page.form("/sign-in/code")
    client.ask("carol@example.org")
    for _ in range(5):
        client.answer(WRONG)
    again = client.get(first.request.full_path)
    assert reference(again) == reference(first)
    assert ALICE in words(again.text)
    assert client.post("/sign-in/code", data={**form, "code": RFC_CODES[1]}).status_code == 303


def test_a_code_is_not_taken_in_the_tab_of_another_address(client, alice):
    client.ask(ALICE)
    client.ask("carol@example.org")
    assert client.answer(RFC_CODES[1]).status_code == 422
    assert not is_in(client)


def test_a_tab_whose_code_was_replaced_is_led_to_the_new_one(client, alice, clock):
    client.ask(ALICE)
    left_behind = client.page.form("/sign-in/code")
    clock.advance(minutes=8)
    new = reference(client.follow(client.submit("/sign-in/code/resend")))
    page = client.follow(client.post("/sign-in/code", data={**left_behind, "code": WRONG}))
    assert notice(page) == "This browser asked for a newer code. This is its page."
    assert reference(page) == new
    assert client.answer(RFC_CODES[2]).status_code == 303


def test_a_tab_that_finds_you_signed_in_says_so(client, alice):
    left_behind = client.ask(ALICE).request.full_path
    form = client.page.form("/sign-in/code")
    assert client.answer(RFC_CODES[1]).status_code == 303
    for path in (left_behind, "/sign-in", "/sign-in/code"):
        page = client.get(path)
        assert "You are signed in" in words(page.text)
        assert ALICE in words(page.text)
        assert "Continue" in words(page.text)
        assert {"class": "button", "href": "/"} in client.page.all("a")
        assert client.page.form("/sign-out")
    form["csrf_token"] = client.page.form("/sign-out")["csrf_token"]
    for action in ("/sign-in", "/sign-in/code", "/sign-in/code/resend"):
        page = client.follow(client.post(action, data={**form, "identifier": ALICE}))
        assert "You are signed in" in words(page.text)


def test_such_a_tab_goes_on_to_where_it_was_to_lead(client, alice):
    sign_in(client)
    client.get("/sign-in?next=/account?tab=1")
    assert {"class": "button", "href": "/account?tab=1"} in client.page.all("a")
    client.get("/sign-in?next=//evil.example")
    assert {"class": "button", "href": "/"} in client.page.all("a")


def test_somebody_can_sign_out_from_such_a_tab(client, alice):
    sign_in(client)
    client.get("/sign-in")
    answer = client.submit("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.follow(answer)
    assert not is_in(client)


def test_without_a_reference_the_page_is_that_of_the_newest_code(client):
    for number in range(5):
        client.ask(f"nobody{number}@example.org")
        assert f"nobody{number}@example.org" in words(client.get("/sign-in/code").text)


def test_a_browser_that_asks_for_eleven_addresses_keeps_the_newest_ten(client):
    paths: list[str] = []  # three letters name a challenge: once in a while two have the same
    addresses = (f"nobody{number}@example.org" for number in count())
    while len(paths) < 11:
        path = client.ask(next(addresses)).request.full_path
        paths = [*(one for one in paths if one != path), path]
    for path in paths[1:]:
        assert client.get(path).status_code == 200
    page = client.follow(client.get(paths[0]))
    assert notice(page) == "This browser asked for a newer code. This is its page."
