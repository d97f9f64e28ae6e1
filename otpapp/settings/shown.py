"""What is configured, and where it comes from: every setting under its heading, and no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from otpapp.settings.advice import SECRETS
from otpapp.settings.meanings import MEANINGS, REQUIRED
from otpapp.settings.model import NAMES, PREFIX, Settings
from otpapp.settings.values import unless_set, written

# Who signs in at the mail server is half of a secret; some providers have a key stand there.
HIDDEN = frozenset({*SECRETS, "mail_username"})
HIDES = "set, and not shown"
SECONDS = " seconds"


@dataclass(frozen=True)
class Shown:
    """One setting: its value as one would write it, or only that it is set where nobody may see it.

    `variable` names what it was read from, `file` the file where that named one; neither is there
    where it was not set. `is_usual` says that it is as it would be unless set, and `unless_set`
    what that is, where it need not be set.
    """

    name: str
    meaning: str
    value: str
    variable: str
    file: str
    is_usual: bool
    unless_set: str


def overview(settings: Settings, environ: Mapping[str, str]) -> dict[str, list[Shown]]:
    """Return every setting under its heading; `environ` is what the settings came from."""
    return {
        heading: [_shown(name, meaning, settings, environ) for name, meaning in names.items()]
        for heading, names in MEANINGS.items()
    }


def _shown(name: str, meaning: str, settings: Settings, environ: Mapping[str, str]) -> Shown:
    value, variable = getattr(settings, name), PREFIX + name.upper()
    unset = unless_set(name)
    file = environ.get(f"{variable}_FILE", "")
    is_set = bool(file or environ.get(variable, "").strip())
    return Shown(
        name=variable,
        meaning=meaning,
        value=_value(name, value),
        variable=(f"{variable}_FILE" if file else variable) if is_set else "",
        file=file,
        is_usual=value == NAMES[variable].default,
        unless_set="" if unset == REQUIRED else unset,
    )


def _value(name: str, value: Any) -> str:
    if not value and not isinstance(value, (bool, int)):
        return ""
    if name in HIDDEN:
        return HIDES
    return " ".join(written(value)) + (SECONDS if isinstance(value, timedelta) else "")
