"""What of the text that somebody typed or pasted is the code."""

import re
import unicodedata

_SEPARATORS = re.compile(r"(?<=[0-9])[\s.\u2010-\u2015-]+(?=[0-9])")
_RUNS = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")


def find(typed: str, digits: int) -> str:
    """Return the one run of `digits` digits in `typed`, else all of its digits as one run.

    Spaces, dots and dashes inside a run are ignored, and digits of every script are read as such,
    so "Your code is 123 456" and its full-width spelling both give "123456".
    """
    plain = "".join(_digit(letter) for letter in typed)
    for text in (plain, _SEPARATORS.sub("", plain)):
        fitting: set[str] = {run for run in _RUNS.findall(text) if len(run) == digits}
        if len(fitting) == 1:
            return fitting.pop()
    return "".join(_RUNS.findall(plain))


def _digit(letter: str) -> str:
    # X41: str.isdigit() would also let superscripts through, which int() then chokes on.
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
