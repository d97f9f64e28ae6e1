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

# All that a key can reach, in the order of the page; of radio buttons, the one that is chosen.
FIND_STOPS = """(() => {
    const all = [...document.querySelectorAll(
        "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary"
    )].filter((one) => one.checkVisibility({visibilityProperty: true}));
    const chosen = (one) => all.find((it) => it.name === one.name && it.checked)
        ?? all.find((it) => it.name === one.name);
    window.stops = all.filter((one) => one.type !== "radio" || one === chosen(one));
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    return window.stops.length;
})()"""
WHERE = """(() => {
    const here = document.activeElement, style = getComputedStyle(here);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return [window.stops.indexOf(here), ring || here.localName === "iframe", here.outerHTML];
})()"""


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


def assert_keys_reach_all(ada: Somebody) -> None:
    """Tab leads to all that can be pressed or filled in, from top to bottom, each with a ring."""
    ada.page.set_viewport_size(DESK_PAGE)
    number = ada.page.evaluate(FIND_STOPS)
    assert number, "nothing can be reached"
    seen: list[int] = []
    for _ in range(3 * number + 20):
        ada.page.keyboard.press("Tab")
        index, has_ring, html = ada.page.evaluate(WHERE)
        if index in seen[-1:]:  # a date is several stops, whose rings the browser draws
            continue
        assert has_ring, f"no visible focus: {html[:200]}"
        seen += [index] * (index >= 0)  # what scrolls can be reached too
        if index == number - 1:
            break
    left = {*range(number)} - {*seen}
    missing = [ada.page.evaluate(f"window.stops[{one}].outerHTML") for one in left]
    assert not missing, f"no key leads to {missing}"
    assert seen == sorted(seen), "not from top to bottom"
