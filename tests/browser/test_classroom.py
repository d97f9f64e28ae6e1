"""A class in real browsers: joined, signed in, with the pages of all who take part sound."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.looks import assert_axe_finds_nothing, assert_it_fits, assert_keys_reach_all
from tests.browser.site import Site
from tests.browser.somebody import Somebody
from tests.helpers.served import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def class_site(chromium, tmp_path_factory) -> Iterator[tuple[Site, str]]:
    """A server for a class, and the path by which whoever teaches opens a room."""
    folder = tmp_path_factory.mktemp("class")
    with served(folder, OTPAPP_MODE="classroom") as server:
        link = server.flask("teach").stdout.strip()
        yield Site(server.url, folder / "served.sqlite3"), link.removeprefix(server.url)


@pytest.fixture
def teacher(class_site, somebody) -> Somebody:
    """Whoever teaches, before a room that was just opened."""
    site, path = class_site
    teacher = somebody(at=site)
    teacher.open(path)
    teacher.press("Open a room")
    return teacher


@pytest.fixture
def ada(class_site, teacher, somebody) -> Somebody:
    """The first student, at their seat."""
    ada = somebody(at=class_site[0], address="ada@class.example")
    ada.open("/classroom")
    ada.page.get_by_label("Code of the room").fill(teacher.page.locator(".join-code").inner_text())
    ada.press("Take a seat")
    return ada


def assert_sound(somebody: Somebody) -> None:
    assert_keys_reach_all(somebody)
    assert_axe_finds_nothing(somebody)
    assert_it_fits(somebody)


def test_a_student_signs_in_with_a_code_from_the_inbox_of_their_seat(ada):
    expect(ada.page.get_by_text("ada@class.example")).to_be_visible()
    with ada.context.expect_page() as opened:
        ada.page.get_by_role("link", name="Your messages").click()
    inbox = opened.value
    expect(inbox.get_by_text("Nothing yet.")).to_be_visible()
    ada.page.get_by_role("link", name="Sign in as Ada").click()
    ada.identifier.fill(ada.address)
    ada.press("Send me a code")
    title = inbox.get_by_role("heading", name="is your Example sign-in code")
    expect(title).to_be_visible(timeout=8000)
    ada.answer(title.inner_text().partition(" ")[0])
    expect(ada.page).to_have_title("You are signed in – Example")
    assert_sound(ada)
    ada.page = inbox
    assert_sound(ada)


def test_the_pages_of_a_student_are_sound(class_site, teacher, ada, somebody):
    assert_sound(ada)
    ada.page.get_by_role("link", name="How your code comes to be").click()
    assert_sound(ada)
    ada.page.get_by_label("Turn one bit round").select_option("Of the key")
    ada.press("Show")
    expect(ada.page.get_by_text("of the 160 bits of the HMAC")).to_be_visible()
    assert_sound(ada)
    ada.page.get_by_label("Counter").fill("x")
    ada.press("Show")
    assert_sound(ada)
    bob = somebody(at=class_site[0])
    bob.open("/classroom")
    assert_sound(bob)
    bob.page.get_by_label("Code of the room").fill("BBBBBB")
    bob.press("Take a seat")
    assert_sound(bob)


def test_the_pages_of_whoever_teaches_are_sound(class_site, teacher, ada, somebody):
    teacher.page.reload()
    expect(teacher.page.get_by_text("1 Ada")).to_be_visible()
    assert_sound(teacher)
    teacher.press("Stop the clock")
    assert_sound(teacher)
    other = somebody(at=class_site[0])
    other.open(class_site[1])
    assert_sound(other)
    teacher.press("Close the room and delete all of it")
    assert_sound(teacher)
    ada.page.reload()
    expect(ada.page.get_by_text("There is no class here at the moment.")).to_be_visible()
    assert_sound(ada)
