"""Whatever is typed or pasted around it, the code is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.rules import codes


@pytest.fixture
def database_url(sqlite_url) -> str:
    """Nothing here needs a database."""
    return sqlite_url


@pytest.mark.parametrize(
    "typed",
    [
        "123456",
        " 123456\r\n",
        "123 456",
        "12 34 56",
        "1 2 3 4 5 6",
        "123-456",
        "123–456",
        "123 - 456",
        "123.456",
        "123\u00a0456",
        "123\u2009456",
        "123\u2011456",
        "123\t456",
        "#123456",
        "Your code is 123 456",
        "Your code is 123456.",
        "123456 is your Example sign-in code. It works for 10 minutes. Ref: KTR.",
        "123456 is your code.\n\n@auth.example.org #123456",
        "123456 (sent at 14:03 from 203.0.113.7, works until 14:13 UTC)",
        "Code: 123-456, 10 minutes",
        "2026-03-03 123456",
        "code=123456&next=/",
        "１２３４５６",
        "１２３　４５６",
        "١٢٣٤٥٦",
        "۱۲۳۴۵۶",
        "१२३ ४५६",
        "𝟏𝟐𝟑𝟒𝟓𝟔",
        "1٢３456",
        "\u200e123456\u200f",
        "123456²",
    ],
)
def test_the_code_is_found(typed):
    assert codes.find(typed, 6) == "123456"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ""),
        ("no code at all", ""),
        ("²²²²²²", ""),
        ("①②③④⑤⑥", ""),
        ("一二三四五六", ""),
        ("½¼", ""),
        ("\x00\ud800", ""),
        ("12345", "12345"),
        ("1234567", "1234567"),
        ("123456 or 654321", "123456654321"),
        ("123456 654321", "123456654321"),
        ("123 456 789", "123456789"),
        ("12a345b6", "123456"),
    ],
)
def test_without_one_clear_code_all_digits_are_returned(typed, found):
    assert codes.find(typed, 6) == found


def test_leading_zeros_are_kept():
    assert codes.find("026 920", 6) == "026920"


def test_a_longer_code_is_not_cut_to_a_shorter_one():
    assert codes.find("12345678", 6) == "12345678"
    assert codes.find("Your code is 1234 5678, not 123456", 8) == "12345678"


@pytest.mark.parametrize("garbage", ["1" * 16000, "1 " * 8000, "1" + " -." * 5000, "٣" * 16000])
def test_long_garbage_is_answered_and_is_no_code(garbage):
    assert len(codes.find(garbage, 6)) != 6


@given(typed=st.text(), digits=st.integers(min_value=6, max_value=8))
def test_nothing_makes_it_stumble_and_only_ascii_digits_come_out(typed, digits):
    found = codes.find(typed, digits)
    assert found == "" or (found.isascii() and found.isdigit())


@given(
    code=st.text("0123456789", min_size=6, max_size=6),
    around=st.tuples(*[st.text(st.characters(exclude_categories=["Nd"]))] * 2),
)
def test_any_words_without_digits_may_stand_around_a_code(code, around):
    assert codes.find(around[0] + code + around[1], 6) == code
