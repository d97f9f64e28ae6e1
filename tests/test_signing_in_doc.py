"""docs/signing-in.md says what the pages say: each button and link that it names is on one."""

import re

import pytest

from otpapp.web.prove import words
from tests.helpers.served import ROOT

PAGE = (ROOT / "docs" / "signing-in.md").read_text()
PAGES = "".join(file.read_text() for file in sorted((ROOT / "templates").rglob("*.html")))
NUMBER_OR_ADDRESS = re.compile(r'\{\{ "number" .*? else "address" \}\}')
OFFERED = [words.offer(factor) for factor in words.WORDS]
QUOTED = sorted({" ".join(one.split()) for one in re.findall(r'"([^"]+)"', PAGE)})
PLACES = re.findall(r"^- \*\*(.+?)\*\*:", PAGE, re.MULTILINE)
KNOWN = " ".join([NUMBER_OR_ADDRESS.sub("address", PAGES), *OFFERED])
JARGON = [
    "OTP",
    "TOTP",
    "HOTP",
    "MFA",
    "2FA",
    "WebAuthn",
    "session",
    "token_",
    "credential",
    "factor",
    "authentication",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_it_quotes_stands_on_a_page(quoted):
    assert quoted in KNOWN


def test_it_names_each_of_ones_own_pages():
    layout = (ROOT / "templates/account/_layout.html").read_text()
    assert re.findall(r'"([A-Z][a-z ]+)": "[a-z_.]+"', layout, re.IGNORECASE) == PLACES


@pytest.mark.parametrize("word", JARGON)
def test_it_speaks_plainly(word):
    assert not re.search(rf"\b{word}", PAGE)
