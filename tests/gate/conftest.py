"""Apps behind a real proxy, and who stands before it."""

from collections.abc import Iterator
from itertools import count

import pytest

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
