"""Each command says what it does and how it is called."""

import pytest

from otpapp.commands import COMMANDS, FIRST


@pytest.mark.parametrize("command", (*FIRST, *COMMANDS), ids=lambda command: command.name)
def test_each_command_explains_itself(app, command):
    result = app.test_cli_runner().invoke(args=[command.name, "--help"])
    assert result.exit_code == 0
    assert command.name in result.output
    assert len(command.help.strip().splitlines()[0]) < 100


@pytest.mark.parametrize("name", ["create-user", "send-test"])
def test_an_identifier_must_be_given(app, name):
    result = app.test_cli_runner().invoke(args=[name])
    assert result.exit_code == 2
    assert "Missing argument 'IDENTIFIER'" in result.output
