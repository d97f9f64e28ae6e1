"""Tables that a spreadsheet shows as they are, and that come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.rules.people import sheets


@pytest.mark.parametrize("cell", ["=1+1", "+12025550143", "-1", "@SUM(A1)", "\tx", "\rx", "'=1"])
def test_no_cell_is_a_formula(cell):
    assert sheets.guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "alice@example.org", "o'brien@example.org", "'quoted", "1-2"])
def test_other_cells_are_as_they_are(cell):
    assert sheets.guarded(cell) == sheets.plain(cell) == cell


def test_a_number_that_nobody_guarded_is_read_too():
    assert sheets.plain("+12025550143") == sheets.plain(" '+12025550143 ") == "+12025550143"


CELLS = st.text(st.characters(exclude_characters="\n\r\0", codec="utf-8")).map(str.strip)


@given(st.lists(CELLS, min_size=2))
def test_what_is_written_is_read_back(row):
    assert sheets.cells(sheets.write([row]).removesuffix("\n"), ",") == row


@pytest.mark.parametrize(
    ("header", "separator"),
    [("email", ","), ("email,phone", ","), ("email;phone;role", ";"), ("email\trole", "\t")],
)
def test_the_header_says_what_stands_between_cells(header, separator):
    assert sheets.separator_of(header) == separator


def test_blanks_after_a_separator_belong_to_no_cell():
    assert sheets.cells('a,  "b, c" ,d ', ",") is None, "nothing may stand behind a quotation mark"
    assert sheets.cells('a,  "b, c", d ', ",") == ["a", "b, c", "d"]


@pytest.mark.parametrize("line", ['a,"b', '"a"b,c', "a\0b" * 70_000])
def test_a_line_that_is_none_is_nothing(line):
    assert sheets.cells(line, ",") is None
