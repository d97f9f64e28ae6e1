"""My addresses: added by a code, removed after a question, put in order, and taken back."""

import re

import pytest

from otpapp.extensions import db
from otpapp.models import Challenge, Identifier
from otpapp.rules import challenges
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.helpers.mailbox import code_in, text_of
from tests.web.helpers import ALICE, is_in, notice, problem, sign_in, words

PAGE = "/account/identifiers"
ADD, CODE, AGAIN = f"{PAGE}/new", f"{PAGE}/code", f"{PAGE}/code/resend"
NEW = "alice.two@new.example"
BOB = "+12025550143"


@pytest.fixture
def signed_in(client, alice):
    """Alice's browser, signed in just now."""
    sign_in(client)
    return client


@pytest.fixture
def code(mailbox):
    """Return the newest code that was sent to an address."""

    def newest(address: str = NEW) -> str:
        mails = [one for one in mailbox.deliver() if one["To"] == address]
        return code_in([one for one in mails if " code" in one["Subject"]][-1])

    return newest


@pytest.fixture
def both(signed_in, code, clock):
    """Alice's browser, a minute later, once she has two addresses."""
    clock.advance(minutes=1)
    ask(signed_in)
    signed_in.follow(signed_in.submit(CODE, code=code()))
    return signed_in


def ask(browser, address: str = NEW):
    browser.get(ADD)
    return browser.follow(browser.submit(ADD, identifier=address))


def number(app, key: str) -> int:
    with app.app_context():
        return db.session.query(Identifier).filter_by(key=key).one().id


def addresses(browser) -> list[str]:
    """Return the addresses that the page lists, in their order."""
    found = re.findall(r'<strong class="address">(.*?)</strong>', browser.get(PAGE).text)
    return [re.sub("<wbr>", "", one) for one in found]


def test_who_has_one_can_add_and_not_remove(signed_in):
    page = signed_in.get(PAGE)
    assert "A code that we send to one of these signs you in." in words(page.text)
    assert "Remove" not in words(page.text)
    assert addresses(signed_in) == [ALICE]


def test_an_address_is_added_by_the_code_that_was_sent_there(signed_in, code):
    page = ask(signed_in)
    assert f"A code is on its way to {NEW}, which counts for nothing yet." in words(page.text)
    assert addresses(signed_in) == [ALICE]
    signed_in.get(CODE)
    page = signed_in.follow(signed_in.submit(CODE, code=code()))
    assert notice(page) == "It is yours: from now on you can sign in with it."
    assert addresses(signed_in) == [ALICE, NEW]


def test_from_then_on_it_signs_in(both, app, clock, code):
    clock.advance(minutes=2)
    phone = new_browser(app)
    phone.ask(NEW)
    phone.answer(code())
    assert is_in(phone)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter an email address or a phone number"),
        ("nobody", "Enter an email address or a phone number, like"),
        (ALICE, "You sign in with that one already."),
        ("ALICE@Example.org", "You sign in with that one already."),
    ],
)
def test_what_cannot_be_added_is_said_and_stays_in_the_field(signed_in, typed, says):
    signed_in.get(ADD)
    answer = signed_in.submit(ADD, identifier=typed)
    assert answer.status_code == 422
    assert problem(answer).startswith(says)
    assert signed_in.page.form(ADD)["identifier"] == typed


def test_the_same_address_soon_again_is_told_when(signed_in, app, alice, bob):
    ask(signed_in)
    signed_in.get(ADD)
    answer = signed_in.submit(ADD, identifier=NEW)
    assert answer.status_code == 429
    assert problem(answer) == "A code was asked for a moment ago. You can ask again in 30 seconds."
    assert answer.headers["Retry-After"] == "30"
    assert signed_in.page.form(ADD)["identifier"] == NEW


def test_the_same_form_sent_twice_sends_one_code(signed_in, mailbox):
    signed_in.get(ADD)
    first = signed_in.submit(ADD, identifier=NEW)
    signed_in.get(CODE)
    signed_in.get(ADD)
    filled = {**signed_in.page.form(ADD), "identifier": NEW}
    assert first.status_code == 303
    assert signed_in.post(ADD, data=filled).status_code == 429, "another page"
    assert len([one for one in mailbox.deliver() if one["To"] == NEW]) == 1


