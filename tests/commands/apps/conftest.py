"""Running `flask apps`."""

import pytest


@pytest.fixture
def wiki(run) -> None:
    """An app for everyone, with a part for admins and a public one."""
    run("apps", "add", "wiki", "https://wiki.example.org", "--title", "Our wiki")
    run("apps", "rule", "wiki", "/admin", "--allow", "group:admins", "--proofs", "two")
    run("apps", "rule", "wiki", "/public/", "--allow", "anyone")
