"""However a phone number is written, it is one number or none (X19, X20)."""

import pytest

from otpapp.otp import hotp
from tests.web.helpers import is_in, rows, words

SAME = [
    *("+12025550143", "+1 202 555 0143", "+1 (202) 555-0143", "+1-202-555-0143"),
    *("+1.202.555.0143", "+1/202/555/0143", " +12025550143 ", "+1\u00a0202\u202f555\u20110143"),
    *("\u202a+12025550143\u202c", "+1 (202)5550143", "+ 1 202 555 0143"),
]
REFUSED = [
    *("tel:+12025550143", "+12025550143;ext=5", "+1 202 555 0143 ext 5", "+1 202 555 0143x5"),
    *("+1 202 555 O143", "+1-202-LLL-0143", "+١٢٠٢٥٥٥٠١٤٣", "＋12025550143", "0012025550143"),
    *("12025550143", "202-555-0143", "+1202\u200b5550143", "+1202555\n0143", "+1202555\x000143"),
    *("+1 202 555 0143, +1 202 555 0199", "+1202555014", "+120255501433", "++12025550143"),
    *("+" + "1" * 60, "+", "()", "+1 202 555 0143#", "*12025550143"),
]
COSTLY = {
    "premium": "+1 900 555 0143",
    "international premium": "+979 123 456 789",
    "satellite": "+882 16 123 45678",
    "Jamaica": "+1 876 555 0143",
    "Guernsey": "+44 7911 123456",
    "toll-free": "+1 800 555 0143",
}


@pytest.mark.parametrize("typed", SAME)
def test_every_spelling_of_bob_s_number_is_bob(client, app, bob, typed):
    client.ask(typed)
    assert client.answer(hotp.code(bob.key, 1, 6)).status_code == 303
    assert is_in(client)
    assert "+1 202-555-0143" in words(client.get("/").text)
    assert [row.subject for row in rows(app)["challenges"]] == [bob.address]


@pytest.mark.parametrize("typed", [*REFUSED, *COSTLY.values()])
def test_any_other_spelling_is_refused_and_nothing_is_sent(client, app, bob, typed):
    client.get("/sign-in")
    assert client.submit("/sign-in", identifier=typed).status_code == 422
    assert not rows(app)["messages"]
    assert not rows(app)["challenges"]