def test_a_wrong_code_is_said_and_costs_a_try(signed_in, code):
    ask(signed_in)
    wrong = "000000" if code() != "000000" else "000001"
    answer = signed_in.submit(CODE, code=wrong)
    assert answer.status_code == 422
    assert problem(answer).startswith("That code is not right. Check the latest message")
    assert addresses(signed_in) == [ALICE]


def test_what_cannot_be_a_code_costs_nothing(signed_in, code):
    ask(signed_in)
    for _ in range(7):
        answer = signed_in.submit(CODE, code="12")
        assert problem(answer) == "The code has 6 digits. You entered 2."
    assert signed_in.submit(CODE, code=code()).status_code == 303


def test_a_code_that_was_used_leads_on(both, code):
    """As the back button shows it."""
    page = both.get(CODE)
    assert "That code no longer works" in words(page.text)
    answer = both.submit(CODE, code=code())
    assert problem(answer) == (
        "That code was already used. Look at your addresses, or have a new code sent."
    )


def test_the_code_is_sent_again_and_a_new_one_when_it_is_over(signed_in, clock, code, mailbox):
    ask(signed_in)
    first = code()
    clock.advance(minutes=2)
    signed_in.get(CODE)
    page = signed_in.follow(signed_in.submit(AGAIN, code=""))
    assert notice(page) == "We sent the same code once more."
    clock.advance(minutes=9)
    signed_in.get(CODE)
    page = signed_in.follow(signed_in.submit(AGAIN))
    assert notice(page) == "We sent a new code. The one before no longer works."
    assert code() != first
    assert signed_in.submit(CODE, code=code()).status_code == 303


def test_asking_again_too_soon_keeps_what_was_typed(signed_in):
    ask(signed_in)
    answer = signed_in.submit(AGAIN, code="123")
    assert answer.status_code == 429
    assert "You can ask again in 30 seconds." in problem(answer)
    assert signed_in.page.form(CODE)["code"] == "123"


def test_too_many_wrong_codes_are_told_when_to_go_on(make_client, alice, code):
    browser = make_client(limit_failures_per_ip=1)
    sign_in(browser)
    ask(browser)
    wrong = "000000" if code() != "000000" else "000001"
    browser.submit(CODE, code=wrong)
    answer = browser.submit(CODE, code=wrong)
    assert answer.status_code == 429
    assert "Too many wrong codes from your network." in problem(answer)
    assert browser.page.form(CODE)["code"] == wrong


def test_an_address_of_somebody_else_is_told_only_to_who_reads_it(signed_in, app, bob, outbox_code):
    page = ask(signed_in, BOB)
    assert "which counts for nothing yet" in words(page.text)
    answer = signed_in.submit(CODE, code=outbox_code(BOB))
    assert answer.status_code == 422
    assert "It was not added The code for +1 202-555-0143 was right." in words(answer.text)
    assert addresses(signed_in) == [ALICE]


@pytest.fixture
def outbox_code(app, settings):
    """Return the code of the newest challenge for an address, as its message has it."""

    def read(key: str) -> str:
        with app.app_context():
            asked = db.session.query(Challenge).filter_by(subject=key)
            return challenges.code_of(asked.order_by(Challenge.id.desc()).first(), settings)

    return read


def test_another_browser_of_theirs_does_not_take_the_code(signed_in, app, code, clock):
    ask(signed_in)
    clock.advance(minutes=2)
    laptop = new_browser(app)
    sign_in(laptop, 3)
    page = laptop.get(CODE)
    assert "Nothing is being added here" in words(page.text)


@pytest.mark.parametrize("action", [CODE, AGAIN])
def test_a_form_of_before_a_step_up_starts_again(signed_in, clock, action):
    ask(signed_in)
    filled = signed_in.page.form(action)
    with signed_in.session_transaction(base_url="https://auth.example.org") as cookie:
        del cookie["adding"]
    answer = signed_in.post(action, data={**filled, "code": "123456"})
    assert "Nothing is being added here" in words(answer.text)


def test_adding_and_removing_need_a_fresh_proof(both, app, clock):
    clock.advance(minutes=11)
    remove = f"{PAGE}/{number(app, NEW)}/remove"
    for path in (ADD, remove):
        assert both.get(path).location == f"/prove?next={path}"
    assert both.get(PAGE).status_code == 200


