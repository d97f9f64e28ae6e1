"""An app that asks for more than a code leads to that, and then back."""

from tests.web.factors import enrol_app
from tests.web.gate.walker import PORTAL, WIKI
from tests.web.helpers import title, words

VAULT, FRESH = f"{WIKI}/vault/x", f"{WIKI}/fresh/x"


def prove_by_app(walker, app):
    return walker.go_on(walker.browser.submit("/prove/totp", code=app.code()))


def test_who_has_no_second_proof_is_told_how_to_get_one(walker):
    walker.sign_in_for(f"{WIKI}/")
    page = walker.open(VAULT)
    assert page.status_code == 403
    assert title(page.text).startswith("Wiki asks for more")
    assert "signs in with two different proofs" in words(page.text)
    assert f'href="{VAULT}"' in page.text


def test_a_second_proof_leads_back_to_the_page(walker, clock):
    walker.sign_in_for(f"{WIKI}/")
    app = enrol_app(walker.browser, clock)
    walker.browser.get("/")
    walker.browser.submit("/sign-out")
    clock.advance(minutes=2)
    from tests.helpers.people import RFC_CODES
    from tests.web.helpers import ALICE

    walker.open(f"{WIKI}/")
    walker.browser.follow(walker.browser.submit("/sign-in", identifier=ALICE))
    walker.go_on(walker.browser.answer(RFC_CODES[2]))
    prove_by_app(walker, app)
    assert walker.check(VAULT).headers["Remote-Method"] == "email,totp"


def test_a_proof_too_old_is_given_once_more(walker, clock):
    from tests.helpers.people import RFC_CODES

    walker.sign_in_for(f"{WIKI}/")
    assert walker.status(FRESH) == 200
    clock.advance(minutes=5)
    assert walker.status(FRESH) == 401
    page = walker.open(FRESH)
    assert page.status_code == 200
    assert title(page.text).startswith("Is it still you?")
    page = walker.go_on(walker.browser.submit("/prove/code"))
    assert walker.go_on(walker.browser.answer(RFC_CODES[2])).location == FRESH
    assert walker.status(FRESH) == 200


def test_a_step_up_at_this_site_does_not_reach_what_an_app_holds_already(walker, clock):
    """ASVS 7.2.4: what was handed over before opens what it opened before."""
    walker.sign_in_for(f"{WIKI}/")
    enrol_app(walker.browser, clock)
    walker.get(f"{PORTAL}/")
    assert walker.status(VAULT) == 401
