"""Lines are drawn where their numbers are, and never say more than these."""

import re
from xml.etree import ElementTree

import pytest

from otpapp.web.admin import charts
from otpapp.web.admin.charts import BOTTOM, LEFT, RIGHT, TOP, Line

STEPS = ("09:00", "10:00", "11:00", "12:00")
SVG = "{http://www.w3.org/2000/svg}"


def read(drawn: str) -> ElementTree.Element:
    """Return a picture as its parts."""
    return ElementTree.fromstring(drawn)  # noqa: S314 - it is ours


def draw(*numbers: tuple[int, ...], words: str = "Few") -> ElementTree.Element:
    looks = ("calm", "plain-ink", "warm")
    lines = [Line(look, one) for look, one in zip(looks, numbers, strict=False)]
    return read(charts.draw("some", "Some <things> & more", words, lines, STEPS))


def points(drawn: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """Return the corners of each line."""
    found = [one.get("points") or "" for one in drawn.iter(f"{SVG}polyline")]
    numbers = [[float(one) for one in re.split(r"[ ,]+", text)] for text in found]
    return [list(zip(one[::2], one[1::2], strict=True)) for one in numbers]


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 2), (2, 2), (3, 4), (5, 10), (11, 20), (40, 40), (41, 100), (7_000_001, 10_000_000)],
)
def test_a_scale_ends_at_a_number_with_a_half(most, top):
    assert charts.top_of(most) == top
    assert top % 2 == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (999, "999"), (1000, "1k"), (20_000, "20k"), (500_000, "500k"), (2_000_000, "2M")],
)
def test_a_number_is_as_short_as_there_is_room(number, said):
    assert charts.short(number) == said


def test_the_numbers_can_be_read_off_the_lines():
    numbers = [(0, 1, 4, 2), (4, 0, 0, 3)]
    for line, drawn in zip(numbers, points(draw(*numbers)), strict=True):
        assert tuple((BOTTOM - y) * 4 / (BOTTOM - TOP) for _, y in drawn) == line
        assert (drawn[0][0], drawn[-1][0]) == (LEFT, RIGHT)


def test_nothing_is_a_line_at_the_bottom():
    assert {y for _, y in points(draw((0, 0, 0, 0)))[0]} == {BOTTOM}


def test_where_something_happened_there_is_a_mark_of_another_shape_for_each_line():
    drawn = draw((0, 1, 2, 0), (1, 0, 0, 0), (3, 3, 3, 0))
    marks = [one.tag for one in drawn.iter() if "mark" in (one.get("class") or "").split()]
    shapes = [f"{SVG}circle"] * 2 + [f"{SVG}rect"] + [f"{SVG}polygon"] * 3
    assert marks == shapes
    strokes = [one.get("class").split()[1] for one in drawn.iter(f"{SVG}polyline")]
    assert strokes == ["stroke-1", "stroke-2", "stroke-3"]


def test_scale_and_times_are_written_at_the_sides():
    said = [one.text for one in draw((0, 0, 7, 0)).iter(f"{SVG}text")]
    assert said == ["10", "5", "0", "09:00", "11:00", "12:00"]


def test_it_is_an_image_that_says_what_it_shows_and_no_text_is_markup():
    drawn = draw((1, 2, 3, 4), words="3 < 4")
    assert (drawn.get("role"), drawn.get("aria-labelledby")) == ("img", "some-title some-words")
    told = {one.get("id"): one.text for one in drawn if one.get("id")}
    assert told == {"some-title": "Some <things> & more", "some-words": "3 < 4"}


def test_nothing_in_it_is_style_that_our_headers_forbid():
    assert "style" not in charts.draw("a", "b", "c", [Line("calm", (1, 2))], ("x", "y"))


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_sample_looks_like_its_line_and_is_read_out_to_nobody(nth):
    drawn = read(charts.sample(nth, "calm"))
    assert drawn.get("aria-hidden") == "true"
    (stroke,) = drawn.iter(f"{SVG}polyline")
    assert stroke.get("class") == f"stroke stroke-{nth} calm"
