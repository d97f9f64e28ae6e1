"""A double click is one wish: one form, one message."""

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody, slow_answers

pytestmark = pytest.mark.browser


def click_twice(ada: Somebody, name: str) -> int:
    """Click on a button twice while the server thinks; return how many forms were sent."""
    box = ada.button(name).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with slow_answers(ada) as forms:
        for _ in range(2):
            ada.page.mouse.click(*middle)
            ada.page.wait_for_timeout(100)
    return len(forms)


def test_a_double_click_asks_for_one_message(somebody):
    ada = somebody()
    ada.open("/sign-in")
    ada.identifier.fill(ada.address)
    assert click_twice(ada, "Send me a code") == 1
    ada.field.wait_for()
    assert ada.site.count(ada.address) == 1


def test_a_double_click_on_send_it_again_sends_one_more(somebody):
    ada = somebody()
    ada.ask()
    ada.site.let_pass(seconds=31)
    ada.page.reload()
    assert click_twice(ada, "Send it again") == 1
    expect(ada.page.locator(".notice")).to_have_text("We sent the same code once more.")
    assert ada.site.count(ada.address) == 2


def test_a_double_click_on_continue_costs_one_try(somebody):
    ada = somebody()
    ada.ask()
    ada.answer(ada.wrong_code)
    ada.field.fill(ada.wrong_code)
    assert click_twice(ada, "Continue") == 1
    expect(ada.page.get_by_role("alert")).to_contain_text("3 tries left.")


def test_a_double_click_without_script_asks_for_one_message(somebody):
    ada = somebody(java_script_enabled=False)
    ada.open("/sign-in")
    ada.identifier.fill(ada.address)
    ada.button("Send me a code").dblclick(delay=15, no_wait_after=True)
    ada.field.wait_for()
    assert ada.site.count(ada.address) == 1


def test_a_form_that_was_sent_can_be_sent_again_after_going_back(somebody):
    ada = somebody()
    ada.ask()
    ada.page.go_back()
    expect(ada.button("Send me a code")).to_be_enabled()
    ada.identifier.fill(ada.address)
    ada.press("Send me a code")
    expect(ada.page.locator(".notice")).to_contain_text("It still works.")
