"""The page that adds a passkey."""

from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Credential, Event
from tests.helpers.browser import new_browser
from tests.helpers.passkeys import Passkey
from tests.web.helpers import is_in, part, problem, sign_in, title, words
from tests.web.passkeys import ENROL, ask, enrol, options, send

NONSENSE = ["", "{", "[" * 4000, "null", '{"rawId": "\\ud800"}', "\udcff", "x" * 15_000]


def kept(app) -> list[Credential]:
    with app.app_context():
        return list(db.session.scalars(select(Credential)))


def events(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Event.kind)))


def test_a_passkey_is_added_and_listed(client, alice, app):
    sign_in(client)
    enrol(client, name="My laptop")
    assert [one.name for one in kept(app)] == ["My laptop"]
    assert "factor.enrolled" in events(app)
    page = client.get("/account/security")
    assert "My laptop Passkey, added 3 March 2026, 12:00 UTC, not used yet" in words(page.text)


def test_without_a_name_it_is_called_after_the_browser(client, alice, app):
    sign_in(client)
    enrol(client)
    assert kept(app)[0].name == "Passkey from an unknown browser"


def test_recovery_codes_come_next_then_where_it_was_meant_to_lead(client, alice):
    sign_in(client)
    client.get(f"{ENROL}?next=/somewhere")
    made = Passkey().make(options(client, ENROL))
    answer = client.submit(ENROL, passkey=made)
    assert answer.location == "/account/security/recovery-codes?next=/somewhere"


def test_whoever_must_have_a_second_proof_is_in_once_it_is_added(make_client, alice):
    browser = make_client(proofs="two")
    browser.ask("alice@example.org")
    page = browser.follow(browser.answer("287082"))
    assert title(page.text).startswith("One more thing to set up")
    assert any(one.get("href") == ENROL for one in browser.page.all("a"))
    assert not is_in(browser)
    enrol(browser)
    assert is_in(browser)


def test_a_session_whose_proof_is_old_proves_again_first(client, alice, clock):
    """X52."""
    sign_in(client)
    client.get(ENROL)
    form = client.page.form(ENROL)
    clock.advance(minutes=11)
    for answer in (
        client.get(ENROL),
        client.post(ENROL, data=form),
        client.post(f"{ENROL}/options", headers={"X-CSRFToken": form["csrf_token"]}),
    ):
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/prove")


def test_nonsense_is_refused_in_words_and_the_page_is_there_again(client, alice, app):
    sign_in(client)
    client.get(ENROL)
    for text in NONSENSE:
        answer = client.submit(ENROL, name="Mine", passkey=text.encode("utf-8", "surrogateescape"))
        assert answer.status_code == 422
        assert problem(answer).startswith("Your browser sent no passkey.")
        assert client.page.form(ENROL)["name"] == "Mine"
    assert kept(app) == []


def test_a_body_that_is_too_large_ends_no_sign_in_under_way(make_client, alice):
    browser = make_client(proofs="two")
    browser.ask("alice@example.org")
    browser.follow(browser.answer("287082"))
    browser.get(ENROL)
    assert browser.submit(ENROL, passkey="x" * 20_000).status_code == 413
    enrol(browser)
    assert is_in(browser)


def test_an_answer_is_good_once(client, alice, app):
    sign_in(client)
    client.get(ENROL)
    text = Passkey().make(options(client, ENROL))
    form = client.page.form(ENROL)
    wrong = client.post(
        ENROL, data={**form, "passkey": Passkey().make(options(client, ENROL), flags=1)}
    )
    assert problem(wrong).startswith("That passkey opens nothing here.")
    assert client.post(ENROL, data={**form, "passkey": text}).status_code == 303
    client.get(ENROL)
    again = client.submit(ENROL, passkey=text)
    assert problem(again).startswith("That took too long, or it was sent twice.")
    assert len(kept(app)) == 1


def test_one_that_is_registered_is_not_registered_again(client, alice, app):
    sign_in(client)
    made = enrol(client)
    client.get(ENROL)
    answer = client.submit(ENROL, passkey=made.make(options(client, ENROL)))
    assert problem(answer) == "That passkey is registered here already. Use another one."


def test_a_name_of_two_lines_is_refused(client, alice, app):
    sign_in(client)
    client.get(ENROL)
    made = Passkey().make(options(client, ENROL))
    answer = client.submit(ENROL, passkey=made, name="a\u202eb")
    assert (answer.status_code, problem(answer)) == (422, "Use letters, digits and signs only")
    assert kept(app) == []


def test_options_are_given_only_to_this_site_s_own_pages(client, alice):
    sign_in(client)
    client.get(ENROL)
    form = client.page.form(ENROL)
    assert client.post(f"{ENROL}/options").status_code != 200
    cross = {"X-CSRFToken": form["csrf_token"], "Sec-Fetch-Site": "cross-site"}
    assert client.post(f"{ENROL}/options", headers=cross).status_code == 400


def test_a_limit_is_told_in_json(make_client, alice):
    browser = make_client(limit_ceremonies_per_ip=1)
    sign_in(browser)
    browser.get(ENROL)
    options(browser, ENROL)
    answer = ask(browser, ENROL)
    assert answer.status_code == 429
    assert answer.json == {
        "message": "Passkeys were asked for too often from your network. Try again at 13:00 UTC."
    }
    assert answer.headers["Retry-After"] == "3600"


def test_where_the_site_has_no_name_there_are_no_passkeys(make_client, alice):
    for url, offered in (
        ("http://127.0.0.1:5000", False),
        ("http://[::1]:5000", False),
        ("http://otp.lan", False),
        ("http://localhost:5000", True),
        ("http://a.localhost", True),
        ("https://otp.lan", True),
    ):
        browser = make_client(mode="development", public_url=url)
        page = browser.get("/sign-in")
        assert ("Sign in with a passkey" in page.text) is offered, url
        assert (part(page.text, 'formaction="/sign-in/passkey"') != "") is offered


def test_its_pages_are_not_there_either(make_client, alice):
    browser = make_client(mode="development", public_url="http://127.0.0.1:5000")
    sign_in(browser)
    assert browser.get(ENROL).status_code == 404
    token = {"csrf_token": browser.get("/") and browser.page.form("/sign-out")["csrf_token"]}
    assert browser.post(ENROL, data=token).status_code == 404
    assert browser.post(f"{ENROL}/options", data=token).status_code == 404
    other = new_browser(browser.application)
    other.get("/sign-in")
    token = {"csrf_token": other.page.form("/sign-in")["csrf_token"]}
    assert other.post("/sign-in/passkey/options", data=token).status_code == 404


def test_one_that_is_removed_opens_nothing_any_more(client, alice, app):
    sign_in(client)
    made = enrol(client, name="My laptop")
    remove = f"/account/security/{kept(app)[0].id}/remove"
    assert title(client.get(remove).text) == "Remove My laptop? – Example"
    assert client.submit(remove).location == "/account/security"
    client.get("/")
    client.submit("/sign-out")
    client.get("/sign-in")
    answer = send(client, made, "/sign-in/passkey")
    assert (answer.status_code, is_in(client)) == (422, False)
    assert problem(answer).startswith("That passkey opens nothing here.")
