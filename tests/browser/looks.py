"""What a page must be in every look: sound for axe, whole on a small screen, easy to hit."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

from tests.browser.somebody import DESK_PAGE, PHONE_PAGE, Somebody

LOOKS = [(size, scheme) for size in (PHONE_PAGE, DESK_PAGE) for scheme in ("light", "dark")]
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
SIZES = {"narrow": {"width": 320, "height": 640}, "400 %": {"width": 320, "height": 256}}
STICKING_OUT = """[...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 0.5 || box.left < -0.5)
        && !one.parentElement.closest("pre");
}).map((one) => one.outerHTML.slice(0, 80))"""
TOO_SMALL = """[
    ...document.querySelectorAll("button, input, select, textarea, summary, a")
].filter((one) => {
    const alone = one.innerText === one.parentElement.innerText.trim();
    const box = one.getBoundingClientRect();
    if (!box.width || (one.localName === "a" && !alone)) return false;
    return box.width < 24 || box.height < 24;
}).map((one) => `${one.outerHTML.slice(0, 80)} is ${one.getBoundingClientRect().height} px high`)"""


def assert_axe_finds_nothing(ada: Somebody) -> None:
    """Look at the open page in every size and colour scheme."""
    ada.page.evaluate(AXE_SCRIPT)
    for size, scheme in LOOKS:
        ada.page.set_viewport_size(size)
        ada.page.emulate_media(color_scheme=scheme)
        found = AxeResults(ada.page.evaluate("options => axe.run(options)", OPTIONS))
        assert not found.violations_count, f"{size} {scheme}\n{found.generate_report()}"


def assert_it_fits(ada: Somebody) -> None:
    """Nothing has to be scrolled sideways, and nothing is too small to hit."""
    ada.page.set_viewport_size(DESK_PAGE)
    assert ada.page.evaluate(TOO_SMALL) == [], "desk"
    for name, size in SIZES.items():
        ada.page.set_viewport_size(size)
        wide = ada.page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= 320, f"{name}: {wide} px wide"
        assert ada.page.evaluate(STICKING_OUT) == [], name
        assert ada.page.evaluate(TOO_SMALL) == [], name
