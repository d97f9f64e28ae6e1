"""Apps behind a real proxy, and who stands before it."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.helpers.doctor import ask
from tests.helpers.gated import PROXIES, Gated, gated
from tests.helpers.wire import Wire

_people = count(1)


@pytest.fixture(scope="package", params=PROXIES, ids=lambda kind: kind.kind)
def site(request, tmp_path_factory) -> Iterator[Gated]:
    """The one site of this folder's tests; those that harm it have one of their own."""
    with gated(tmp_path_factory.mktemp("gated"), kind=request.param) as site:
        yield site


@pytest.fixture
def address() -> str:
    """An address that nobody has used yet."""
    return f"someone-{next(_people)}@example.org"


@pytest.fixture
def stranger() -> Wire:
    """A browser in which nobody is signed in."""
    return Wire()


@pytest.fixture
def alice(site, address) -> Wire:
    """A browser in which somebody signed in on the way to the wiki."""
    wire = Wire()
    page = site.sign_in(wire, address)
    assert page.status == 200, page
    return wire


@pytest.fixture
def restored(own) -> Iterator[Path]:
    """What a test makes of the snippet lasts no longer than the test."""
    file = own.folder / "wiki.site"
    before = file.read_text()
    yield file
    file.write_text(before)
    own.reload()


@pytest.fixture
def told(own, restored) -> Callable[..., str]:
    """Return what the doctor says where the snippet was changed in this way."""
    file = restored

    def told(edits: dict[str, str], *options: str) -> str:
        if options:
            own.write("wiki", *options)
        lines = file.read_text()
        for old, new in edits.items():
            assert old in lines, f"the snippet does not say {old}"
            lines = lines.replace(old, new)
        file.write_text(lines)
        own.reload()
        code, wrong = ask(own)
        assert (code, bool(wrong)) == (1, True)
        return wrong

    return told
