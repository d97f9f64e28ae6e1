"""How many text messages a text is, as networks count."""

import pytest

from otpapp.delivery.segments import Length, length


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", Length(0, "GSM-7", 1)),
        ("a" * 160, Length(160, "GSM-7", 1)),
        ("a" * 161, Length(161, "GSM-7", 2)),
        ("a" * 306, Length(306, "GSM-7", 2)),
        ("a" * 307, Length(307, "GSM-7", 3)),
        ("ä@£" + "a" * 157, Length(160, "GSM-7", 1)),
        ("€" * 80, Length(160, "GSM-7", 1)),
        ("€" * 80 + "a", Length(161, "GSM-7", 2)),
        ("ş" * 70, Length(70, "UCS-2", 1)),
        ("ş" * 71, Length(71, "UCS-2", 2)),
        ("ş" * 134, Length(134, "UCS-2", 2)),
        ("ş" * 135, Length(135, "UCS-2", 3)),
        ("🔑" * 35, Length(70, "UCS-2", 1)),
        ("🔑" * 35 + "a", Length(71, "UCS-2", 2)),
    ],
)
def test_a_text_takes_so_many_messages(body, expected):
    assert length(body) == expected
