"""Running commands, and what they print."""

from collections.abc import Callable

import pytest


@pytest.fixture
def run(app) -> Callable[..., str]:
    """Return what runs a command that must succeed, and returns what it printed."""

    def run(*args: str) -> str:
        result = app.test_cli_runner().invoke(args=list(args))
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture
def fail(app) -> Callable[..., str]:
    """Return what runs a command that must fail, and returns what it said."""

    def fail(*args: str) -> str:
        result = app.test_cli_runner().invoke(args=list(args))
        assert result.exit_code == 1, result.output
        return result.output

    return fail
