"""Every address and number can stand in the path; what is none is refused with the reason."""

import pytest

from tests.api.program import kept, path_of

BASE = "https://auth.example.org"
GOOD = {
    "alice@example.org": "alice@example.org",
    "alice%40example.org": "alice@example.org",
    "%61lice@example.org": "alice@example.org",
    "Alice@Example.ORG": "alice@example.org",
    "first.last+tag@sub.example.org": "first.last+tag@sub.example.org",
    "first.last%2Btag@sub.example.org": "first.last+tag@sub.example.org",
    "50%25off@example.org": "50%off@example.org",
    "time_based@example.org": "time_based@example.org",
    "o'neill@example.org": "o'neill@example.org",
    "a%3Fb%23c@example.org": "a?b#c@example.org",
    "alice@b%C3%BCcher.example": "alice@xn--bcher-kva.example",
    "+12025550143": "+12025550143",
    "%2B12025550143": "+12025550143",
    "+1%20202-555-0143": "+12025550143",
    "+1%20(202)%20555.0143": "+12025550143",
}
BAD = {
    "alice": "an email address or a phone number",
    "time_based": "an email address or a phone number",
    "alice@": "an email address in full",
    "alice@example": "an email address in full",
    "a@b@example.org": "an email address in full",
    "alice@example.org,bob@example.org": "an email address in full",
    "alice@example.org%0D%0ABcc:bob@example.org": "an email address or a phone number",
    "alice%00@example.org": "an email address or a phone number",
    "%20": "an email address or a phone number",
    "%ED%A0%80@example.org": "plain letters before the @",
    "%FF%FE@example.org": "plain letters before the @",
    "{}": "a phone number in full",
    "m%C3%BCller@example.org": "plain letters before the @",
    "a" * 300 + "@example.org": "an email address or a phone number",
    "12025550143": "with + and the country code",
    "+1": "a phone number in full",
    "+19005550143": "this number cannot get text messages",
    "+12025550143;ext=5": "an email address or a phone number",
    "+18002255288": "this number cannot get text messages",
    "+18765550143": "to that country",
    "+33612345678": "to that country",
}


@pytest.fixture
def overrides() -> dict:
    return {"sign_up": "open"}


@pytest.mark.parametrize("time_based", ["", "time_based/"])
@pytest.mark.parametrize(("path", "key"), GOOD.items(), ids=GOOD)
def test_an_identifier_may_stand_in_the_path(program, app, path, key, time_based):
    from otpapp.extensions import db
    from otpapp.models import Identifier

    answer = program.get(f"/verify/{time_based}{path}/")
    assert answer.status_code == 200
    with app.app_context():
        assert [one.key for one in db.session.query(Identifier)] == [key]


@pytest.mark.parametrize(("path", "words"), BAD.items(), ids=[name[:40] for name in BAD])
def test_what_is_no_identifier_is_refused(program, app, path, words):
    before = kept(app)
    for refused in (
        program.get(f"/verify/{path}/"),
        program.get(f"/verify/time_based/{path}/"),
        program.post(f"/verify/{path}/", json={"otp": "123456"}),
    ):
        assert refused.status_code == 422
        assert words in refused.json["message"]
    assert kept(app) == before


@pytest.mark.parametrize("path", ["/verify/", "/verify//", "/verify/a/b/", "/verify/a%2Fb@c.org/"])
def test_a_path_of_another_shape_is_not_found(program, app, path):
    before = kept(app)
    assert program.get(path).status_code in (404, 308)
    assert program.get(path, follow_redirects=True).status_code == 404
    assert kept(app) == before


def test_without_its_last_slash_the_path_leads_to_the_one_with_it(app, alice):
    before = kept(app)
    answer = app.test_client().get(path_of("alice@example.org")[:-1], base_url=BASE)
    assert (answer.status_code, answer.location) == (308, f"{BASE}/verify/alice@example.org/")
    assert kept(app) == before
