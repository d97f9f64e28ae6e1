"""Which text is a phone number that can get text messages, and which spellings are one number."""

import pytest

from otpapp.rules.identifiers import Address, Fault, parse
from tests.conftest import make_settings

SETTINGS = make_settings(sms_regions=frozenset({"US", "MX", "GB"}))
AMERICAN = make_settings(phone_region="US")
NUMBER = Address("sms", "+12025550143", "+1 202-555-0143")


@pytest.fixture
def database_url(sqlite_url) -> str:
    """Nothing here needs a database."""
    return sqlite_url


@pytest.mark.parametrize(
    "typed",
    [
        "+12025550143",
        " +1 202 555 0143 ",
        "+1-202-555-0143",
        "+1 (202) 555-0143",
        "+1.202.555.0143",
        "+1/202/555/0143",
        "+1  202  555  0143",
        "+1\u00a0202\u00a0555\u00a00143",
        "+1\u202f202\u202f555\u202f0143",
        "+1\u2011202\u2011555\u20110143",
        "+1 202–555–0143",
        "\u202a+12025550143\u202c",
        "\u200e+1 202 555 0143",
    ],
)
def test_every_spelling_of_a_number_is_one_number(typed):
    """X19."""
    assert parse(typed, SETTINGS) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        "+1 202 555 0143 ext 5",
        "+1 202 555 0143;ext=5",
        "+1 202 555 0143 x5",
        "+1 202 555 0143#5",
        "+1 202 555 0143,5",
        "tel:+12025550143",
        "+1 800 FLOWERS",
        "+١٢٠٢٥٥٥٠١٤٣",
        "＋１２０２５５５０１４３",
        "+1²025550143",
        "+1\u200b2025550143",
        "+12025550143\n5",
        "++12025550143",
        "+1+2025550143",
        "+1 202 555 01433",
        "+1 202 555 014",
        "+1 202 555 0143, +1 202 555 0144",
        "+",
        "+1",
        "+999 12345678",
        "+1" + "2" * 40,
    ],
)
def test_what_is_more_or_less_than_a_number_is_refused(typed):
    """X19."""
    assert parse(typed, SETTINGS) in (Fault.PHONE, Fault.NEITHER)


@pytest.mark.parametrize("typed", ["202 555 0143", "(202) 555-0143", "1 202 555 0143"])
def test_a_number_without_its_country_needs_a_region_to_be_set(typed):
    assert parse(typed, SETTINGS) is Fault.COUNTRY
    assert parse(typed, AMERICAN) == NUMBER


@pytest.mark.parametrize("typed", ["+44 7400 123456", "+44 (0)7400 123456", "+447400123456"])
def test_the_zero_in_brackets_belongs_to_no_number(typed):
    assert parse(typed, SETTINGS).key == "+447400123456"


def test_the_old_mexican_spelling_is_no_second_identity():
    found = parse("+52 1 222 123 4567", SETTINGS)
    assert found is Fault.PHONE or found.key == parse("+52 222 123 4567", SETTINGS).key


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("+1 900 555 0143", {Fault.LANDLINE, Fault.PHONE}),
        ("+1 800 555 0143", {Fault.LANDLINE, Fault.PHONE}),
        ("+979 123456789", {Fault.LANDLINE, Fault.PHONE}),
        ("+882 16 5555 0143", {Fault.LANDLINE, Fault.PHONE, Fault.REGION}),
        ("+870 773 111 632", {Fault.LANDLINE, Fault.PHONE, Fault.REGION}),
        ("+44 20 7946 0018", {Fault.LANDLINE}),
        ("+1 876 555 0143", {Fault.REGION, Fault.PHONE}),
        ("+1 876 210 1234", {Fault.REGION}),
        ("+44 7911 123456", {Fault.REGION}),
        ("+1 204 234 5678", {Fault.REGION}),
        ("+33 6 12 34 56 78", {Fault.REGION}),
    ],
)
def test_premium_landline_and_unlisted_regions_get_no_text_message(typed, fault):
    """X20: the region decides, not the dial code: +44 7911 is Guernsey, +1 876 Jamaica."""
    assert parse(typed, SETTINGS) in fault


def test_no_region_is_listed_unless_set():
    none = make_settings(sms_regions=frozenset())
    assert parse("+1 202 555 0143", none) in (Fault.REGION, Fault.NO_SMS)


def test_without_a_gateway_production_takes_no_phone_number():
    assert parse("+1 202 555 0143", make_settings(sms_url="")) is Fault.NO_SMS


def test_in_development_every_region_can_be_tried():
    trying = make_settings(mode="development", sms_url="", sms_regions=frozenset())
    assert parse("+33 6 12 34 56 78", trying).key == "+33612345678"


@pytest.mark.parametrize(("typed", "fault"), [("bob", Fault.NEITHER), ("bob.example", Fault.EMAIL)])
def test_words_are_neither_a_number_nor_an_address(typed, fault):
    assert parse(typed, SETTINGS) is fault
