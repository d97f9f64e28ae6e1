"""How messages read: unopened, as text, as HTML in a frame; the code marked, nothing real in it."""

import re

import pytest

from otpapp.web.admin import previews
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows, words

PAGE = "/admin/settings/messages"
MARK = "<mark>123456</mark>"


def article(page, number: int) -> str:
    """Return the source of one preview."""
    (found,) = re.findall(
        rf'<article[^>]* id="preview-{number}".*?</article>', page.text, re.DOTALL
    )
    return found


def glimpses(page, number: int) -> list[str]:
    """Return what is seen of a mail unopened: on a phone, then in a list."""
    return re.findall(r'<p class="glimpse-card">(.*?)</p>', article(page, number), re.DOTALL)


@pytest.fixture
def page(admin):
    """The page with all of them."""
    return admin.get(PAGE)


def test_a_phone_and_a_list_show_sender_subject_and_first_words(page):
    locked, listed = glimpses(page, 1)
    seen = "Example 123456 is your Example sign-in code 123456 – works until 12:10 UTC Your Example"
    assert words(locked).startswith(seen) and words(locked).endswith("…")
    assert words(listed).startswith(seen) and words(listed).endswith("…")
    assert locked.count(MARK) == listed.count(MARK) == 3


def test_without_the_code_in_the_subject_the_first_words_show_it(page):
    assert "were OTPAPP_MAIL_CODE_IN_SUBJECT=false" in words(article(page, 2))
    for seen in glimpses(page, 2):
        assert MARK not in seen.partition("glimpse-snippet")[0]
        assert MARK in seen.partition("glimpse-snippet")[2]


def test_it_says_which_programs_take_the_code(page):
    said = "Safari takes the marked digits out of Apple’s Mail"
    assert said in words(article(page, 1))
    assert "OTP-Token" not in words(article(page, 1))
    assert "There is no code in it to take." in words(article(page, 6))
    assert "<mark>" not in article(page, 6)
    text = words(article(page, 3))
    assert "out of the marked line, and offer it at auth.example.org alone." in text


def test_the_header_is_told_where_it_is_sent(admin_of):
    page = admin_of(mail_otp_token_header=True).get(PAGE)
    assert "The header OTP-Token carries them too" in words(article(page, 1))
    assert "OTP-Token" not in words(article(page, 6))


def test_a_text_message_has_its_last_line_marked_and_its_length(page):
    assert "<mark>@auth.example.org #123456</mark>" in article(page, 3)
    assert "letters in GSM-7: one text message." in words(article(page, 3))
    assert "Accept it until 10 Mar: https://auth.example.org/invited/" in words(article(page, 9))


def test_one_that_is_too_long_for_one_says_how_many_it_is(admin_of):
    page = admin_of(public_url=f"https://{'a' * 63}.b.example.org").get(PAGE)
    assert "letters in GSM-7: 2 text messages." in words(article(page, 9))


def test_the_html_stands_in_a_frame_that_can_do_nothing(page, admin):
    frames = admin.page.all("iframe")
    assert len(frames) == 7
    for frame in frames:
        assert frame["sandbox"] in ("", None) and frame["title"]
        answer = admin.get(frame["src"])
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy
        assert "sandbox" in policy and "frame-ancestors 'self'" in policy
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "123456" in admin.get(f"{PAGE}/1/html").text


@pytest.mark.parametrize("number", [0, 3, 12, 99])
def test_there_is_no_html_of_what_is_no_mail(admin, number):
    answer = admin.get(f"{PAGE}/{number}/html")
    assert answer.status_code == 404
    assert "There is no such message." in words(answer.text)


def test_nothing_of_anybody_real_is_on_it_and_looking_changes_nothing(admin, app):
    admin.get("/admin/settings")
    before = rows(app)
    page = admin.get(PAGE)
    admin.get(f"{PAGE}/1/html")
    assert rows(app) == before
    assert ALICE not in page.text
    assert not [code for code in RFC_CODES if code in page.text]


def test_where_no_text_messages_go_there_are_none(admin_of):
    page = admin_of(sms_url="", sms_regions=frozenset()).get(PAGE)
    assert "text message" not in words(page.text).partition("To an admin")[0]
    assert 'class="phone"' not in page.text


@pytest.mark.parametrize(
    ("text", "most", "left"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a bcd", 3, "a…")]
)
def test_what_has_no_room_is_cut(text, most, left):
    assert previews.cut(text, most) == left
