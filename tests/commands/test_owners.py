"""What commands that do something to a person say of an address that is nobody's."""

import pytest


@pytest.mark.parametrize("command", ["reopen", "forget-browsers"])
@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("nobody@example.org", "belongs to nobody who may sign in here."),
        ("nobody", "Enter an email address or a phone number"),
    ],
)
def test_an_address_that_is_nobodys_is_told_in_a_sentence(app, command, identifier, words):
    result = app.test_cli_runner().invoke(args=[command, identifier])
    assert result.exit_code == 1
    assert words in result.output
    assert len(result.output.splitlines()) == 1
