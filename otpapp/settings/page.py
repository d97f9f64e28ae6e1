"""docs/settings.md, written from the code: python -m otpapp.settings.page > docs/settings.md"""

import sys
from collections.abc import Iterator
from datetime import timedelta

from otpapp.settings.meanings import FORMS, MEANINGS
from otpapp.settings.model import NAMES, PREFIX
from otpapp.settings.reading import CHOICES, NUMBERS, NUMBERS_UNLESS_SAID
from otpapp.settings.values import unless_set

HEAD = """# Settings

Written by `make docs` from otpapp/settings/; change it there.

Settings are environment variables. Each can also be read from a file, by its name with `_FILE` at
the end. otpapp does not start with a wrong, unknown or unsafe setting, and says everything that is
wrong at once; `flask check-config` says it without starting anything, and what is unsafe besides.
Outside production the public URL, the sender of mails and who may sign up have values for trying it
out.

An office or a school shares one IP address: raise the three limits per IP there.
"""
TABLE = "| setting | what | values | unless set |\n|---|---|---|---|"


def text() -> str:
    """Return the whole page."""
    return HEAD + "".join(_part(heading, names) for heading, names in MEANINGS.items())


def _part(heading: str, names: dict[str, str]) -> str:
    lines = "\n".join(_rows(names))
    return (
        f"\n## {heading}\n\n| setting | what | values | unless set |\n|---|---|---|---|\n{lines}\n"
    )


def _rows(names: dict[str, str]) -> Iterator[str]:
    for name, meaning in names.items():
        yield f"| `{PREFIX}{name.upper()}` | {meaning} | {_values(name)} | {unless_set(name)} |"


def _values(name: str) -> str:
    """Return what the parser of this setting takes."""
    default = NAMES[PREFIX + name.upper()].default
    if name in CHOICES:
        *others, last = (f"`{one}`" for one in CHOICES[name])
        return f"{', '.join(others)} or {last}"
    if isinstance(default, bool):
        return "`true` or `false`"
    if isinstance(default, (int, timedelta)):
        low, high = NUMBERS.get(name, NUMBERS_UNLESS_SAID)
        return f"{low} to {high}" + (" seconds" if isinstance(default, timedelta) else "")
    return FORMS.get(name, "a text")


if __name__ == "__main__":
    sys.stdout.write(text())
