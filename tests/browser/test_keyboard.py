"""The whole sign-in by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser import account_states, admin_states, people_states
from tests.browser.somebody import Somebody

pytestmark = pytest.mark.browser
FOCUSED = "(e => e.labels?.[0]?.innerText ?? e.innerText.trim())(document.activeElement)"
RING = """(() => {
    const style = getComputedStyle(document.activeElement);
    return [style.outlineStyle, parseFloat(style.outlineWidth), style.outlineColor];
})()"""


def focused(ada: Somebody) -> str:
    """Return the name of what has the focus."""
    return ada.page.evaluate(FOCUSED)


def tab_stops(ada: Somebody, number: int) -> list[str]:
    """Return what has the focus now and after each further Tab; each must show a ring."""
    stops = []
    for _ in range(number):
        stops.append(focused(ada))
        style, width, colour = ada.page.evaluate(RING)
        assert style == "solid", f"{stops[-1]} has no visible focus"
        assert width >= 2, stops
        assert colour != ada.page.evaluate("getComputedStyle(document.body).backgroundColor")
        ada.page.keyboard.press("Tab")
    return stops


def type_and_enter(ada: Somebody, text: str) -> None:
    ada.page.keyboard.type(text)
    ada.page.keyboard.press("Enter")


def test_somebody_signs_in_and_out_with_keys_alone(fresh_site, somebody):
    ada = somebody(at=fresh_site)  # without an app that one may open
    ada.open("/sign-in")
    type_and_enter(ada, ada.address)
    ada.field.wait_for()
    type_and_enter(ada, ada.code)
    expect(ada.page).to_have_title("You are signed in – Example")
    ada.page.keyboard.press("Tab")
    assert tab_stops(ada, 1) == ["You, and how you sign in"]
    assert focused(ada) == "Sign out"
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("status")).to_have_text("You are signed out.")


def test_tab_goes_through_the_entry_page_from_top_to_bottom(somebody):
    ada = somebody()
    ada.open("/sign-in")
    field, *rest = ["Email address or phone number", "Only this time", "Send me a code", "inbox"]
    assert tab_stops(ada, 4) == [field, *rest]


def test_the_arrow_keys_choose_how_long_to_stay(somebody):
    ada = somebody()
    ada.open("/sign-in")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("ArrowDown")
    assert focused(ada) == "Keep me signed in on this device"
    expect(ada.page.get_by_label("Keep me signed in on this device")).to_be_checked()


def test_tab_goes_through_the_code_page_from_top_to_bottom(somebody):
    ada = somebody()
    ada.ask()
    ada.site.let_pass(seconds=31)
    ada.page.reload()
    assert tab_stops(ada, 5) == [
        *("Sign-in code", "Continue", "Send it again", "Use a different address", "inbox")
    ]


def test_a_button_that_cannot_be_used_yet_is_no_tab_stop(somebody):
    ada = somebody()
    ada.ask()
    assert tab_stops(ada, 3) == ["Sign-in code", "Continue", "Use a different address"]


def test_after_an_error_the_focus_is_on_the_summary_and_its_link_leads_to_the_field(somebody):
    ada = somebody()
    ada.open("/sign-in")
    type_and_enter(ada, "nobody at all")
    expect(ada.page.get_by_role("alert")).to_be_focused()
    expect(ada.page).to_have_title("Error: Sign in – Example")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.identifier).to_be_focused()
    expect(ada.identifier).to_have_attribute("aria-invalid", "true")


def test_after_a_wrong_code_the_field_is_empty_and_can_be_reached_at_once(somebody):
    ada = somebody()
    ada.ask()
    type_and_enter(ada, ada.wrong_code)
    expect(ada.page.get_by_role("alert")).to_be_focused()
    expect(ada.page).to_have_title("Error: Enter your code – Example")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.field).to_be_focused()
    expect(ada.field).to_have_value("")
    type_and_enter(ada, ada.code)
    expect(ada.page).to_have_title("You are signed in – Example")


def test_once_locked_the_summary_leads_to_the_ways_on(somebody):
    ada = somebody()
    ada.ask()
    ada.site.let_pass(seconds=31)
    for _ in range(5):
        ada.answer(ada.wrong_code)
    expect(ada.page.get_by_role("alert")).to_be_focused()
    ada.page.keyboard.press("Tab")
    assert focused(ada).startswith("Too many wrong codes.")
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.press("Tab")
    assert focused(ada) == "Send a new code"


def test_somebody_asks_for_access_with_keys_alone(somebody):
    ada = somebody()
    admin_states.asking(ada)
    ada.page.keyboard.press("Tab")
    assert focused(ada) == "Why do you need it?"
    type_and_enter(ada, "For the report")
    expect(ada.page).to_have_title("You asked for access – Example")


def test_tab_goes_through_the_form_of_a_rule_from_top_to_bottom(somebody):
    ada = somebody()
    admin_states.rule_page(ada)
    ada.page.keyboard.press("Tab")
    stops = tab_stops(ada, 15)
    assert (stops[0], stops[8]) == ("Overview", "Settings"), "the places"
    assert stops[9:] == [
        "Path",
        "Who may open it",
        "Two different proofs",
        "Not longer ago than (you may leave this empty)",
        "Change this rule",
        "Not now",
    ]


def test_an_admin_grants_access_with_keys_alone(somebody):
    ada = somebody()
    admin_states.one_request(ada)
    ada.page.get_by_label("Last day").focus()
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("status")).to_have_text("Access is granted, and they are told.")


def test_somebody_ends_another_session_and_forgets_a_browser_with_keys_alone(somebody):
    ada = somebody()
    account_states.elsewhere(ada)
    ada.page.keyboard.press("Tab")
    places = ["You", "How you sign in", "Where", "What happened"]
    *found, end = tab_stops(ada, 5)
    assert found == places
    assert end.startswith("End this one")
    ada.page.keyboard.press("Shift+Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("status")).to_contain_text("That session is over")
    ada.page.get_by_role("button", name="Forget all").focus()
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("status")).to_have_text("Forgotten. Nobody was signed out by it.")


def test_tab_goes_through_the_search_for_people_from_first_to_last(somebody):
    ada = somebody()
    people_states.many_people(ada)
    ada.page.get_by_label("Address or number").focus()
    assert tab_stops(ada, 6) == [
        "Address or number",
        "Group",
        "Role",
        "Standing",
        "Find",
        "Show all",
    ]


def test_an_admin_shuts_somebody_out_with_keys_alone(somebody):
    ada = somebody()
    people_states.ask_to_shut_out(ada)
    ada.page.get_by_role("link", name="Settings").focus()
    ada.page.keyboard.press("Tab")
    assert focused(ada) == "Shut them out"
    with ada.page.expect_navigation():
        ada.page.keyboard.press("Enter")
    ada.page.get_by_text("They cannot sign in any more.").wait_for()
