"""Lines drawn as SVG: pure, and told apart by dash and mark where no colour can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import svg
from markupsafe import Markup, escape

WIDTH, HEIGHT = 320, 152
LEFT, RIGHT, TOP, BOTTOM = 34, 312, 10, 126  # where the lines are
MIDDLE = (TOP + BOTTOM) / 2
SIZE = 2.2  # half a mark
Place = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """What is drawn as one line: how it looks, and a number for each step."""

    look: str
    numbers: tuple[int, ...]


def draw(name: str, title: str, words: str, lines: Sequence[Line], steps: Sequence[str]) -> Markup:
    """Return some lines over the same steps, two at least, with a title and a description.

    `name` is the first part of their ids on the page; none of the texts has to be escaped.
    """
    top = top_of(max(max(one.numbers) for one in lines))
    drawn: list[svg.Element] = [
        svg.Title(id=f"{name}-title", text=_text(title)),
        svg.Desc(id=f"{name}-words", text=_text(words)),
        *_scale(top),
        *_times(steps),
        *(part for nth, one in enumerate(lines, 1) for part in _line(nth, one, top)),
    ]
    labelled = {"role": "img", "aria-labelledby": f"{name}-title {name}-words"}
    box = svg.ViewBoxSpec(0, 0, WIDTH, HEIGHT)
    # The library escapes nothing; `_text` does, and all else is made here.
    return Markup(svg.SVG(viewBox=box, class_=["chart"], extra=labelled, elements=drawn))  # noqa: S704


def sample(nth: int, look: str) -> Markup:
    """Return a bit of the `nth` line, from 1 on, for what explains the lines."""
    places = [(1.0, 5.0), (23.0, 5.0)]
    drawn = [_stroke(nth, look, places), _mark(nth, look, (12, 5))]
    hidden = {"aria-hidden": "true"}
    box = svg.ViewBoxSpec(0, 0, 24, 10)
    return Markup(svg.SVG(viewBox=box, class_=["sample"], extra=hidden, elements=drawn))  # noqa: S704


def top_of(most: int) -> int:
    """Return the end of a scale that has room for `most`, and half of which is a whole number."""
    return next(
        one
        for power in count()
        for one in (2 * 10**power, 4 * 10**power, 10 * 10**power)
        if one >= most
    )


def short(number: int) -> str:
    """Return a number as the side of a chart has room for it: 250, 10k, 2M."""
    for size, name in ((10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:g}{name}"
    return str(number)


def places(numbers: Sequence[int], top: int) -> list[Place]:
    """Return where each number of a line stands, on a scale from 0 to `top`."""
    width = (RIGHT - LEFT) / (len(numbers) - 1)
    height = (BOTTOM - TOP) / top
    return [
        (round(LEFT + step * width, 1), round(BOTTOM - number * height, 1))
        for step, number in enumerate(numbers)
    ]


def _scale(top: int) -> list[svg.Element]:
    drawn: list[svg.Element] = []
    for y, number in ((TOP, top), (MIDDLE, top // 2), (BOTTOM, 0)):
        drawn.append(svg.Line(x1=LEFT, x2=RIGHT, y1=y, y2=y, class_=["rule"]))
        drawn.append(svg.Text(x=LEFT - 6, y=y + 4, class_=["number"], text=short(number)))
    return drawn


def _times(steps: Sequence[str]) -> list[svg.Element]:
    middle = len(steps) // 2
    ends = ((LEFT, 0, "first"), (places(range(len(steps)), 1)[middle][0], middle, "middle"))
    return [
        svg.Text(x=x, y=HEIGHT - 8, class_=["time", at], text=_text(steps[step]))
        for x, step, at in (*ends, (RIGHT, len(steps) - 1, "last"))
    ]


def _line(nth: int, line: Line, top: int) -> list[svg.Element]:
    found = places(line.numbers, top)
    area = [(LEFT, BOTTOM), *found, (RIGHT, BOTTOM)]
    filled = [svg.Polygon(points=_flat(area), class_=["area", line.look])] if nth == 1 else []
    # Where nothing happened no mark is needed: they would make a beaded base line.
    marks = [
        _mark(nth, line.look, place)
        for place, number in zip(found, line.numbers, strict=True)
        if number
    ]
    return [*filled, _stroke(nth, line.look, found), *marks]


def _stroke(nth: int, look: str, found: Sequence[Place]) -> svg.Element:
    return svg.Polyline(points=_flat(found), class_=["stroke", f"stroke-{nth}", look])


def _mark(nth: int, look: str, place: Place) -> svg.Element:
    x, y = place
    look_of_it = ["mark", look]
    if nth == 1:
        return svg.Circle(cx=x, cy=y, r=SIZE, class_=look_of_it)
    if nth == 2:
        corner = (round(x - SIZE, 1), round(y - SIZE, 1))
        side = 2 * SIZE
        return svg.Rect(x=corner[0], y=corner[1], width=side, height=side, class_=look_of_it)
    corners = [(x, y - SIZE - 1), (x + SIZE + 1, y + SIZE), (x - SIZE - 1, y + SIZE)]
    return svg.Polygon(points=_flat(corners), class_=look_of_it)


def _flat(found: Sequence[Place]) -> list[Any]:
    return [round(number, 1) for place in found for number in place]


def _text(words: str) -> str:
    return str(escape(words))
