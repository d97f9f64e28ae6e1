"""Forced colours, reduced motion, paper, and the reader's own time zone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.browser
UNSEEN = """[...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || one.closest(".visually-hidden, [hidden], noscript")) return false;
    const ground = (e) => {
        const colour = e ? getComputedStyle(e).backgroundColor : "none";
        return /^rgba.*, 0\\)$/.test(colour) ? ground(e.parentElement) : colour;
    };
    const style = getComputedStyle(one);
    return style.color === ground(one) || style.opacity === "0" || !one.offsetWidth;
}).map((one) => one.outerHTML.slice(0, 80))"""
EDGELESS = """[...document.querySelectorAll("button, a.button, input:not([type=radio])")]
    .filter((one) => one.offsetWidth).filter((one) => {
        const style = getComputedStyle(one);
        return style.borderTopStyle !== "solid" || style.borderTopColor === style.backgroundColor;
    }).map((one) => one.outerHTML.slice(0, 80))"""


def every_page(ada: Somebody):
    """Go through the sign-in and stop at each page."""
    ada.open("/sign-in")
    yield
    ada.identifier.fill("nobody at all")
    ada.press("Send me a code")
    yield
    ada.ask()
    ada.site.let_pass(seconds=31)
    ada.page.reload()
    yield
    ada.answer(ada.wrong_code)
    yield
    ada.answer(ada.code)
    yield
    ada.open("/inbox")
    yield


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_forced_colours_still_show_every_word_and_every_edge(somebody, color_scheme):
    ada = somebody(forced_colors="active", color_scheme=color_scheme)
    for _ in every_page(ada):
        assert ada.page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert ada.page.evaluate(UNSEEN) == [], ada.page.url
        assert ada.page.evaluate(EDGELESS) == [], ada.page.url


def test_reduced_motion_shows_every_word_and_moves_nothing(somebody):
    ada = somebody(reduced_motion="reduce")
    for _ in every_page(ada):
        assert ada.page.evaluate(UNSEEN) == [], ada.page.url
        assert ada.page.evaluate("document.getAnimations().length") == 0


def test_paper_stays_empty(somebody):
    ada = somebody()
    for _ in every_page(ada):
        ada.page.emulate_media(media="print")
        expect(ada.page.locator("body")).to_be_hidden()
        ada.page.emulate_media(media="screen")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
def test_times_are_shown_in_the_zone_of_the_reader(somebody, zone):
    ada = somebody(timezone_id=zone)
    ada.ask()
    until = ada.page.locator("#code-hint time")
    instant = datetime.fromisoformat(until.get_attribute("datetime"))
    expect(until).to_have_text(f"{instant.astimezone(ZoneInfo(zone)):%H:%M}")
    expect(until).to_have_attribute("title", f"{instant:%H:%M} UTC")
    ada.answer(ada.code)
    for time in ada.page.locator(".facts time").all():
        instant = datetime.fromisoformat(time.get_attribute("datetime"))
        local = instant.astimezone(ZoneInfo(zone))
        expect(time).to_contain_text(f"{local:%H:%M}")
        expect(time).to_contain_text(f"{local.day} {local:%B %Y}")
    ada.open("/inbox")
    expect(ada.page.locator(".letter time").first).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))


def test_without_script_times_name_their_zone(somebody):
    ada = somebody(timezone_id="America/New_York", java_script_enabled=False)
    ada.ask()
    expect(ada.page.locator("#code-hint time")).to_have_text(re.compile(r"^\d\d:\d\d UTC$"))
