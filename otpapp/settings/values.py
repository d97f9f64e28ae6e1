"""Values as an operator writes them, for whatever shows them."""

from datetime import timedelta
from typing import Any

from otpapp.settings.meanings import UNSET
from otpapp.settings.model import NAMES, PREFIX


def unless_set(name: str) -> str:
    """Return what holds where a setting is not set, with backticks around what could be written."""
    default = NAMES[PREFIX + name.upper()].default
    if name in UNSET:
        return UNSET[name]
    if isinstance(default, (tuple, frozenset)):
        return " ".join(f"`{one}`" for one in written(default)) or "none"
    return " ".join(written(default)) or "none"


def written(value: Any) -> list[str]:
    """Return a value as it is written into the environment, word by word; a time in seconds."""
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, timedelta):
        return [f"{value.total_seconds():.0f}"]
    if isinstance(value, (tuple, frozenset)):
        return sorted(value) if isinstance(value, frozenset) else list(value)
    return [] if value == "" else [str(value)]
