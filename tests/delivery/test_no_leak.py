"""No code, right or wrong, and no token is in any log, row, address or cookie."""

import logging

import pytest
from flask import request, request_started

from tests.helpers.browser import new_browser
from tests.helpers.mailbox import code_in


class Trail:
    """Everything that a sign-in leaves behind; the other side's own log does not count."""

    def __init__(self, outbox, caplog) -> None:
        self._outbox = outbox
        self._caplog = caplog
        self.addresses: list[str] = []
        self.cookies: list[str] = []

    def note_request(self, _sender, **_) -> None:
        """Keep where a request went."""
        self.addresses.append(request.url)

    def note_answer(self, browser, answer) -> None:
        """Keep where an answer leads, and what its cookie says when it is opened."""
        self.addresses.append(answer.headers.get("Location", ""))
        with browser.session_transaction(base_url="https://auth.example.org") as cookie:
            self.cookies.append(repr(dict(cookie)))

    @property
    def log(self) -> str:
        """Every record that the product or a library of it wrote, with tracebacks."""
        ours = [one for one in self._caplog.records if not one.name.startswith("mail.")]
        return "\n".join(logging.Formatter("%(message)s %(args)s").format(one) for one in ours)

    def parts(self) -> dict[str, str]:
        """Return what is to be searched, by name."""
        return {
            "log": self.log,
            "rows": self._outbox.everything(),
            "addresses": "\n".join(self.addresses),
            "cookies": "\n".join(self.cookies),
        }


@pytest.fixture
def overrides(gateway) -> dict:
    """Eight digits, which do not come up by chance in what is searched."""
    return {"code_digits": 8, "sms_url": gateway.url}


@pytest.fixture
def trail(outbox, caplog):
    """What is left behind, with SQL, its parameters and its results logged too."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")
    trail = Trail(outbox, caplog)
    with request_started.connected_to(trail.note_request, outbox.app):
        yield trail


@pytest.fixture
def code_to(outbox, mailbox, gateway):
    """Send what waits and return the code that arrived."""

    def code_to(address: str) -> str:
        if "@" in address:
            return code_in(mailbox.newest_for(address))
        outbox.send_next("sms")
        return gateway.bodies[-1].rpartition("#")[2]

    return code_to


people = pytest.mark.parametrize("address", ["alice@example.org", "+12025550143"])


@people
def test_a_sign_in_by_page_leaves_no_code_behind(address, client, trail, code_to, alice, bob):
    trail.note_answer(client, client.ask(address))
    code = code_to(address)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    trail.note_answer(client, client.answer(wrong))
    answer = client.answer(code)
    trail.note_answer(client, answer)
    assert "You are signed in" in client.follow(answer).text
    with client.session_transaction(base_url="https://auth.example.org") as cookie:
        token = cookie["session"]
    for name, part in trail.parts().items():
        assert part, name
        assert code not in part, name
        assert wrong not in part, name
        assert name == "cookies" or token not in part, name


@people
@pytest.mark.parametrize("path", ["/verify/{}/", "/verify/time_based/{}/"])
def test_a_sign_in_by_api_leaves_no_code_and_no_token_behind(
    address, path, app, trail, code_to, alice, bob
):
    program = new_browser(app)
    asked = program.get(path.format(address))
    code = code_to(address)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    program.post(path.format(address), json={"otp": wrong})
    proved = program.post(path.format(address), json={"otp": int(code)})
    token = proved.json["token"]
    program.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    trail.note_answer(program, proved)
    for name, part in trail.parts().items():
        for secret in (code, wrong, str(int(code)), token, asked.json["challenge"]):
            assert secret not in part, name


def test_a_sign_in_that_goes_wrong_leaves_no_code_behind(client, trail, code_to, alice):
    client.ask("alice@example.org")
    code = code_to("alice@example.org")
    for _ in range(5):
        answer = client.answer(f"{code[:-1]}{(int(code[-1]) + 1) % 10}")
        trail.note_answer(client, answer)
    assert "Too many wrong codes" in answer.text
    for name, part in trail.parts().items():
        assert code[:-1] not in part, name


def test_the_search_would_find_a_code(client, trail, code_to, alice):
    client.ask("alice@example.org")
    code = code_to("alice@example.org")
    logging.getLogger("anybody").debug("the code is %s", code)
    client.get(f"/sign-in?next=/{code}")
    assert code in trail.log
    assert code in "\n".join(trail.addresses)
    assert "sealed_key" in trail.log
