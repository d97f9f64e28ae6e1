"""Passkeys in a real Chromium, which plays the authenticators, where two proofs are asked for."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.authenticators import Authenticator, give_authenticator
from tests.browser.conftest import ROOMY
from tests.browser.looks import assert_axe_finds_nothing
from tests.browser.site import Site
from tests.browser.somebody import Somebody
from tests.helpers.served import served

pytestmark = pytest.mark.browser
NO_PASSKEY = "delete window.PublicKeyCredential"
# Else what is offered in the field is there before the button can be pressed.
NO_OFFER = "delete window.PublicKeyCredential?.isConditionalMediationAvailable"


@pytest.fixture(scope="module")
def named_site(chromium, tmp_path_factory) -> Iterator[Site]:
    """A server that has a name, as passkeys need it, and asks for two proofs."""
    folder = tmp_path_factory.mktemp("named")
    with served(folder, host="localhost", OTPAPP_PROOFS="two", **ROOMY) as server:
        yield Site(server.url, folder / "served.sqlite3")


@pytest.fixture
def arrive(somebody, named_site) -> Callable[..., Somebody]:
    """Return people who come to that server: `arrive(locale="fr")`."""
    return lambda **options: somebody(at=named_site, **options)


@pytest.fixture
def owner(arrive) -> tuple[Somebody, Authenticator]:
    """Somebody who has a passkey and is signed in; their browser offers none in its fields."""
    return with_passkey(arrive(init=NO_OFFER))


def with_passkey(ada: Somebody) -> tuple[Somebody, Authenticator]:
    """Sign in for the first time, which on this site takes a second proof."""
    ada.sign_in()
    authenticator = give_authenticator(ada)
    ada.page.get_by_role("link", name="Use a passkey").click()
    ada.press("Add a passkey")
    assert ada.title == "Recovery codes"
    return ada, authenticator


def leave(ada: Somebody) -> None:
    """Sign out, which leads to the entry page."""
    ada.open("/")
    ada.press("Sign out")


def sign_in_by_code_again(ada: Somebody) -> None:
    """Type a second code, once the wait for it is over."""
    ada.site.let_pass(minutes=2)
    ada.ask()
    ada.answer(ada.site.code_for(ada.address, nth=2))


def trouble(ada: Somebody) -> Locator:
    """What the page says of a passkey that did not come."""
    return ada.page.locator("#passkey-trouble")


def test_who_needs_a_second_proof_makes_a_passkey_and_is_in(owner):
    ada, authenticator = owner
    (kept,) = authenticator.credentials
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    ada.open("/account/security")
    expect(ada.page.get_by_text("Passkey from Chrome on Linux").first).to_be_visible()


def test_after_a_code_the_passkey_is_the_second_proof(owner):
    ada, authenticator = owner
    leave(ada)
    sign_in_by_code_again(ada)
    assert (ada.path, ada.title) == ("/prove/passkey", "Use your passkey")
    ada.press("Use your passkey")
    assert ada.path == "/"
    expect(ada.page.locator("body")).to_contain_text(ada.address)


def test_a_passkey_alone_signs_in_for_as_long_and_to_where_was_asked(owner):
    ada, authenticator = owner
    leave(ada)
    ada.open("/sign-in?next=/nope")
    ada.page.get_by_label("Keep me signed in").check()
    ada.press("Sign in with a passkey")
    assert ada.path == "/nope"
    (cookie,) = [one for one in ada.context.cookies() if one["name"] == "otpapp"]
    assert cookie["expires"] > 0


def test_the_browser_offers_it_in_the_field(arrive):
    ada, _ = with_passkey(arrive())
    ada.open("/")
    with ada.page.expect_navigation(url=f"{ada.site.url}/"):
        ada.button("Sign out").click()
    expect(ada.page.locator("body")).to_contain_text(ada.address)


def test_what_the_browser_offers_is_asked_for_anew_before_it_is_too_old(arrive):
    ada = arrive()
    ada.page.clock.install()
    asked = []
    ada.page.on("request", lambda sent: asked.append(sent.url.endswith("/passkey/options")))
    ada.open("/sign-in")
    ada.page.wait_for_timeout(500)
    assert sum(asked) == 1
    with ada.page.expect_request("**/passkey/options"):
        ada.page.clock.fast_forward("04:00")
    assert sum(asked) == 2


def test_a_copy_of_an_authenticator_is_refused_and_said_to_be_one(owner):
    ada, authenticator = owner
    leave(ada)
    ada.press("Sign in with a passkey")
    assert ada.path == "/"
    leave(ada)
    authenticator.set_back()
    ada.press("Sign in with a passkey")
    expect(ada.page.get_by_role("alert")).to_contain_text("There seems to be a copy")


def test_one_that_was_cancelled_is_explained_and_can_be_tried_again(owner):
    ada, authenticator = owner
    leave(ada)
    sign_in_by_code_again(ada)
    expect(trouble(ada)).to_be_hidden()
    expect(ada.page.get_by_text("Passkeys need JavaScript")).to_be_hidden()
    authenticator.recognises(False)
    ada.button("Use your passkey").click()
    expect(trouble(ada)).to_contain_text("it was cancelled, or it took too long")
    expect(ada.button("Start again")).to_be_visible()
    authenticator.recognises(True)
    ada.press("Use your passkey")
    assert ada.path == "/"


def test_a_second_click_while_the_browser_asks_does_nothing(arrive):
    ada = arrive(init=NO_OFFER)
    give_authenticator(ada, automaticPresenceSimulation=False)  # it waits for a touch
    asked = []
    ada.page.on("request", lambda sent: asked.append(sent.url.endswith("/passkey/options")))
    ada.open("/sign-in")
    for _ in range(2):
        ada.button("Sign in with a passkey").click(force=True)
        ada.page.wait_for_timeout(300)
    expect(trouble(ada)).to_be_hidden()
    assert sum(asked) == 1


def test_at_the_entry_page_it_is_explained_too(arrive):
    ada = arrive()
    give_authenticator(ada)  # it has no passkey at all
    ada.open("/sign-in")
    ada.button("Sign in with a passkey").click()
    expect(trouble(ada)).to_contain_text("it was cancelled, or it took too long")
    expect(ada.button("Send me a code")).to_be_enabled()


def test_an_authenticator_that_has_one_already_is_explained(owner):
    ada, authenticator = owner
    ada.open("/account/security/passkey")
    ada.button("Add a passkey").click()
    expect(trouble(ada)).to_contain_text("has a passkey of yours for this site already")


def test_enter_in_the_field_of_the_name_asks_for_the_passkey(owner):
    ada, authenticator = owner
    authenticator.forget()
    ada.open("/account/security/passkey")
    ada.page.get_by_label("Name").fill("My laptop")
    with ada.page.expect_navigation():
        ada.page.keyboard.press("Enter")
    ada.open("/account/security")
    expect(ada.page.locator("strong", has_text="My laptop")).to_be_visible()


def test_enter_in_the_field_of_the_address_asks_for_a_code(owner):
    ada, _ = owner
    leave(ada)
    ada.site.let_pass(minutes=2)
    ada.identifier.fill(ada.address)
    with ada.page.expect_navigation():
        ada.page.keyboard.press("Enter")
    assert ada.path == "/sign-in/code"


def test_a_page_that_outlived_its_cookie_says_so(owner):
    ada, authenticator = owner
    ada.open("/account/security/passkey")
    ada.context.clear_cookies()
    ada.button("Add a passkey").click()
    expect(trouble(ada)).to_contain_text("Load this page again")


def test_a_browser_that_knows_no_passkeys_says_so_and_shows_other_ways(arrive):
    ada = arrive(init=NO_PASSKEY)
    ada.open("/sign-in")
    expect(ada.button("Sign in with a passkey")).to_have_count(0)
    ada.sign_in()
    ada.page.get_by_role("link", name="Use a passkey").click()
    expect(trouble(ada)).to_contain_text("This browser knows no passkeys")
    expect(ada.button("Add a passkey")).to_have_count(0)
    ada.page.get_by_role("link", name="Choose another way").click()
    assert ada.path == "/prove"


def test_without_script_the_page_says_that_it_needs_one(arrive):
    ada = arrive(java_script_enabled=False)
    ada.open("/sign-in")
    expect(ada.button("Sign in with a passkey")).to_have_count(0)
    ada.sign_in()
    ada.page.get_by_role("link", name="Use a passkey").click()
    expect(ada.page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    ada.page.get_by_role("link", name="Choose another way").click()
    assert ada.path == "/prove"


def test_axe_finds_nothing_on_the_pages_of_passkeys(owner):
    ada, authenticator = owner
    authenticator.recognises(False)
    ada.open("/account/security/passkey")
    ada.button("Add a passkey").click()
    expect(trouble(ada)).to_be_visible()
    assert_axe_finds_nothing(ada)
    leave(ada)
    ada.button("Sign in with a passkey").click()
    expect(trouble(ada)).to_be_visible()
    assert_axe_finds_nothing(ada)
    sign_in_by_code_again(ada)
    ada.button("Use your passkey").click()
    expect(trouble(ada)).to_be_visible()
    assert_axe_finds_nothing(ada)


def test_where_the_site_is_a_number_there_are_none(somebody):
    ada = somebody()
    ada.sign_in()
    ada.open("/account/security")
    expect(ada.page.get_by_role("link", name="Add a passkey")).to_have_count(0)
    ada.open("/account/security/passkey")
    assert ada.title == "Page not found"
