"""A body that comes in chunks, without a length, is read like any other and has the same limit."""

import pytest
import requests

from tests.helpers.served import served


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A real server, since only one takes chunks."""
    with served(tmp_path_factory.mktemp("chunked")) as server:
        yield server


def prove(server, who: str, padding: int) -> requests.Response:
    """Answer with the right code and blanks behind it, in chunks of 4 KiB."""
    path = f"{server.url}/verify/{who}@example.org/"
    code = requests.get(path, timeout=10).json()["OTP"]
    body = f'{{"otp": "{code}"}}'.encode() + b" " * padding
    chunks = (body[start : start + 4096] for start in range(0, len(body), 4096))
    kind = {"Content-Type": "application/json"}
    return requests.post(path, data=chunks, headers=kind, timeout=10)


@pytest.mark.parametrize("padding", [0, 16_000])
def test_chunks_are_read(server, padding):
    assert prove(server, f"short{padding}", padding).json()["verdict"] == "ACCEPTED"


@pytest.mark.parametrize("padding", [17 * 1024, 1_000_000])
def test_more_than_16_kib_in_chunks_are_refused(server, padding):
    assert prove(server, f"long{padding}", padding).status_code == 413