def test_what_was_typed_is_not_lost_when_the_proof_grows_old(signed_in, clock):
    signed_in.get(ADD)
    clock.advance(minutes=11)
    answer = signed_in.submit(ADD, identifier=NEW)
    assert "Not sent yet" in answer.text
    assert NEW in answer.text


def test_one_is_removed_after_a_question(both, app):
    remove = f"{PAGE}/{number(app, ALICE)}/remove"
    page = both.get(remove)
    assert "From then on nobody signs in as you with alice@example.org" in words(page.text)
    assert addresses(both) == [ALICE, NEW]
    both.get(remove)
    page = both.follow(both.submit(remove))
    assert "For 72 hours" in notice(page)
    assert addresses(both) == [NEW]


def test_the_last_one_stays(both, app):
    first, last = (f"{PAGE}/{number(app, key)}/remove" for key in (ALICE, NEW))
    both.get(last)
    filled = both.page.form(last)
    both.get(first)
    both.submit(first)
    answer = both.post(last, data=filled)
    assert answer.status_code == 422
    assert "is the only one by which we can reach you" in words(answer.text)
    assert addresses(both) == [NEW]


def test_one_that_is_gone_or_of_somebody_else_is_not_there(both, app, bob):
    for one in (number(app, BOB), 4711, 2**53):
        assert both.get(f"{PAGE}/{one}/remove").status_code == 404
    both.get(PAGE)
    choose = f"{PAGE}/{number(app, NEW)}/first"
    filled = both.page.form(choose)
    assert both.post(f"{PAGE}/{number(app, BOB)}/first", data=filled).status_code == 404


def test_one_is_put_first(both, app):
    both.get(PAGE)
    page = both.follow(both.submit(f"{PAGE}/{number(app, NEW)}/first"))
    assert notice(page) == "It stands first. What you open here knows you by it."
    assert addresses(both) == [NEW, ALICE]


def test_one_that_nobody_proved_cannot_be_put_first(both, app):
    both.get(PAGE)
    filled = both.page.form(f"{PAGE}/{number(app, NEW)}/first")
    with app.app_context(), transaction():
        db.session.query(Identifier).filter_by(key=NEW).update({"verified_at": None})
    page = both.follow(both.post(f"{PAGE}/{number(app, NEW)}/first", data=filled))
    assert notice(page).startswith("Nobody has shown yet that it is yours.")
    assert "first" not in {form["action"].rpartition("/")[2] for form in both.page.forms}


class TestTheLinkInTheNotice:
    """It undoes for 72 hours; a GET only shows (X56)."""

    @pytest.fixture
    def press(self, app, mailbox):
        """Follow the link in the newest mail that has one, press its button, return the words."""

        def press(to: str = ALICE) -> str:
            mails = [text_of(mail) for mail in mailbox.deliver() if mail["To"] == to]
            links = (re.search(r"https://auth\.example\.org(/changed/\S+)", one) for one in mails)
            link = [one[1] for one in links if one][-1]
            phone = new_browser(app)
            shown = words(phone.get(link).text)
            assert "have the addresses again that you had before" in shown
            return words(phone.follow(phone.submit(link)).text)

        return press

    def test_what_was_added_goes_and_everybody_is_out(self, both, app, press):
        assert "You have the addresses again that you had before." in press()
        assert not is_in(both)
        with app.app_context():
            assert [one.key for one in db.session.query(Identifier)] == [ALICE]

    def test_what_was_removed_comes_back(self, both, app, clock, press):
        clock.advance(minutes=1)
        remove = f"{PAGE}/{number(app, ALICE)}/remove"
        both.get(remove)
        both.submit(remove)
        clock.advance(hours=71)
        press()
        with app.app_context():
            found = db.session.query(Identifier).filter_by(removed_at=None)
            assert sorted(one.key for one in found) == [NEW, ALICE]

    def test_a_second_press_only_shows_that_it_was_done(self, both, app, mailbox, press):
        press()
        text = text_of([one for one in mailbox.deliver() if one["To"] == ALICE][-1])
        assert "https://" not in text, "what was taken back has no way back"
