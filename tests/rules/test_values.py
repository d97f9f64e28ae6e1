"""What rules hand to each other cannot be changed on the way."""

import dataclasses
import importlib
import pkgutil

import pytest

from otpapp import rules

MODULES = [
    importlib.import_module(one.name)
    for one in pkgutil.walk_packages(rules.__path__, "otpapp.rules.")
]
VALUES = {
    found
    for module in MODULES
    for found in vars(module).values()
    if isinstance(found, type)
    and dataclasses.is_dataclass(found)
    and found.__module__.startswith("otpapp.")
}


@pytest.mark.parametrize("value", sorted(VALUES, key=lambda value: value.__qualname__))
def test_a_value_stays_as_it_was_made(value):
    assert value.__dataclass_params__.frozen
